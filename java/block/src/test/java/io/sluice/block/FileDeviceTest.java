package io.sluice.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileDeviceTest {
    @TempDir
    private Path directory;

    private FileDevice open(String name, FileDeviceOptions options) throws IOException {
        return FileDevice.open(directory.resolve(name), options);
    }

    @Test
    void aFileIsMadeOfTheSizeThatIsAskedFor() throws IOException {
        try (FileDevice device = open("new", FileDeviceOptions.defaults().sizeBytes(1L << 40))) {
            assertThat(device.geometry().blockCount()).isEqualTo(1L << 31);
            assertThat(device.geometry().volatileWriteCache()).isTrue();
        }
        assertThat(Files.size(directory.resolve("new"))).isEqualTo(1L << 40);
    }

    @Test
    void aFileThatIsThereKeepsItsContentAndGrows() throws IOException {
        byte[] content = new byte[1024];
        content[1000] = 7;
        Files.write(directory.resolve("file"), content);
        try (FileDevice device = open("file", FileDeviceOptions.defaults())) {
            assertThat(device.geometry().blockCount()).isEqualTo(2);
        }
        try (FileDevice device = open("file", FileDeviceOptions.defaults().sizeBytes(4096))) {
            assertThat(device.geometry().blockCount()).isEqualTo(8);
        }
        try (FileDevice device = open("file", FileDeviceOptions.defaults().sizeBytes(512))) {
            assertThat(device.geometry().blockCount()).as("it never shrinks").isEqualTo(8);
        }
        assertThat(Files.readAllBytes(directory.resolve("file"))[1000]).isEqualTo((byte) 7);
    }

    @Test
    void filesThatAreNoDevicesAreRefused() throws IOException {
        Files.write(directory.resolve("odd"), new byte[1000]);
        Files.write(directory.resolve("empty"), new byte[0]);
        assertThatThrownBy(() -> open("odd", FileDeviceOptions.defaults()))
                .hasMessageContaining("no whole number of blocks of 512");
        assertThatThrownBy(() -> open("empty", FileDeviceOptions.defaults())).hasMessageContaining("0 bytes");
        assertThatThrownBy(() -> open("none", FileDeviceOptions.defaults())).hasMessageContaining("does not exist");
        assertThatThrownBy(() -> FileDevice.open(directory, FileDeviceOptions.defaults()))
                .hasMessageContaining("no regular file");
        // What was refused is not locked.
        try (FileDevice device = open("empty", FileDeviceOptions.defaults().sizeBytes(512))) {
            assertThat(device.geometry().blockCount()).isEqualTo(1);
        }
    }

    @Test
    void aFileIsOpenOnce() throws IOException {
        FileDeviceOptions options = FileDeviceOptions.defaults().sizeBytes(512);
        FileDevice device = open("file", options);
        assertThatThrownBy(() -> open("file", options)).hasMessageContaining("open as a device in this process");
        device.close();
        open("file", options).close();
    }

    @Test
    void aReadOnlyFileIsNotWritten() throws IOException {
        Files.write(directory.resolve("file"), new byte[512]);
        try (FileDevice device = open("file", FileDeviceOptions.defaults().writeable(false))) {
            assertThat(device.geometry().writeable()).isFalse();
            assertThatThrownBy(() -> device.open(SessionOptions.defaults().writeable(true)))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("read-only");
            device.open(SessionOptions.defaults()).close();
        }
    }

    @Test
    void aFileThatWasCutShortFailsWhatLiesBeyondItsEnd() throws IOException {
        try (FileDevice device = open("file", FileDeviceOptions.defaults().sizeBytes(8 * 512));
                BlockSession session = device.open(SessionOptions.defaults())) {
            try (FileChannel channel = FileChannel.open(directory.resolve("file"), StandardOpenOption.WRITE)) {
                channel.truncate(1024);
            }
            List<BlockIoException> failures = new ArrayList<>();
            Completion completion = new Completion() {
                @Override
                public void completed(long tag) {
                    assertThat(tag).isEqualTo(1);
                }

                @Override
                public void failed(long tag, BlockIoException failure) {
                    failures.add(failure);
                }
            };
            session.submit(Operation.READ, 1, 1, session.buffer(), 0, 1);
            session.submit(Operation.READ, 1, 2, session.buffer(), 0, 2);
            session.commit();
            assertThat(session.poll(completion, 2)).isEqualTo(2);
            assertThat(failures).hasSize(1);
            assertThat(failures.get(0))
                    .hasMessageContaining("read of 2 blocks at block 1")
                    .hasMessageContaining("cut it short");
            assertThat(session.statistics().failures()).isEqualTo(1);
        }
    }

    @Test
    void optionsThatMakeNoSenseAreRefused() {
        FileDeviceOptions options = FileDeviceOptions.defaults();
        assertThatThrownBy(() -> options.blockBytes(100)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> options.sizeBytes(100)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> options.sizeBytes(-512)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> options.sizeBytes(512).writeable(false)).isInstanceOf(IllegalArgumentException.class);
    }
}
