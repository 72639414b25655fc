package io.sluice.uring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.block.BlockIoException;
import io.sluice.block.Geometry;
import io.sluice.block.InvalidRequestException;
import io.sluice.block.Operation;
import io.sluice.block.SessionOptions;
import io.sluice.uring.contract.Recorder;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What can be opened, as what, and what is said of the rest. */
@Timeout(60)
class OpeningTest {
    @TempDir
    Path directory;

    @Test
    void aFileIsADeviceOfItsSize() throws IOException {
        Path path = TestFile.in(directory, 1 << 20);
        try (UringDevice device = UringDevice.open(path, UringOptions.defaults().direct(false))) {
            assertThat(device.name()).isEqualTo(path.toString());
            assertThat(device.geometry()).isEqualTo(new Geometry(512, 2048, true, 1, 1 << 21, 2048, 2048, true));
            assertThat(device.fallbacks()).isEmpty();
        }
        try (UringDevice device = UringDevice.open(path, UringOptions.defaults().blockBytes(4096))) {
            assertThat(device.geometry().blockBytes()).isEqualTo(4096);
            assertThat(device.geometry().blockCount()).isEqualTo(256);
        }
    }

    @Test
    void whatIsNoDeviceSaysWhy() throws IOException {
        assertThatThrownBy(() -> open(directory.resolve("missing"))).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> open(directory)).hasMessageContaining("no regular file, no block device");
        assertThatThrownBy(() -> open(Path.of("/dev/null"))).hasMessageContaining("no regular file, no block device");
        assertThatThrownBy(() -> open(TestFile.in(directory, 0))).hasMessageContaining("truncate");
        assertThatThrownBy(() -> open(TestFile.in(directory, 1000)))
                .isInstanceOf(BlockIoException.class)
                .hasMessageContaining("1000 bytes")
                .hasMessageContaining("truncate");
        Path odd = TestFile.in(directory, 512 * 7);
        assertThatThrownBy(() -> UringDevice.open(odd, UringOptions.defaults().blockBytes(4096)))
                .hasMessageContaining("3584 bytes");
    }

    @Test
    void aNamedPipeIsRefusedAndNotWaitedFor() throws IOException, InterruptedException {
        Path pipe = directory.resolve("pipe");
        Process make = new ProcessBuilder("mkfifo", pipe.toString()).start();
        assertThat(make.waitFor()).isZero();
        assertThatThrownBy(() -> open(pipe)).hasMessageContaining("no regular file");
    }

    @Test
    void aSymbolicLinkIsFollowed() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link"), TestFile.in(directory, 1 << 20));
        try (UringDevice device = open(link)) {
            assertThat(device.name()).isEqualTo(link.toString());
            assertThat(device.geometry().blockBytes() * device.geometry().blockCount())
                    .isEqualTo(1 << 20);
        }
    }

    @Test
    void aFileThatMayOnlyBeReadIsNotWritten() throws IOException {
        Path path = TestFile.in(directory, 1 << 20);
        Process immutable = new ProcessBuilder("chattr", "+i", path.toString())
                .redirectErrorStream(true)
                .start();
        boolean done = uninterruptibly(immutable) == 0;
        if (!done) {
            assertThat(path.toFile().setWritable(false)).isTrue();
            assumeTrue(!Files.isWritable(path), "everything is writeable for this user");
        }
        try (UringDevice device = open(path)) {
            assertThat(device.geometry().writeable()).isFalse();
            assertThatThrownBy(() -> device.open(SessionOptions.defaults().writeable(true)))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("may not write");
            try (UringSession session = device.open(SessionOptions.defaults())) {
                session.submit(Operation.READ, 0, 8, session.buffer(), 0, 1);
                session.submit(Operation.SYNC, 0, 0, session.buffer(), 0, 2);
                assertThat(new Recorder().finish(session).failures()).isEmpty();
            }
        } finally {
            uninterruptibly(new ProcessBuilder("chattr", "-i", path.toString()).start());
        }
    }

    private static int uninterruptibly(Process process) throws IOException {
        try {
            return process.waitFor();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(interrupted);
        }
    }

    @Test
    void aFileThatWasMadeShorterGivesTheExactFailure() throws IOException {
        Path path = TestFile.in(directory, 1 << 20);
        try (UringDevice device = UringDevice.open(path, UringOptions.defaults().direct(false));
                UringSession session = device.open(SessionOptions.defaults())) {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                channel.truncate(10 * 512);
            }
            session.submit(Operation.READ, 4, 8, session.buffer(), 0, 1);
            session.submit(Operation.READ, 100, 1, session.buffer(), 8192, 2);
            session.submit(Operation.READ, 0, 10, session.buffer(), 8192, 3);
            Recorder recorder = new Recorder().finish(session);
            assertThat(recorder.failures()).containsOnlyKeys(1L, 2L);
            BlockIoException partly = recorder.failures().get(1L);
            assertThat(partly.firstBlock()).isEqualTo(4);
            assertThat(partly.blockCount()).isEqualTo(8);
            assertThat(partly.operation()).isEqualTo(Operation.READ);
            assertThat(partly)
                    .hasMessageContaining("made shorter")
                    .hasMessageContaining("the 6 blocks from 4 on were done");
            assertThat(recorder.failures().get(2L)).hasMessageContaining("made shorter");
            assertThat(session.statistics().failures()).isEqualTo(2);
            assertThat(session.statistics().reads()).isEqualTo(1);
        }
    }

    @Test
    void aFileSystemThatZeroesNoRangesMakesHolesAndThatIsSaidOnce() throws IOException {
        Path memory = Path.of("/dev/shm");
        assumeTrue(Files.isWritable(memory), "there is no file system in memory at /dev/shm");
        Path path = Files.createTempFile(memory, "sluice", ".img");
        try {
            Files.write(path, new byte[1 << 20]);
            try (UringDevice device = open(path);
                    UringSession session = device.open(SessionOptions.defaults().writeable(true))) {
                int before = device.fallbacks().size();
                for (int i = 0; i < 3; i++) {
                    session.submit(Operation.WRITE_ZEROES, 8, 16, session.buffer(), 0, i);
                }
                assertThat(new Recorder().finish(session).failures()).isEmpty();
                assertThat(device.fallbacks()).hasSizeLessThanOrEqualTo(before + 1);
                assertThat(session.statistics().writes()).isEqualTo(3);
            }
        } finally {
            Files.delete(path);
        }
    }

    @Test
    void optionsThatCannotBeMeantAreRefused() {
        UringOptions options = UringOptions.defaults();
        for (int block : new int[] {1, 256, 513, 3 << 9, 1 << 21, -512}) {
            assertThatThrownBy(() -> options.blockBytes(block)).hasMessageContaining("power of two");
        }
        assertThatThrownBy(() -> options.pollingIdleMillis(0)).hasMessageContaining("1 or more");
    }

    private static UringDevice open(Path path) throws IOException {
        return UringDevice.open(path, UringOptions.defaults());
    }
}
