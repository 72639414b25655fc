package io.sluice.cli;

import org.jspecify.annotations.Nullable;

/** How a job does I/O: fio's names for the layers that do the same. */
enum FioEngine {
    /** Channels: reads and writes that return when they are done. */
    SYNC,
    /** Asynchronous channels. */
    POSIXAIO,
    /** Sessions. */
    SLUICE;

    /** What a job file says; null when it is none of ours. */
    static @Nullable FioEngine of(String name) {
        return switch (name) {
            case "sync", "psync", "vsync", "pvsync", "pvsync2" -> SYNC;
            case "posixaio" -> POSIXAIO;
            // The kernel's ways to have many in flight: a session is ours.
            case "sluice", "libaio", "io_uring" -> SLUICE;
            default -> null;
        };
    }
}
