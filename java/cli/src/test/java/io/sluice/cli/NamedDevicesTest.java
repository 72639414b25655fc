package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NamedDevicesTest {
    @Test
    void aProgramOpensADeviceByItsName() throws IOException {
        URI drive = URI.create("sluice:emulated:size=1M,serial=NAMED1,model=a%20drive");
        try (FileSystem fileSystem = FileSystems.newFileSystem(drive, Map.of("writeable", "yes"))) {
            Path disk = Path.of(URI.create(drive + "!/disk"));
            assertThat(disk.getFileSystem()).isSameAs(fileSystem);
            try (FileChannel channel = FileChannel.open(disk, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                assertThat(channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 1000))
                        .isEqualTo(3);
                channel.force(true);
            }
            assertThat(Files.readAllBytes(disk)).hasSize(1 << 20).containsSequence(1, 2, 3);
            assertThat(Files.readAttributes(disk, "block:*"))
                    .containsEntry("serial", "NAMED1")
                    .containsEntry("model", "a drive")
                    .containsEntry("mediaErrors", 0L)
                    .containsKey("temperatureCelsius");
        }
    }

    @Test
    void aNamespaceIsNamedAsCommandsNameIt() throws IOException {
        URI second = URI.create("sluice:emulated:size=1M+size=2M,block=4096/n2");
        try (FileSystem fileSystem = FileSystems.newFileSystem(second, Map.of())) {
            assertThat(Files.size(fileSystem.getPath("/disk"))).isEqualTo(2 << 20);
            assertThat(Files.readString(fileSystem.getPath("/block_size"))).isEqualTo("4096\n");
        }
    }

    @Test
    void whatIsNoDeviceIsRefusedWithWhatWouldBe() {
        assertThatThrownBy(() -> FileSystems.newFileSystem(URI.create("sluice:sda"), Map.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("'sda' is no device");
        assertThatThrownBy(() -> Path.of(URI.create("sluice:emulated:colour=red!/disk")))
                .isInstanceOf(FileSystemNotFoundException.class)
                .hasMessageContaining("'colour' is no parameter");
    }
}
