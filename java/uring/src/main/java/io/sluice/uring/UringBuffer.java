package io.sluice.uring;

import io.sluice.linux.MappedMemory;
import io.sluice.linux.PageChoice;
import io.sluice.linux.SharedMemory;
import java.io.IOException;

/** Memory that a session allocated; behind it may lie what the session itself needs memory for that the kernel reads. */
final class UringBuffer extends UringMemory {
    private static final int LARGE = 1 << 20;

    private final MappedMemory memory;

    /**
     * The first {@code size} bytes of memory.
     *
     * @param memory larger than that, or as large
     */
    UringBuffer(UringSession session, MappedMemory memory, int size) throws IOException {
        super(session, memory.buffer().slice(0, size));
        this.memory = memory;
    }

    /** Allocates memory, of huge pages where it is large and there are some free. */
    static MappedMemory allocate(long bytes) throws IOException {
        PageChoice pages = bytes < LARGE ? PageChoice.PLAIN : PageChoice.HUGE_WHEN_FREE;
        try (SharedMemory shared = SharedMemory.allocate("sluice-uring", bytes, pages)) {
            return shared.map();
        }
    }

    MappedMemory memory() {
        return memory;
    }
}
