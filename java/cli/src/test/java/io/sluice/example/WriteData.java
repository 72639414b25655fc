package io.sluice.example;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/** Overwrites a few bytes of a drive through the file system plugin; without an argument of one in software. */
class WriteData {
    public static void main(String[] args) throws IOException {
        URI drive = URI.create("sluice:" + (args.length == 0 ? "emulated:" : args[0]));
        try (FileSystem devices = FileSystems.newFileSystem(drive, Map.of("writeable", "yes"));
                // Or "/p1", "/by-label/data": the partitions.
                FileChannel disk = FileChannel.open(devices.getPath("/disk"), StandardOpenOption.WRITE)) {
            disk.write(ByteBuffer.wrap("any bytes, anywhere".getBytes(StandardCharsets.UTF_8)), 1000);
            disk.force(false);
        }
    }
}
