package io.sluice.uring;

import io.sluice.block.IoBuffer;
import io.sluice.linux.MappedMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A session's memory; behind it lies what the session itself needs memory for that the kernel reads. */
final class UringBuffer implements IoBuffer {
    private final MappedMemory memory;
    private final ByteBuffer bytes;

    /**
     * The first {@code size} bytes of memory.
     *
     * @param memory larger than that, or as large
     */
    UringBuffer(MappedMemory memory, int size) {
        this.memory = memory;
        this.bytes = memory.buffer().slice(0, size).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public int size() {
        return bytes.capacity();
    }

    @Override
    public ByteBuffer bytes() {
        return bytes;
    }

    /** The address of its first byte in this process. */
    long address() {
        return memory.address();
    }

    MappedMemory memory() {
        return memory;
    }
}
