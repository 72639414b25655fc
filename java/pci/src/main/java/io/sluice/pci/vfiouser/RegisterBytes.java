package io.sluice.pci.vfiouser;

import io.sluice.pci.RegisterSpace;

/**
 * Runs of bytes of a register space, which itself knows 32 and 64 bits alone: QEMU reads the configuration space bytewise, and as a
 * whole. What is aligned and whole is one access of that width.
 */
final class RegisterBytes {
    /** Where status registers of the configuration space stand: command and status (PCI Local Bus Specification 3.0, section 6.2). */
    private static final long COMMAND_AND_STATUS = 4;

    private static final int STATUS = 0xffff_0000;

    private final RegisterSpace space;
    private final boolean configuration;

    private RegisterBytes(RegisterSpace space, boolean configuration) {
        this.space = space;
        this.configuration = configuration;
    }

    static RegisterBytes ofBar(RegisterSpace space) {
        return new RegisterBytes(space, false);
    }

    static RegisterBytes ofConfiguration(RegisterSpace space) {
        return new RegisterBytes(space, true);
    }

    long size() {
        return space.size();
    }

    /** Reads; the range lies within the space. */
    void read(long offset, byte[] into) {
        int done = 0;
        while (done < into.length) {
            long at = offset + done;
            int rest = into.length - done;
            if ((at & 7) == 0 && rest >= Long.BYTES) {
                put(into, done, space.read64(at), Long.BYTES);
                done += Long.BYTES;
            } else {
                int skip = (int) at & 3;
                int width = Math.min(rest, Integer.BYTES - skip);
                put(into, done, space.read32(at - skip) >>> (skip * Byte.SIZE), width);
                done += width;
            }
        }
    }

    /** Writes; the range lies within the space. */
    void write(long offset, byte[] from) {
        int done = 0;
        while (done < from.length) {
            long at = offset + done;
            int rest = from.length - done;
            if ((at & 7) == 0 && rest >= Long.BYTES) {
                space.write64(at, get(from, done, Long.BYTES));
                done += Long.BYTES;
            } else {
                int skip = (int) at & 3;
                int width = Math.min(rest, Integer.BYTES - skip);
                writePart(at - skip, skip, width, (int) get(from, done, width));
                done += width;
            }
        }
    }

    private void writePart(long register, int skip, int width, int value) {
        if (width == Integer.BYTES) {
            space.write32(register, value);
            return;
        }
        int shift = skip * Byte.SIZE;
        int written = ((1 << (width * Byte.SIZE)) - 1) << shift;
        int kept = space.read32(register) & ~written;
        if (configuration && register == COMMAND_AND_STATUS) {
            // Status bits are cleared by writing ones: what is not meant is left alone by writing zeroes.
            kept &= ~STATUS;
        }
        space.write32(register, kept | value << shift);
    }

    private static void put(byte[] into, int at, long value, int width) {
        for (int i = 0; i < width; i++) {
            into[at + i] = (byte) (value >>> (i * Byte.SIZE));
        }
    }

    private static long get(byte[] from, int at, int width) {
        long value = 0;
        for (int i = 0; i < width; i++) {
            value |= (from[at + i] & 0xffL) << (i * Byte.SIZE);
        }
        return value;
    }
}
