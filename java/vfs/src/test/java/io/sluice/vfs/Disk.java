package io.sluice.vfs;

import io.sluice.block.BlockDevice;
import io.sluice.block.RamDevice;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A file system over one device, under a name that no other test has. */
record Disk(BlockDevice device, FileSystem fileSystem) implements Closeable {
    private static final AtomicInteger NEXT = new AtomicInteger();

    static Disk of(BlockDevice device, Object... environment) throws IOException {
        Map<String, Object> all = new HashMap<>(Map.of("device", device, "writeable", "yes"));
        for (int i = 0; i < environment.length; i += 2) {
            all.put((String) environment[i], environment[i + 1]);
        }
        URI uri = URI.create("sluice:test" + NEXT.incrementAndGet());
        return new Disk(device, FileSystems.newFileSystem(uri, all));
    }

    static Disk ram(int blockBytes, long blockCount, Object... environment) throws IOException {
        return of(new RamDevice("ram", blockBytes, blockCount), environment);
    }

    /** 1 MiB of blocks of 512 bytes. */
    static Disk small(Object... environment) throws IOException {
        return ram(512, 2048, environment);
    }

    Path path(String path) {
        return fileSystem.getPath(path);
    }

    Path all() {
        return path("/disk");
    }

    FileChannel open() throws IOException {
        return FileChannel.open(all(), StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    AsynchronousFileChannel openAsync() throws IOException {
        return AsynchronousFileChannel.open(all(), StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /** Bytes of which no two neighbours are alike. */
    static ByteBuffer pattern(int length, int seed) {
        ByteBuffer pattern = ByteBuffer.allocate(length);
        for (int i = 0; i < length; i++) {
            pattern.put((byte) (seed + i * 7));
        }
        return pattern.flip();
    }

    @Override
    public void close() throws IOException {
        fileSystem.close();
        device.close();
    }
}
