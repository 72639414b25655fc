package io.sluice.nvme;

import java.util.ArrayList;
import java.util.List;

/**
 * Firmware Slot Information log page (section 5.14.1.3).
 *
 * @param activeSlot slot that runs, 1 to 7
 * @param nextSlot slot that runs after the next reset, 0 = not said
 * @param revisions of slots 1 to 7, empty where a slot holds none
 */
public record FirmwareLog(int activeSlot, int nextSlot, List<String> revisions) {
    static final int BYTES = 512;

    public FirmwareLog {
        revisions = List.copyOf(revisions);
    }

    static FirmwareLog decode(byte[] bytes) {
        DataStructure data = new DataStructure(bytes);
        List<String> revisions = new ArrayList<>(7);
        for (int slot = 1; slot <= 7; slot++) {
            revisions.add(data.ascii(8 * slot, 8));
        }
        return new FirmwareLog(data.u8(0) & 7, data.u8(0) >>> 4 & 7, revisions);
    }
}
