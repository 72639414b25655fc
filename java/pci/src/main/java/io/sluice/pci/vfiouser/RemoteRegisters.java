package io.sluice.pci.vfiouser;

import io.sluice.pci.RegisterSpace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A region of a function behind a server: the configuration space, or a BAR with those parts of it that the server lets be mapped.
 *
 * <p>The accessors are messages, in mapped parts too: the server may take the memory behind a mapping away, and compiled code may go on
 * for a while with whatever a load from there gave it. What the server does not answer, or refuses, reads as all ones, as it would on
 * the bus. Doorbells are stores and have no value to get wrong; they go through {@link #mapped}.
 */
final class RemoteRegisters implements RegisterSpace {
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

    private final ServerConnection server;
    private final int region;
    private final long size;
    private final int widest;
    private final List<Part> parts;

    /**
     * A region.
     *
     * @param widest bytes of the widest access: 4 for the configuration space, which has no wider one, 8 for BARs
     */
    RemoteRegisters(ServerConnection server, int region, long size, int widest, List<Part> parts) {
        this.server = server;
        this.region = region;
        this.size = size;
        this.widest = widest;
        this.parts = List.copyOf(parts);
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public int read32(long offset) {
        return (int) read(offset, Integer.BYTES);
    }

    @Override
    public void write32(long offset, int value) {
        write(offset, Integer.BYTES, value);
    }

    @Override
    public long read64(long offset) {
        check(offset, Long.BYTES);
        if (widest == Long.BYTES) {
            return read(offset, Long.BYTES);
        }
        long low = read(offset, Integer.BYTES) & 0xffff_ffffL;
        return read(offset + Integer.BYTES, Integer.BYTES) << 32 | low;
    }

    @Override
    public void write64(long offset, long value) {
        check(offset, Long.BYTES);
        if (widest == Long.BYTES) {
            write(offset, Long.BYTES, value);
        } else {
            write(offset, Integer.BYTES, value);
            write(offset + Integer.BYTES, Integer.BYTES, value >>> 32);
        }
    }

    /** Reads a register of 1, 2, 4 or 8 bytes; all ones when it cannot be read. */
    long read(long offset, int width) {
        check(offset, width);
        try {
            Reply.RegionData data = server.call(new Request.ReadRegion(offset, region, width), Reply.RegionData.class);
            if (data.bytes().length != width) {
                return -1;
            }
            long value = 0;
            for (int i = 0; i < width; i++) {
                value |= (data.bytes()[i] & 0xffL) << (i * Byte.SIZE);
            }
            return value;
        } catch (IOException gone) {
            return -1;
        }
    }

    /** Writes a register of 1, 2, 4 or 8 bytes; does nothing when it cannot be written. */
    void write(long offset, int width, long value) {
        check(offset, width);
        byte[] bytes = new byte[width];
        for (int i = 0; i < width; i++) {
            bytes[i] = (byte) (value >>> (i * Byte.SIZE));
        }
        try {
            server.call(new Request.WriteRegion(offset, region, bytes), Reply.RegionWritten.class);
        } catch (IOException gone) {
            return;
        }
    }

    @Override
    public @Nullable ByteBuffer mapped(long offset, int length) {
        if (offset < 0 || length < 0 || offset > size - length) {
            throw new IndexOutOfBoundsException(
                    String.format("%d bytes at offset 0x%x of a space of 0x%x bytes", length, offset, size));
        }
        for (Part part : parts) {
            if (part.holds(offset, length)) {
                return part.buffer.slice((int) (offset - part.offset), length).order(ByteOrder.LITTLE_ENDIAN);
            }
        }
        return null;
    }

    private void check(long offset, int width) {
        if (offset < 0 || offset > size - width || (offset & (width - 1)) != 0) {
            throw new IndexOutOfBoundsException(String.format(
                    "register of %d bits at offset 0x%x of a space of 0x%x bytes", width * Byte.SIZE, offset, size));
        }
    }
}
