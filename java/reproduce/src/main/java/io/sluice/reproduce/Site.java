package io.sluice.reproduce;

import io.sluice.report.Lab;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Where steps are taken. */
interface Site {
    /** The lab that it is of. */
    Lab lab();

    /**
     * The command that takes the steps of an assignment. Marks come from its standard output, results into a file.
     *
     * @param seconds how long it may take
     */
    List<String> command(Path assignment, Path results, long seconds) throws IOException;

    /** What to say of it in the report. */
    Map<String, String> facts() throws IOException;
}
