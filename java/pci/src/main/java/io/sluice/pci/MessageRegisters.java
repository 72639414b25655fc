package io.sluice.pci;

import io.sluice.linux.VfioDevice;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Registers of a VFIO region that are reached by system calls: the configuration space, and what of a BAR cannot be mapped. A call
 * that fails is what an access of a function that is gone is on the bus: it reads all ones, and a write goes nowhere.
 */
final class MessageRegisters implements RegisterSpace {
    private final VfioDevice device;
    private final long position;
    private final long size;

    MessageRegisters(VfioDevice device, long position, long size) {
        this.device = device;
        this.position = position;
        this.size = size;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public int read32(long offset) {
        Offsets.check(offset, Integer.BYTES, size);
        try {
            return (int) device.read(position + offset, Integer.BYTES);
        } catch (IOException gone) {
            return -1;
        }
    }

    @Override
    public void write32(long offset, int value) {
        Offsets.check(offset, Integer.BYTES, size);
        try {
            device.write(position + offset, Integer.BYTES, value);
        } catch (IOException gone) {
            return;
        }
    }

    /** Two halves: not every kernel moves 64 bits by one access, and the configuration space has none. */
    @Override
    public long read64(long offset) {
        Offsets.check(offset, Long.BYTES, size);
        long low = read32(offset) & 0xffff_ffffL;
        return (long) read32(offset + Integer.BYTES) << 32 | low;
    }

    @Override
    public void write64(long offset, long value) {
        Offsets.check(offset, Long.BYTES, size);
        write32(offset, (int) value);
        write32(offset + Integer.BYTES, (int) (value >>> 32));
    }

    @Override
    public @Nullable ByteBuffer mapped(long offset, int length) {
        return null;
    }
}
