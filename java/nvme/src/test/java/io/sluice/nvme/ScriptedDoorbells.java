package io.sluice.nvme;

import io.sluice.pci.RegisterSpace;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Registers without effects, mapped or by message; counts the stores that came as messages. */
final class ScriptedDoorbells implements RegisterSpace {
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(0x2000).order(ByteOrder.LITTLE_ENDIAN);
    private final boolean mapped;
    private int messages;

    ScriptedDoorbells(boolean mapped) {
        this.mapped = mapped;
    }

    ByteBuffer at(int offset) {
        return bytes.slice(offset, 4).order(ByteOrder.LITTLE_ENDIAN);
    }

    int messages() {
        return messages;
    }

    @Override
    public long size() {
        return bytes.capacity();
    }

    @Override
    public int read32(long offset) {
        return bytes.getInt((int) offset);
    }

    @Override
    public void write32(long offset, int value) {
        messages++;
        bytes.putInt((int) offset, value);
    }

    @Override
    public long read64(long offset) {
        return bytes.getLong((int) offset);
    }

    @Override
    public void write64(long offset, long value) {
        bytes.putLong((int) offset, value);
    }

    @Override
    public @Nullable ByteBuffer mapped(long offset, int length) {
        return mapped ? at((int) offset) : null;
    }
}
