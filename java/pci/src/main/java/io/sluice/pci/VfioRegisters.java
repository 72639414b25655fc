package io.sluice.pci;

import io.sluice.linux.VfioDevice;
import io.sluice.linux.VfioRegion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A region of a VFIO device: the configuration space, or a BAR with those parts of it that are mapped.
 *
 * <p>The accessors are system calls, in mapped parts too. A load from a BAR whose memory decoding is off (the function is being
 * reset, suspended or removed) raises SIGBUS; the JVM then skips the load and reports an {@link InternalError} later, and on JDK
 * 17 compiled code has gone on with whatever the processor register held, so that a status read by a plain load cannot be
 * believed. The kernel answers the same access by message with an error, which is turned into what the bus would have said: all
 * ones for a read, nothing for a write. Doorbells are stores and have no value to get wrong; they go through {@link #mapped}.
 *
 * <p>Memory order of stores to {@link #mapped} buffers: the kernel maps BARs uncached, so stores to them stay in program order
 * among themselves. What was stored to memory before (a queue entry) is visible to the function first when the doorbell is a release
 * store ({@code VarHandle.setRelease}): on x86-64 stores are not reordered with each other, and on aarch64 the JIT puts the
 * barrier before it. What the function wrote is read after an acquire load of what says that it is there. A system call orders both.
 */
final class VfioRegisters implements RegisterSpace {
    /**
     * A mapped part.
     *
     * @param offset of its first byte in the region
     * @param buffer its registers, direct
     */
    record Part(long offset, ByteBuffer buffer) {
        boolean holds(long at, int length) {
            return at >= offset && length <= buffer.capacity() && at - offset <= buffer.capacity() - length;
        }
    }

    private final VfioDevice device;
    private final VfioRegion region;
    private final List<Part> parts;

    VfioRegisters(VfioDevice device, VfioRegion region, List<Part> parts) {
        this.device = device;
        this.region = region;
        this.parts = List.copyOf(parts);
    }

    @Override
    public long size() {
        return region.size();
    }

    @Override
    public int read32(long offset) {
        check(offset, Integer.BYTES);
        try {
            return (int) device.read(region.offset() + offset, Integer.BYTES);
        } catch (IOException gone) {
            return -1;
        }
    }

    @Override
    public void write32(long offset, int value) {
        check(offset, Integer.BYTES);
        try {
            device.write(region.offset() + offset, Integer.BYTES, value);
        } catch (IOException gone) {
            return;
        }
    }

    /** Two halves: not every kernel moves 64 bits by one access, and the configuration space has none. */
    @Override
    public long read64(long offset) {
        check(offset, Long.BYTES);
        long low = read32(offset) & 0xffff_ffffL;
        return ((long) read32(offset + Integer.BYTES) << 32) | low;
    }

    @Override
    public void write64(long offset, long value) {
        check(offset, Long.BYTES);
        write32(offset, (int) value);
        write32(offset + Integer.BYTES, (int) (value >>> 32));
    }

    @Override
    public @Nullable ByteBuffer mapped(long offset, int length) {
        if (offset < 0 || length < 0 || offset > size() - length) {
            throw new IndexOutOfBoundsException(
                    String.format("%d bytes at offset 0x%x of a space of 0x%x bytes", length, offset, size()));
        }
        for (Part part : parts) {
            if (part.holds(offset, length)) {
                return part.buffer.slice((int) (offset - part.offset), length).order(ByteOrder.LITTLE_ENDIAN);
            }
        }
        return null;
    }

    private void check(long offset, int width) {
        if (offset < 0 || offset > size() - width || (offset & (width - 1)) != 0) {
            throw new IndexOutOfBoundsException(String.format(
                    "register of %d bits at offset 0x%x of a space of 0x%x bytes", width * Byte.SIZE, offset, size()));
        }
    }
}
