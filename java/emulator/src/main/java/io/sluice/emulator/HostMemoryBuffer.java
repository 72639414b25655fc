package io.sluice.emulator;

import io.sluice.pci.DmaMap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Memory that the host lends for the controller's own use (section 8.9). This controller keeps marks in it, one at each end of every 4 KiB, and looks at them again and again:
 * a host that touches what it lent, or takes it away without asking for it, makes the controller fail. For the controller's thread alone.
 */
final class HostMemoryBuffer {
    private static final int ENABLE = 1;
    private static final int DESCRIPTOR_BYTES = 16;
    private static final int ATTRIBUTES_BYTES = 4096;
    private static final int MARKED = 4096;
    /** How many marked pages are looked at at a time. */
    private static final int PAGES_PER_LOOK = 64;
    /** More descriptors than the memory that is worth lending has chunks. */
    private static final int MOST_DESCRIPTORS = 1 << 14;

    private static final long MULTIPLIER = 0x9e37_79b9_7f4a_7c15L;

    private final EmulatedOptions.HostMemoryWish wish;
    private final GuestMemory memory;
    private final DataPointer data;
    private final ByteBuffer attributes =
            ByteBuffer.allocateDirect(ATTRIBUTES_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private long[] addresses = {};
    private long[] bytes = {};
    private boolean enabled;
    private int chunk;
    private long at;

    HostMemoryBuffer(EmulatedOptions.HostMemoryWish wish, GuestMemory memory, DataPointer data) {
        this.wish = wish;
        this.memory = memory;
        this.data = data;
    }

    boolean offered() {
        return wish.preferredBytes() > 0;
    }

    /** Whether memory is lent now: doubleword 0 of Get Features. */
    int result() {
        return enabled ? ENABLE : 0;
    }

    /** Get Features; returns a status. */
    int get(Command command) {
        int status = data.follow(command, ATTRIBUTES_BYTES, true);
        if (status == Status.SUCCESS) {
            data.move(0, attributes, 0, ATTRIBUTES_BYTES);
        }
        return status;
    }

    /** Set Features: takes the memory, or gives it back; returns a status. */
    int set(Command command) {
        boolean enable = (command.dword11() & ENABLE) != 0;
        if (!enable) {
            boolean intact = intact();
            reset();
            return intact ? Status.SUCCESS : Status.INTERNAL_ERROR;
        }
        return enabled ? Status.COMMAND_SEQUENCE_ERROR : take(command, data.pageShift());
    }

    private int take(Command command, int pageShift) {
        long pages = command.dword12() & 0xffff_ffffL;
        long list = (long) command.dword14() << 32 | (command.dword13() & 0xffff_ffffL);
        int count = command.dword15();
        int most = wish.mostChunks() == 0 ? MOST_DESCRIPTORS : wish.mostChunks();
        if ((list & DESCRIPTOR_BYTES - 1) != 0 || count < 1 || count > most || pages << pageShift < wish.leastBytes()) {
            return Status.INVALID_FIELD;
        }
        DmaMap map = memory.map();
        int piece = map.find(list);
        if (piece < 0 || map.available(piece, list) < count * DESCRIPTOR_BYTES) {
            return Status.DATA_TRANSFER_ERROR;
        }
        long[] newAddresses = new long[count];
        long[] newBytes = new long[count];
        long sum = 0;
        for (int i = 0; i < count; i++) {
            int descriptor = map.position(piece, list) + i * DESCRIPTOR_BYTES;
            newAddresses[i] = map.memory(piece).getLong(descriptor);
            newBytes[i] = (map.memory(piece).getInt(descriptor + Long.BYTES) & 0xffff_ffffL) << pageShift;
            if ((newAddresses[i] & (1L << pageShift) - 1) != 0 || newBytes[i] < Math.max(1, wish.leastChunkBytes())) {
                return Status.INVALID_FIELD;
            }
            sum += newBytes[i];
            // More than it wants it does not take: looking after it is work.
            if (sum > wish.preferredBytes()) {
                return Status.INVALID_FIELD;
            }
        }
        if (sum < pages << pageShift) {
            return Status.INVALID_FIELD;
        }
        addresses = newAddresses;
        bytes = newBytes;
        if (!mark()) {
            reset();
            return Status.DATA_TRANSFER_ERROR;
        }
        enabled = true;
        attributes
                .putInt(0, command.dword12())
                .putInt(4, command.dword13())
                .putInt(8, command.dword14())
                .putInt(12, count);
        return Status.SUCCESS;
    }

    /** Writes every mark; whether all the memory is there and may be written. */
    private boolean mark() {
        DmaMap map = memory.map();
        for (int i = 0; i < addresses.length; i++) {
            for (long offset = 0; offset < bytes[i]; offset += MARKED) {
                long address = addresses[i] + offset;
                int piece = map.find(address);
                if (piece < 0 || !map.writeable(piece) || map.available(piece, address) < MARKED) {
                    return false;
                }
                map.memory(piece).putLong(map.position(piece, address), mark(address));
                map.memory(piece).putLong(map.position(piece, address) + MARKED - Long.BYTES, ~mark(address));
            }
        }
        return true;
    }

    private static long mark(long address) {
        return (address | 1) * MULTIPLIER;
    }

    /** Whether every mark is where it was left. */
    private boolean intact() {
        chunk = 0;
        at = 0;
        boolean intact = true;
        for (long left = pages(); left > 0; left -= PAGES_PER_LOOK) {
            intact &= look();
        }
        return intact;
    }

    private long pages() {
        long sum = 0;
        for (long size : bytes) {
            sum += size / MARKED;
        }
        return sum;
    }

    /** Looks at some of the marks, others each time; false when one is not what it was, or not there. */
    boolean look() {
        DmaMap map = memory.map();
        for (int i = 0; enabled && i < PAGES_PER_LOOK; i++) {
            long address = addresses[chunk] + at;
            int piece = map.find(address);
            if (piece < 0
                    || map.memory(piece).getLong(map.position(piece, address)) != mark(address)
                    || map.memory(piece).getLong(map.position(piece, address) + MARKED - Long.BYTES)
                            != ~mark(address)) {
                return false;
            }
            at += MARKED;
            if (at >= bytes[chunk]) {
                at = 0;
                chunk = chunk + 1 < addresses.length ? chunk + 1 : 0;
            }
        }
        return true;
    }

    /** Whether all the memory is still the host's, which has another one now. */
    boolean present() {
        DmaMap map = memory.map();
        for (int i = 0; enabled && i < addresses.length; i++) {
            for (long offset = 0; offset < bytes[i]; offset += MARKED) {
                if (map.find(addresses[i] + offset) < 0) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Lets go of everything, as after every reset. */
    void reset() {
        enabled = false;
        addresses = new long[0];
        bytes = new long[0];
        chunk = 0;
        at = 0;
        for (int i = 0; i < DESCRIPTOR_BYTES; i += Integer.BYTES) {
            attributes.putInt(i, 0);
        }
    }
}
