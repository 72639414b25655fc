package io.sluice.emulator;

import io.sluice.pci.RegisterSpace;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The controller memory buffer as the host sees it, all of BAR 2. */
final class MemoryBuffer implements RegisterSpace {
    private final ByteBuffer memory;

    MemoryBuffer(ByteBuffer memory) {
        this.memory = memory;
    }

    @Override
    public long size() {
        return memory.capacity();
    }

    @Override
    public int read32(long offset) {
        return memory.getInt(Offsets.check(offset, Integer.BYTES, memory.capacity()));
    }

    @Override
    public void write32(long offset, int value) {
        memory.putInt(Offsets.check(offset, Integer.BYTES, memory.capacity()), value);
    }

    @Override
    public long read64(long offset) {
        return memory.getLong(Offsets.check(offset, Long.BYTES, memory.capacity()));
    }

    @Override
    public void write64(long offset, long value) {
        memory.putLong(Offsets.check(offset, Long.BYTES, memory.capacity()), value);
    }

    @Override
    public @Nullable ByteBuffer mapped(long offset, int length) {
        return null;
    }
}
