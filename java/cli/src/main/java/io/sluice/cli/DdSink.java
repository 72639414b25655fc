package io.sluice.cli;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Where dd writes. */
interface DdSink extends Closeable {
    /** What messages call it. */
    String name();

    /**
     * Checks what is known of the input before anything is written.
     *
     * @param bytes that will be written
     */
    default void expect(long bytes) throws DdException {}

    /** Takes a record, from position to limit. It may be written later; then a later call reports what went wrong. */
    void write(ByteBuffer record) throws IOException;

    /** Waits until everything is written. */
    default void flush() throws IOException {}

    /** Makes what is written durable. */
    void sync(boolean metadata) throws IOException;

    /** What was written so far. */
    DdTally tally();
}
