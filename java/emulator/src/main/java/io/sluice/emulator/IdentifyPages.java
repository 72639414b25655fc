package io.sluice.emulator;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Identify (section 5.15). For the controller's thread alone. */
final class IdentifyPages {
    static final int BYTES = 4096;
    private static final int NAMESPACE = 0x00;
    private static final int CONTROLLER = 0x01;
    private static final int ACTIVE_LIST = 0x02;
    private static final int DESCRIPTORS = 0x03;
    private static final int ALLOCATED_LIST = 0x10;
    private static final int ALLOCATED_NAMESPACE = 0x11;
    private static final int ATTACHED_CONTROLLERS = 0x12;
    private static final int CONTROLLERS = 0x13;
    private static final int LIST_ENTRIES = 1024;
    private static final int CONTROLLER_ID = 0;
    private static final int UUID_TYPE = 3;

    private final EmulatedOptions options;
    private final ControllerIdentity identity;
    private final Namespaces namespaces;
    private final DataPointer data;
    private final ByteBuffer page = ByteBuffer.allocateDirect(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final byte[] zeroes = new byte[BYTES];
    private final FaultScript faults;

    IdentifyPages(EmulatedOptions options, Namespaces namespaces, DataPointer data, FaultScript faults) {
        this.options = options;
        this.identity = options.identity();
        this.namespaces = namespaces;
        this.data = data;
        this.faults = faults;
    }

    /** Executes the command; returns a status. */
    int identify(Command command) {
        int structure = command.dword10() & 0xff;
        page.put(0, zeroes);
        int status = write(structure, command);
        if (status != Status.SUCCESS) {
            return status;
        }
        if (faults.isActive()) {
            faults.falsify(structure, page);
        }
        status = data.follow(command, BYTES, true);
        if (status == Status.SUCCESS) {
            data.move(0, page, 0, BYTES);
        }
        return status;
    }

    private int write(int structure, Command command) {
        int id = command.namespaceId();
        switch (structure) {
            case NAMESPACE -> {
                return writeNamespace(id);
            }
            case CONTROLLER -> writeController();
            case ACTIVE_LIST, ALLOCATED_LIST -> {
                if (Integer.compareUnsigned(id, -2) >= 0) {
                    return Status.INVALID_NAMESPACE;
                }
                writeList(id, structure == ALLOCATED_LIST);
            }
            case DESCRIPTORS -> {
                return writeDescriptors(id);
            }
            case ALLOCATED_NAMESPACE -> {
                Namespace namespace = namespaces.allocated(id);
                if (id < 1 || id > namespaces.largestId()) {
                    return Status.INVALID_NAMESPACE;
                }
                if (namespace != null) {
                    writeNamespace(namespace);
                }
            }
            case ATTACHED_CONTROLLERS -> {
                if (id < 1 || id > namespaces.largestId()) {
                    return Status.INVALID_NAMESPACE;
                }
                writeControllers(command, namespaces.active(id) != null);
            }
            case CONTROLLERS -> writeControllers(command, true);
            default -> {
                return Status.INVALID_FIELD;
            }
        }
        return Status.SUCCESS;
    }

    private void writeControllers(Command command, boolean attached) {
        // A list of controller identifiers from the given one on: there is one controller.
        if (attached && command.dword10() >>> 16 <= CONTROLLER_ID) {
            page.putShort(0, (short) 1);
            page.putShort(2, (short) CONTROLLER_ID);
        }
    }

    private void writeList(int after, boolean allocated) {
        int at = 0;
        List<Namespace> all = namespaces.all();
        for (Namespace namespace : all) {
            if (Integer.compareUnsigned(namespace.id(), after) > 0
                    && (allocated || namespace.attached())
                    && at < LIST_ENTRIES) {
                page.putInt(4 * at++, namespace.id());
            }
        }
    }

    private int writeDescriptors(int id) {
        Namespace namespace = namespaces.active(id);
        if (namespace == null) {
            return namespaces.refusal(id);
        }
        page.put(0, (byte) UUID_TYPE);
        page.put(1, (byte) 16);
        page.put(4, ControllerIdentity.bytes(namespace.uuid()));
        return Status.SUCCESS;
    }

    private int writeNamespace(int id) {
        if (id == Namespaces.ALL) {
            // What all namespaces have in common: the formats.
            writeFormats(9);
            return Status.SUCCESS;
        }
        if (id < 1 || id > namespaces.largestId()) {
            return Status.INVALID_NAMESPACE;
        }
        Namespace namespace = namespaces.active(id);
        if (namespace != null) {
            writeNamespace(namespace);
        }
        // An inactive namespace is all zeroes.
        return Status.SUCCESS;
    }

    private void writeNamespace(Namespace namespace) {
        page.putLong(0, namespace.blocks());
        page.putLong(8, namespace.blocks());
        page.putLong(16, namespace.blocks());
        int smallest = namespace.geometry().blockShift();
        writeFormats(smallest);
        page.put(26, (byte) (namespace.blockShift() == smallest ? 0 : 1));
        page.putLong(48, namespace.blocks() << namespace.blockShift());
        page.put(99, (byte) (namespace.geometry().writeable() ? 0 : 1));
        page.put(104, ControllerIdentity.bytes(namespace.uuid()));
    }

    private void writeFormats(int smallest) {
        int count = formats(smallest);
        page.put(25, (byte) (count - 1));
        for (int i = 0; i < count; i++) {
            page.putInt(128 + 4 * i, formatShift(smallest, i) << 16);
        }
    }

    /** How many formats a device with blocks of this size can have: its own, and 4 KiB when that is larger. */
    static int formats(int smallest) {
        return smallest < 12 ? 2 : 1;
    }

    static int formatShift(int smallest, int index) {
        return index == 0 ? smallest : 12;
    }

    private void writeController() {
        page.putShort(0, (short) identity.vendor());
        page.putShort(2, (short) identity.vendor());
        page.put(4, ControllerIdentity.ascii(identity.serial(), 20));
        page.put(24, ControllerIdentity.ascii(identity.model(), 40));
        page.put(64, ControllerIdentity.ascii(identity.firmware(), 8));
        page.put(77, (byte) options.maxTransferShift());
        page.putShort(78, (short) CONTROLLER_ID);
        page.putInt(80, EmulatedOptions.VERSION);
        page.putInt(92, 1 << 8); // events when namespaces change
        page.put(111, (byte) 1); // an I/O controller
        page.putShort(256, (short) (1 << 1 | 1 << 3 | (options.doorbellBuffers() ? 1 << 8 : 0)));
        page.put(258, (byte) 3); // four Abort commands at once
        page.put(259, (byte) (Events.MOST_REQUESTS - 1));
        page.put(260, (byte) (1 << 1 | 1)); // one firmware slot, read-only
        page.put(261, (byte) (1 << 1 | 1 << 2)); // commands and effects, log pages from any offset
        page.put(262, (byte) (ErrorLog.ENTRIES - 1));
        page.putShort(266, (short) Features.WARNING_KELVIN);
        page.putShort(268, (short) Features.CRITICAL_KELVIN);
        page.putLong(280, capacityBytes());
        page.putLong(296, namespaces.spareBytes());
        page.putShort(320, (short) 10); // keep alive timer in seconds
        page.put(512, (byte) 0x66);
        page.put(513, (byte) 0x44);
        page.putInt(516, namespaces.largestId());
        // Compare, write uncorrectable, dataset management, write zeroes, the Select field of Get Features, verify.
        page.putShort(520, (short) (1 | 1 << 1 | 1 << 2 | 1 << 3 | 1 << 4 | 1 << 7));
        page.put(525, (byte) (options.volatileWriteCache() ? 1 | 3 << 1 : 0)); // a flush may name all namespaces
        // SGLs of any alignment, bit buckets, descriptors for more than is transferred.
        page.putInt(536, options.scatterGatherLists() ? 1 | 1 << 16 | 1 << 18 : 0);
        page.put(768, identity.subsystemName().getBytes(StandardCharsets.US_ASCII));
        PowerStates.describe(page);
        EmulatedOptions.HostMemoryWish wish = options.hostMemory();
        page.putInt(272, (int) (wish.preferredBytes() / EmulatedOptions.HostMemoryWish.UNIT));
        page.putInt(276, (int) (wish.leastBytes() / EmulatedOptions.HostMemoryWish.UNIT));
        page.putInt(332, wish.leastChunkBytes() / EmulatedOptions.HostMemoryWish.UNIT);
        page.putShort(336, (short) wish.mostChunks());
    }

    private long capacityBytes() {
        long sum = namespaces.spareBytes();
        for (Namespace namespace : namespaces.all()) {
            long bytes = namespace.blocks() << namespace.blockShift();
            sum = sum > Long.MAX_VALUE - bytes ? Long.MAX_VALUE : sum + bytes;
        }
        return sum;
    }
}
