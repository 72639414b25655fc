package io.sluice.uring;

import io.sluice.block.driver.SessionMemory;
import io.sluice.linux.MemoryRange;
import io.sluice.linux.NativeLibraryException;
import java.nio.ByteBuffer;

/** Memory that operations of a session may name, and where the kernel finds it. */
class UringMemory extends SessionMemory {
    private final MemoryRange range;

    /**
     * All of the given memory.
     *
     * @throws IllegalArgumentException when it is not direct, or empty
     */
    UringMemory(UringSession session, ByteBuffer memory) throws NativeLibraryException {
        super(session, memory);
        this.range = MemoryRange.of(memory);
    }

    /** The address of its first byte in this process. */
    final long address() {
        return range.address();
    }
}
