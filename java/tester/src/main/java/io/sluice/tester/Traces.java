package io.sluice.tester;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads traces. Which format a file has is told by its beginning:
 *
 * <ul>
 *   <li>ours, text, a request a line: {@code MICROSECONDS OPERATION POSITION LENGTH}, the operation one of {@code read write trim zeroes sync}, position
 *       and length in bytes and left out for {@code sync}; the first line is {@code sluice trace 1}, {@code #} begins a comment;
 *   <li>fio's iolog of version 2 and 3, as {@code --write_iolog} writes it; all files in it are taken for the device;
 *   <li>blktrace's binary files: one of them, the base name of those of all processors ({@code sda} for {@code sda.blktrace.0}, …), or what {@code
 *       blkparse -d} has merged. What was queued counts.
 * </ul>
 */
public final class Traces {
    private static final int BEGINNING = 32;

    private Traces() {}

    /**
     * Reads a trace.
     *
     * @throws TesterException when it is none; the message says where and why
     */
    public static Trace read(Path path) throws IOException {
        if (!Files.exists(path)) {
            List<Path> parts = parts(path);
            if (!parts.isEmpty()) {
                return BlktraceFiles.read(path.toString(), parts);
            }
        }
        byte[] beginning;
        try (var in = Files.newInputStream(path)) {
            beginning = in.readNBytes(BEGINNING);
        }
        return BlktraceFiles.isOne(beginning)
                ? BlktraceFiles.read(path.toString(), List.of(path))
                : new TextTraces(path.toString()).read(path);
    }

    private static List<Path> parts(Path base) {
        List<Path> parts = new ArrayList<>();
        for (int cpu = 0; ; cpu++) {
            Path part = base.resolveSibling(base.getFileName() + ".blktrace." + cpu);
            if (!Files.exists(part)) {
                return parts;
            }
            parts.add(part);
        }
    }
}
