package io.sluice.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * What a command can reach: devices and the three streams. Tests pass their own.
 *
 * @param root what holds {@code sys} and {@code proc}
 * @param terminal whether {@code err} is looked at by a person, so that a progress line makes sense
 */
record Environment(Devices devices, Path root, InputStream in, OutputStream out, PrintStream err, boolean terminal) {
    /** Prints the result of a command. */
    void print(CharSequence text) throws IOException {
        out.write(text.toString().getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
