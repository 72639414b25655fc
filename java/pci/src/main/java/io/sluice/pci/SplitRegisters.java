package io.sluice.pci;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A BAR of which only parts can be mapped, as around the MSI-X table that the kernel keeps to itself: accesses of those parts are
 * loads and stores, all others are messages.
 */
final class SplitRegisters implements RegisterSpace {
    /**
     * A mapped part.
     *
     * @param offset of its first byte in the BAR
     */
    record Part(long offset, MappedRegisters registers) {
        boolean holds(long at, long length) {
            return at >= offset && length <= registers.size() && at - offset <= registers.size() - length;
        }
    }

    private final List<Part> parts;
    private final RegisterSpace messages;

    SplitRegisters(List<Part> parts, RegisterSpace messages) {
        this.parts = List.copyOf(parts);
        this.messages = messages;
    }

    @Override
    public long size() {
        return messages.size();
    }

    @Override
    public int read32(long offset) {
        Part part = find(offset, Integer.BYTES);
        return part == null ? messages.read32(offset) : part.registers.read32(offset - part.offset);
    }

    @Override
    public void write32(long offset, int value) {
        Part part = find(offset, Integer.BYTES);
        if (part == null) {
            messages.write32(offset, value);
        } else {
            part.registers.write32(offset - part.offset, value);
        }
    }

    @Override
    public long read64(long offset) {
        Part part = find(offset, Long.BYTES);
        return part == null ? messages.read64(offset) : part.registers.read64(offset - part.offset);
    }

    @Override
    public void write64(long offset, long value) {
        Part part = find(offset, Long.BYTES);
        if (part == null) {
            messages.write64(offset, value);
        } else {
            part.registers.write64(offset - part.offset, value);
        }
    }

    @Override
    public @Nullable ByteBuffer mapped(long offset, int length) {
        Part part = find(offset, length);
        return part == null ? null : part.registers.mapped(offset - part.offset, length);
    }

    private @Nullable Part find(long offset, int length) {
        for (Part part : parts) {
            if (part.holds(offset, length)) {
                return part;
            }
        }
        return null;
    }
}
