package io.sluice.vfs;

import java.nio.file.OpenOption;

/**
 * Options for a handle that reads or writes little pieces one after the other. Without them nothing is kept in memory: each read asks the device, and each write
 * has reached it when it returns. What one handle keeps, the other handles of this process on the same file see.
 */
public sealed interface Caching extends OpenOption {
    /**
     * Reads more than is asked for, when reads follow each other.
     *
     * @param bytes how much is kept, 0 (nothing) to 2^26
     */
    record ReadAhead(int bytes) implements Caching {
        public ReadAhead {
            check(bytes);
        }
    }

    /**
     * Gathers writes that follow each other until the window is full; then, by {@code force} and by {@code close}, they are written.
     *
     * @param bytes how much is gathered, 0 (nothing) to 2^26
     */
    record WriteWindow(int bytes) implements Caching {
        public WriteWindow {
            check(bytes);
        }
    }

    private static void check(int bytes) {
        if (bytes < 0 || bytes > 1 << 26) {
            throw new IllegalArgumentException("a window of " + bytes + " bytes: expected 0 to 2^26");
        }
    }
}
