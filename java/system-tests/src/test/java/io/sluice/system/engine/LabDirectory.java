package io.sluice.system.engine;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * A directory of its own for a lab: sockets, drives, logs. Deleted with everything in it on close.
 *
 * @param path absolute, without links; short, since a socket's path has 107 bytes at most
 */
public record LabDirectory(Path path) implements Closeable {
    /** A new, empty one. */
    public static LabDirectory create() throws IOException {
        return new LabDirectory(Files.createTempDirectory("sluice-lab").toRealPath());
    }

    /** A raw image of zeroes, which occupies nothing until it is written. */
    public Path image(String name, long bytes) throws IOException {
        Path image = path.resolve(name);
        try (var file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(bytes);
        }
        return image;
    }

    @Override
    public void close() throws IOException {
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
