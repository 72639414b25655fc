package io.sluice.pci.vfiouser;

/** Switches message interrupts on and off in the configuration space (PCI Local Bus Specification 3.0, sections 6.7 and 6.8.2). */
final class MsixCapability {
    private static final int STATUS = 6;
    private static final int STATUS_CAPABILITIES = 1 << 4;
    private static final int FIRST_CAPABILITY = 0x34;
    private static final int MSIX = 0x11;
    private static final int CONTROL = 2;
    private static final int CONTROL_ENABLE = 1 << 15;
    /** Behind the header, in the 256 bytes that every function has, at multiples of four: no list is longer. */
    private static final int FIRST_PLACE = 0x40;

    private static final int LAST_PLACE = 0xfc;
    private static final int MOST_CAPABILITIES = (LAST_PLACE - FIRST_PLACE) / 4 + 1;

    private final RemoteRegisters config;
    /** Where it stands; 0 when the function has none. */
    private final int place;

    MsixCapability(RemoteRegisters config) {
        this.config = config;
        this.place = find(config);
    }

    private static int find(RemoteRegisters config) {
        if ((config.read(STATUS, Short.BYTES) & STATUS_CAPABILITIES) == 0) {
            return 0;
        }
        int place = (int) config.read(FIRST_CAPABILITY, Byte.BYTES) & LAST_PLACE;
        for (int i = 0; i < MOST_CAPABILITIES && place >= FIRST_PLACE; i++) {
            int header = (int) config.read(place, Short.BYTES);
            if ((header & 0xff) == MSIX) {
                return place;
            }
            place = header >>> 8 & LAST_PLACE;
        }
        return 0;
    }

    void enable(boolean on) {
        if (place != 0) {
            long control = config.read(place + CONTROL, Short.BYTES);
            config.write(place + CONTROL, Short.BYTES, on ? control | CONTROL_ENABLE : control & ~CONTROL_ENABLE);
        }
    }
}
