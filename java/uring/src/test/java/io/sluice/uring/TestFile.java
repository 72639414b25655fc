package io.sluice.uring;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/** Files to be devices. */
final class TestFile {
    static final long BYTES = 8 << 20;

    private TestFile() {}

    /** A file of zeroes in a directory. */
    static Path in(Path directory, long bytes) throws IOException {
        Path path = directory.resolve("device.img");
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(bytes);
        }
        return path;
    }
}
