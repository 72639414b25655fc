package io.sluice.system.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Starts programs of the labs, QEMU above all. What it starts sees the given directories at the same paths as the tests do. */
public interface LabEngine {
    /** {@code host} or {@code container}. */
    String name();

    /**
     * Starts a program.
     *
     * @param directory where the program may read and write; its output goes to {@code output.log} there
     * @param readable what else it may read
     * @param command program and arguments
     * @throws IOException when it cannot be started
     */
    LabProcess start(Path directory, List<Path> readable, List<String> command) throws IOException;
}
