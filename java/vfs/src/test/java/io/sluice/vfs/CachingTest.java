package io.sluice.vfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.block.HeldDevice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;

class CachingTest {
    private static FileChannel open(Disk disk, int ahead, int window) throws IOException {
        return FileChannel.open(
                disk.all(),
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                new Caching.ReadAhead(ahead),
                new Caching.WriteWindow(window));
    }

    private static ByteBuffer read(FileChannel channel, long position, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        assertThat(channel.read(bytes, position)).isEqualTo(length);
        return bytes.flip();
    }

    @Test
    void readsInARowAskTheDeviceOnceForMany() throws IOException {
        HeldDevice device = new HeldDevice(512, 2048);
        try (Disk disk = Disk.of(device);
                FileChannel channel = open(disk, 8192, 0)) {
            device.allow(1000);
            for (int i = 0; i < 64; i++) {
                assertThat(read(channel, i * 100L, 100)).isEqualTo(ByteBuffer.allocate(100));
            }
            // The first by itself, the second and what follows it in one.
            assertThat(device.submitted()).isEqualTo(2);
            assertThat(read(channel, 500_000, 100).remaining()).isEqualTo(100);
            assertThat(device.submitted()).isEqualTo(3);
        }
    }

    @Test
    void writesInARowReachTheDeviceTogether() throws IOException {
        HeldDevice device = new HeldDevice(512, 2048);
        try (Disk disk = Disk.of(device);
                FileChannel channel = open(disk, 0, 4096)) {
            device.allow(1000);
            for (int i = 0; i < 32; i++) {
                assertThat(channel.write(Disk.pattern(128, i), i * 128L)).isEqualTo(128);
            }
            assertThat(device.submitted()).isZero();
            channel.force(false);
            // One write of eight blocks, and the sync.
            assertThat(device.submitted()).isEqualTo(2);
            for (int i = 0; i < 32; i++) {
                assertThat(read(channel, i * 128L, 128)).isEqualTo(Disk.pattern(128, i));
            }
        }
    }

    @Test
    void otherHandlesSeeWhatIsGatheredAndWhatIsReadAheadIsNeverOld() throws Exception {
        try (Disk disk = Disk.small();
                FileChannel gathering = open(disk, 4096, 4096);
                FileChannel ahead = open(disk, 4096, 0);
                FileChannel plain = disk.open();
                AsynchronousFileChannel asynchronous = disk.openAsync()) {
            assertThat(read(ahead, 0, 100).remaining()).isEqualTo(100);
            assertThat(read(ahead, 100, 100)).isEqualTo(ByteBuffer.allocate(100));
            assertThat(gathering.write(Disk.pattern(100, 1), 200)).isEqualTo(100);
            assertThat(read(ahead, 200, 100)).isEqualTo(Disk.pattern(100, 1));
            assertThat(gathering.write(Disk.pattern(100, 2), 200)).isEqualTo(100);
            assertThat(read(plain, 200, 100)).isEqualTo(Disk.pattern(100, 2));
            assertThat(gathering.write(Disk.pattern(100, 3), 200)).isEqualTo(100);
            ByteBuffer bytes = ByteBuffer.allocate(100);
            assertThat(asynchronous.read(bytes, 200).get()).isEqualTo(100);
            assertThat(bytes.flip()).isEqualTo(Disk.pattern(100, 3));
            // A later write of another handle is not undone by an earlier one that was gathered.
            assertThat(gathering.write(Disk.pattern(100, 4), 200)).isEqualTo(100);
            assertThat(plain.write(Disk.pattern(100, 5), 200)).isEqualTo(100);
            gathering.force(false);
            assertThat(read(ahead, 200, 100)).isEqualTo(Disk.pattern(100, 5));
            assertThat(read(ahead, 300, 100)).isEqualTo(ByteBuffer.allocate(100));
            assertThat(asynchronous.write(Disk.pattern(100, 6), 400).get()).isEqualTo(100);
            assertThat(read(ahead, 400, 100)).isEqualTo(Disk.pattern(100, 6));
        }
    }

    @Test
    void closingWritesWhatIsGathered() throws IOException {
        try (Disk disk = Disk.small()) {
            try (FileChannel gathering = open(disk, 0, 4096)) {
                assertThat(gathering.write(Disk.pattern(10, 1), 1000)).isEqualTo(10);
            }
            try (FileChannel plain = disk.open()) {
                assertThat(read(plain, 1000, 10)).isEqualTo(Disk.pattern(10, 1));
            }
        }
    }

    @Test
    void aFileSystemMayAskForWindowsOfEveryHandle() throws IOException {
        HeldDevice device = new HeldDevice(512, 2048);
        try (Disk disk = Disk.of(device, "write_window", "64K")) {
            device.allow(1000);
            try (FileChannel channel = disk.open()) {
                assertThat(channel.write(Disk.pattern(1000, 1), 0)).isEqualTo(1000);
                assertThat(device.submitted()).isZero();
            }
            assertThat(device.submitted()).isPositive();
        }
        assertThatThrownBy(() -> new Caching.ReadAhead(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Caching.WriteWindow(1 << 27)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatIsGatheredWhereAnotherReadsAheadIsNotOld() throws IOException {
        try (Disk disk = Disk.small();
                FileChannel gathering = open(disk, 0, 4096);
                FileChannel ahead = open(disk, 8192, 0)) {
            assertThat(gathering.write(Disk.pattern(100, 1), 4000)).isEqualTo(100);
            assertThat(read(ahead, 0, 100)).isEqualTo(ByteBuffer.allocate(100));
            // Reads ahead beyond what the other handle has gathered and not written.
            assertThat(read(ahead, 100, 100)).isEqualTo(ByteBuffer.allocate(100));
            assertThat(read(ahead, 4000, 100)).isEqualTo(Disk.pattern(100, 1));
        }
    }

    @Test
    void aPartitionAndTheWholeDeviceAreTheSameBytes() throws Exception {
        try (Disk disk = Disk.small()) {
            new GptDisk(512).partition(1, 100, 199, "data").write(disk.all());
            try (FileChannel part = FileChannel.open(
                            disk.path("/p1"),
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE,
                            new Caching.ReadAhead(4096),
                            new Caching.WriteWindow(4096));
                    FileChannel whole = open(disk, 4096, 4096);
                    FileChannel plain = disk.open()) {
                assertThat(part.write(Disk.pattern(100, 1), 1000)).isEqualTo(100);
                assertThat(read(plain, 52_200, 100)).as("gathered").isEqualTo(Disk.pattern(100, 1));
                assertThat(read(part, 0, 100)).isEqualTo(ByteBuffer.allocate(100));
                assertThat(read(part, 100, 100)).isEqualTo(ByteBuffer.allocate(100));
                assertThat(plain.write(Disk.pattern(100, 2), 51_400)).isEqualTo(100);
                assertThat(read(part, 200, 100)).as("read ahead").isEqualTo(Disk.pattern(100, 2));
                assertThat(whole.write(Disk.pattern(100, 3), 51_400)).isEqualTo(100);
                assertThat(read(part, 200, 100)).isEqualTo(Disk.pattern(100, 3));
                assertThat(part.write(Disk.pattern(100, 4), 200)).isEqualTo(100);
                plain.force(false);
                assertThat(read(whole, 51_400, 100)).isEqualTo(Disk.pattern(100, 4));
            }
        }
    }
}
