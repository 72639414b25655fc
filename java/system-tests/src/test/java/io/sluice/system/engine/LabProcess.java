package io.sluice.system.engine;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalInt;

/** A program that a {@link LabEngine} started. Closing it ends the program, if it has not ended by itself, and waits for that. */
public interface LabProcess extends Closeable {
    /** Whether it still runs. */
    boolean alive() throws IOException;

    /** Waits for its end; its exit code, or nothing when the time is over. */
    OptionalInt await(Duration timeout) throws IOException, InterruptedException;

    /** What it wrote so far, the last lines of it. */
    String output() throws IOException;

    @Override
    void close() throws IOException;
}
