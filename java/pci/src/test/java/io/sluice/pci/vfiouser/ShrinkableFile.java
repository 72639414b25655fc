package io.sluice.pci.vfiouser;

import io.sluice.linux.AnonymousFile;
import io.sluice.linux.Descriptor;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** Memory whose owner keeps the right to take it away. */
final class ShrinkableFile implements Closeable {
    private final Descriptor file;
    private final FileChannel channel;

    ShrinkableFile(long bytes) throws IOException {
        String name = "sluice-shrinkable-" + UUID.randomUUID();
        file = AnonymousFile.create(name, bytes);
        channel = FileChannel.open(find(name), StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private static Path find(String name) throws IOException {
        try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
            List<Path> found = links.filter(link -> {
                        try {
                            return Files.readSymbolicLink(link).toString().contains(name);
                        } catch (IOException gone) {
                            return false;
                        }
                    })
                    .toList();
            return found.get(0);
        }
    }

    Descriptor descriptor() {
        return file;
    }

    void shrink(long bytes) throws IOException {
        channel.truncate(bytes);
    }

    @Override
    public void close() throws IOException {
        channel.close();
        file.close();
    }
}
