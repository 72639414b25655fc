package io.sluice.vfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockChannelTest {
    private static final int SIZE = 1 << 20;

    private static ByteBuffer read(FileChannel channel, long position, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        assertThat(channel.read(bytes, position)).isEqualTo(length);
        return bytes.flip();
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 4096})
    void anyBytesAreWrittenAndReadAgain(int blockBytes) throws IOException {
        try (Disk disk = Disk.ram(blockBytes, SIZE / blockBytes);
                FileChannel channel = disk.open()) {
            for (int position : new int[] {0, 1, 511, 512, 4095, 4096, 10_000}) {
                for (int length : new int[] {1, 511, 512, 513, 4096, 100_001}) {
                    ByteBuffer pattern = Disk.pattern(length, position + length);
                    assertThat(channel.write(pattern, position)).isEqualTo(length);
                    assertThat(pattern.hasRemaining()).isFalse();
                    assertThat(read(channel, position, length)).isEqualTo(pattern.flip());
                }
            }
        }
    }

    @Test
    void partsOfDirectAndHeapBuffersAreMovedAsTheyLie() throws IOException {
        try (Disk disk = Disk.small();
                FileChannel channel = disk.open()) {
            for (ByteBuffer buffer : new ByteBuffer[] {
                ByteBuffer.allocate(3000),
                ByteBuffer.allocateDirect(3000),
                ByteBuffer.allocateDirect(4000).position(7).slice()
            }) {
                // Often enough that the device may be shown the buffer itself.
                for (int round = 0; round < 5; round++) {
                    buffer.clear().position(100).put(Disk.pattern(1234, round));
                    buffer.flip().position(100);
                    assertThat(channel.write(buffer.duplicate(), 777)).isEqualTo(1234);
                    buffer.clear().put(new byte[3000]);
                    buffer.clear().position(50).limit(50 + 1234);
                    assertThat(channel.read(buffer, 777)).isEqualTo(1234);
                    assertThat(buffer.position()).isEqualTo(50 + 1234);
                    assertThat(buffer.flip().position(50)).isEqualTo(Disk.pattern(1234, round));
                    assertThat(buffer.clear().get(49)).isZero();
                    assertThat(buffer.get(50 + 1234)).isZero();
                }
            }
        }
    }

    @Test
    void relativeCallsMoveThePosition() throws IOException {
        try (Disk disk = Disk.small();
                FileChannel channel = disk.open()) {
            assertThat(channel.position()).isZero();
            assertThat(channel.write(Disk.pattern(1000, 1))).isEqualTo(1000);
            assertThat(channel.position()).isEqualTo(1000);
            assertThat(channel.position(10).position()).isEqualTo(10);
            ByteBuffer bytes = ByteBuffer.allocate(990);
            assertThat(channel.read(bytes)).isEqualTo(990);
            assertThat(bytes.flip()).isEqualTo(Disk.pattern(1000, 1).position(10));
            assertThat(channel.position()).isEqualTo(1000);
            assertThat(channel.read(ByteBuffer.allocate(5), 3)).isEqualTo(5);
            assertThat(channel.position()).isEqualTo(1000);
            assertThatThrownBy(() -> channel.position(-1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> channel.read(bytes, -1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> channel.write(bytes, -1)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aReadEndsAtTheEndAndThenGivesMinusOne() throws IOException {
        try (Disk disk = Disk.small();
                FileChannel channel = disk.open()) {
            assertThat(channel.read(ByteBuffer.allocate(100), SIZE - 30)).isEqualTo(30);
            assertThat(channel.read(ByteBuffer.allocate(100), SIZE)).isEqualTo(-1);
            assertThat(channel.read(ByteBuffer.allocate(100), Long.MAX_VALUE)).isEqualTo(-1);
            assertThat(channel.read(ByteBuffer.allocate(0), SIZE)).isZero();
            channel.position(SIZE + 5);
            assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            assertThat(channel.read(new ByteBuffer[] {ByteBuffer.allocate(1)})).isEqualTo(-1);
            assertThat(channel.position()).isEqualTo(SIZE + 5);
        }
    }

    @Test
    void aWriteThatDoesNotFitThrowsAndWritesNothing() throws IOException {
        try (Disk disk = Disk.small();
                FileChannel channel = disk.open()) {
            ByteBuffer pattern = Disk.pattern(100, 1);

            assertThatThrownBy(() -> channel.write(pattern, SIZE - 50))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining("no space left")
                    .hasMessageContaining("100 bytes at byte " + (SIZE - 50));
            assertThatThrownBy(() -> channel.write(pattern, Long.MAX_VALUE)).isInstanceOf(FileSystemException.class);
            channel.position(SIZE - 99);
            assertThatThrownBy(() -> channel.write(pattern)).isInstanceOf(FileSystemException.class);
            assertThatThrownBy(() -> channel.write(new ByteBuffer[] {pattern.duplicate(), pattern.duplicate()}))
                    .isInstanceOf(FileSystemException.class);

            assertThat(pattern.remaining()).isEqualTo(100);
            assertThat(channel.position()).isEqualTo(SIZE - 99);
            assertThat(read(channel, SIZE - 100, 100)).isEqualTo(ByteBuffer.allocate(100));
            assertThat(channel.write(pattern, SIZE - 100)).isEqualTo(100);
        }
    }

    @Test
    void scatteringAndGatheringTakeBuffersInTheirOrder() throws IOException {
        try (Disk disk = Disk.small();
                FileChannel channel = disk.open()) {
            ByteBuffer[] parts = {
                Disk.pattern(3, 1), ByteBuffer.allocate(0), Disk.pattern(700, 2), Disk.pattern(5000, 3)
            };
            channel.position(1001);
            assertThat(channel.write(parts)).isEqualTo(5703);
            assertThat(channel.position()).isEqualTo(1001 + 5703);
            for (ByteBuffer part : parts) {
                assertThat(part.hasRemaining()).isFalse();
            }
            channel.position(1001);
            ByteBuffer[] into = {ByteBuffer.allocate(9), ByteBuffer.allocateDirect(703), ByteBuffer.allocate(4991)};
            assertThat(channel.read(into, 1, 1)).isEqualTo(703);
            assertThat(into[1].flip().get(0)).isEqualTo(Disk.pattern(3, 1).get(0));
            assertThat(into[1].get(702)).isEqualTo(Disk.pattern(700, 2).get(699));
            channel.position(SIZE - 10);
            assertThat(channel.read(new ByteBuffer[] {ByteBuffer.allocate(7), ByteBuffer.allocate(7)}))
                    .isEqualTo(10);
            assertThatThrownBy(() -> channel.read(into, 1, 3)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void theSizeIsFixed() throws IOException {
        try (Disk disk = Disk.small();
                FileChannel channel = disk.open()) {
            assertThat(channel.size()).isEqualTo(SIZE);
            channel.position(SIZE + 100);
            assertThat(channel.truncate(SIZE + 50)).isSameAs(channel);
            assertThat(channel.position()).isEqualTo(SIZE + 50);
            assertThatThrownBy(() -> channel.truncate(SIZE - 1))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining("fixed");
            assertThatThrownBy(() -> channel.truncate(-1)).isInstanceOf(IllegalArgumentException.class);
            assertThat(channel.size()).isEqualTo(SIZE);
        }
    }

    @Test
    void appendingFindsNoRoom() throws IOException {
        try (Disk disk = Disk.small();
                FileChannel channel = FileChannel.open(disk.all(), StandardOpenOption.APPEND)) {
            assertThat(channel.position()).isEqualTo(SIZE);
            assertThatThrownBy(() -> channel.write(Disk.pattern(1, 1))).hasMessageContaining("no space left");
            assertThat(channel.write(ByteBuffer.allocate(0))).isZero();
        }
    }

    @Test
    void whatItWasNotOpenedForIsRefused() throws IOException {
        try (Disk disk = Disk.small();
                FileChannel reader = FileChannel.open(disk.all(), StandardOpenOption.READ);
                FileChannel writer = FileChannel.open(disk.all(), StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.allocate(1);
            assertThatThrownBy(() -> reader.write(bytes)).isInstanceOf(NonWritableChannelException.class);
            assertThatThrownBy(() -> reader.write(bytes, 0)).isInstanceOf(NonWritableChannelException.class);
            assertThatThrownBy(() -> reader.truncate(SIZE)).isInstanceOf(NonWritableChannelException.class);
            assertThatThrownBy(() -> reader.lock()).isInstanceOf(NonWritableChannelException.class);
            assertThatThrownBy(() -> writer.read(bytes)).isInstanceOf(NonReadableChannelException.class);
            assertThatThrownBy(() -> writer.read(bytes, 0)).isInstanceOf(NonReadableChannelException.class);
            assertThatThrownBy(() -> writer.lock(0, 1, true)).isInstanceOf(NonReadableChannelException.class);
            assertThatThrownBy(() -> reader.read(ByteBuffer.allocate(1).asReadOnlyBuffer()))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> reader.map(FileChannel.MapMode.READ_ONLY, 0, 512))
                    .isInstanceOf(UnsupportedOperationException.class);
            reader.force(true);
        }
    }

    @Test
    void afterCloseEverythingSaysSo() throws IOException {
        try (Disk disk = Disk.small()) {
            FileChannel channel = disk.open();
            FileLock lock = channel.lock();
            channel.close();
            channel.close();
            ByteBuffer bytes = ByteBuffer.allocate(1);
            assertThat(channel.isOpen()).isFalse();
            assertThat(lock.isValid()).isFalse();
            assertThatThrownBy(() -> channel.read(bytes)).isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(() -> channel.read(bytes, 0)).isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(() -> channel.write(bytes)).isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(() -> channel.write(bytes, 0)).isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(() -> channel.read(new ByteBuffer[] {bytes})).isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(() -> channel.write(new ByteBuffer[] {bytes}))
                    .isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(channel::size).isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(channel::position).isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(() -> channel.position(0)).isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(() -> channel.truncate(0)).isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(() -> channel.force(false)).isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(channel::tryLock).isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(lock::release).isInstanceOf(ClosedChannelException.class);
        }
    }

    @Test
    @SuppressWarnings("try") // Closing it early is what is tested.
    void locksKeepChannelsOfTheProcessApart() throws IOException {
        try (Disk disk = Disk.small();
                FileChannel one = disk.open();
                FileChannel other = disk.open()) {
            FileLock lock = one.lock(100, 100, false);
            assertThat(lock.isValid()).isTrue();
            assertThatThrownBy(() -> other.tryLock(150, 10, true)).isInstanceOf(OverlappingFileLockException.class);
            assertThatThrownBy(() -> other.lock(0, 101, false)).isInstanceOf(OverlappingFileLockException.class);
            FileLock behind = other.tryLock(200, 10, true);
            assertThat(behind.isShared()).isTrue();
            lock.release();
            assertThat(lock.isValid()).isFalse();
            assertThat(other.tryLock(150, 10, false)).isNotNull();
            other.close();
            assertThat(behind.isValid()).isFalse();
            assertThat(one.tryLock()).isNotNull();
        }
    }

    @Test
    void bytesGoToAndComeFromHeapChannels() throws IOException {
        try (Disk disk = Disk.small();
                FileChannel channel = disk.open()) {
            byte[] bytes = Disk.pattern(5000, 3).array();
            assertThat(channel.transferFrom(Channels.newChannel(new ByteArrayInputStream(bytes)), 99, 100_000))
                    .isEqualTo(5000);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            assertThat(channel.transferTo(99, 5000, Channels.newChannel(out))).isEqualTo(5000);
            assertThat(out.toByteArray()).isEqualTo(bytes);
            assertThat(channel.transferTo(SIZE - 10, 100, Channels.newChannel(out)))
                    .isEqualTo(10);
            assertThat(channel.transferTo(SIZE + 10, 100, Channels.newChannel(out)))
                    .isZero();
            assertThat(channel.transferFrom(Channels.newChannel(new ByteArrayInputStream(bytes)), SIZE + 10, 1))
                    .isZero();
            // Exactly what fits is no failure, and one byte more is.
            assertThat(channel.transferFrom(
                            Channels.newChannel(new ByteArrayInputStream(bytes)), SIZE - 5000, Long.MAX_VALUE))
                    .isEqualTo(5000);
            assertThatThrownBy(() -> channel.transferFrom(
                            Channels.newChannel(new ByteArrayInputStream(bytes)), SIZE - 4999, Long.MAX_VALUE))
                    .hasMessageContaining("no space left");
            assertThat(channel.position()).isZero();
        }
    }

    @Test
    void bytesGoToAndComeFromFilesOfTheKernel(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("file");
        byte[] bytes = Disk.pattern(SIZE, 5).array();
        Files.write(file, bytes);
        try (Disk disk = Disk.small();
                FileChannel channel = disk.open();
                FileChannel kernel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            assertThat(channel.transferFrom(kernel, 0, SIZE)).isEqualTo(SIZE);
            kernel.truncate(0);
            assertThat(channel.transferTo(0, SIZE, kernel)).isEqualTo(SIZE);
            assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
            kernel.truncate(0);
            assertThat(kernel.transferFrom(channel, 0, SIZE)).isEqualTo(SIZE);
            assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
            channel.position(0);
            channel.write(ByteBuffer.allocate(SIZE));
            assertThat(kernel.transferTo(0, SIZE, channel.position(0))).isEqualTo(SIZE);
            assertThat(read(channel, 0, SIZE)).isEqualTo(ByteBuffer.wrap(bytes));
        }
    }

    @Test
    void streamsReadAndWriteAnyBytes() throws IOException {
        try (Disk disk = Disk.small()) {
            byte[] bytes = Disk.pattern(10_007, 9).array();
            try (OutputStream out = Files.newOutputStream(disk.all())) {
                out.write(bytes, 0, 1);
                out.write(bytes, 1, 5000);
                out.write(bytes, 5001, 5006);
            }
            try (InputStream in = Files.newInputStream(disk.all())) {
                assertThat(in.read()).isEqualTo(bytes[0] & 0xff);
                assertThat(in.readNBytes(10_006)).isEqualTo(Arrays.copyOfRange(bytes, 1, bytes.length));
                assertThat(in.skip(10)).isEqualTo(10);
                assertThat(in.readAllBytes()).hasSize(SIZE - 10_017);
                assertThat(in.read()).isEqualTo(-1);
            }
            assertThat(Files.readAllBytes(disk.all())).hasSize(SIZE).startsWith(bytes);
        }
    }

    @Test
    void directAndDurableChannelsWriteAsOthersDo() throws IOException {
        try (Disk disk = Disk.small();
                FileChannel channel = FileChannel.open(
                        disk.all(),
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.DSYNC,
                        ExtendedOpenOption.DIRECT)) {
            assertThat(channel.write(Disk.pattern(10, 1), 3)).isEqualTo(10);
            assertThat(read(channel, 3, 10)).isEqualTo(Disk.pattern(10, 1));
        }
    }

    @Test
    void aBufferThatIsNamedTwiceIsTransferredTwice() throws IOException {
        try (Disk disk = Disk.small();
                FileChannel channel = disk.open()) {
            ByteBuffer twice = Disk.pattern(700, 1);
            assertThat(channel.write(new ByteBuffer[] {twice, ByteBuffer.allocate(0), twice}))
                    .isEqualTo(1400);
            assertThat(twice.hasRemaining()).isFalse();
            assertThat(read(channel, 0, 700)).isEqualTo(Disk.pattern(700, 1));
            assertThat(read(channel, 700, 700)).isEqualTo(Disk.pattern(700, 1));
        }
    }

    @Test
    void whatIsClosedTakesAndGivesNothing() throws IOException {
        try (Disk disk = Disk.small();
                FileChannel channel = disk.open()) {
            ReadableByteChannel source = Channels.newChannel(InputStream.nullInputStream());
            WritableByteChannel target = Channels.newChannel(OutputStream.nullOutputStream());
            source.close();
            target.close();
            assertThatThrownBy(() -> channel.transferFrom(source, 0, 0)).isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(() -> channel.transferTo(SIZE, 1, target)).isInstanceOf(ClosedChannelException.class);
        }
    }
}
