package io.sluice.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/** Makes the files that jobs name and that are not there or too short, as fio does. */
final class FioFiles {
    private static final int CHUNK_BYTES = 1 << 20;

    private FioFiles() {}

    /** Extends a file with noise, since holes are read from nowhere; devices are left alone. Whether there was something to do. */
    static boolean layOut(DeviceName name, long bytes) throws IOException {
        if (!(name instanceof DeviceName.KernelFile file) || bytes == 0) {
            return false;
        }
        Path path = file.path();
        if (Files.exists(path) && (!Files.isRegularFile(path) || Files.size(path) >= bytes)) {
            return false;
        }
        Random noise = new Random(bytes);
        byte[] chunk = new byte[CHUNK_BYTES];
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            for (long at = channel.size(); at < bytes; ) {
                noise.nextBytes(chunk);
                ByteBuffer buffer = ByteBuffer.wrap(chunk, 0, (int) Math.min(CHUNK_BYTES, bytes - at));
                while (buffer.hasRemaining()) {
                    at += channel.write(buffer, at);
                }
            }
            channel.force(true);
        }
        return true;
    }
}
