package io.sluice.cli;

import java.util.Locale;

/** What a test drives. */
enum BenchLayer {
    /** A session of the device. */
    SESSION,
    /** Jobs over a session. */
    JOBS,
    /** Channels of {@code java.nio}. */
    NIO,
    /** Asynchronous channels of {@code java.nio}. */
    AIO,
    /** A session of a multiplexer, which copies. */
    COPYING,
    /** A session that a mediator has handed out. */
    MEDIATED;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return label();
    }
}
