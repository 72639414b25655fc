package io.sluice.system.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The end of a program's output, for messages. */
final class OutputTail {
    static final String FILE = "output.log";
    private static final int LINES = 40;

    private OutputTail() {}

    static String of(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        if (!Files.exists(file)) {
            return "";
        }
        // A console may hold any byte.
        List<String> lines =
                Files.readString(file, StandardCharsets.ISO_8859_1).lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
    }
}
