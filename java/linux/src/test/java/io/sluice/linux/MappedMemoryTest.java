package io.sluice.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

class MappedMemoryTest {
    @Test
    void memoryIsZeroedLittleEndianAndOfWholePages() throws IOException {
        try (SharedMemory shared = SharedMemory.allocate("zeroed", 5000, PageChoice.PLAIN);
                MappedMemory memory = shared.map()) {
            ByteBuffer buffer = memory.buffer();
            assertThat(shared.size()).isEqualTo(8192);
            assertThat(shared.huge()).isFalse();
            assertThat(buffer.capacity()).isEqualTo(8192);
            assertThat(buffer.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
            assertThat(IntStream.range(0, 8192).map(buffer::get)).containsOnly(0);
            assertThat(memory.address() % 4096).isZero();
        }
    }

    @Test
    void mappingOutlivesTheDescriptorAndTwoMappingsShareTheMemory() throws IOException {
        SharedMemory shared = SharedMemory.allocate("shared", 4096, PageChoice.PLAIN);
        try (MappedMemory one = shared.map();
                MappedMemory other = shared.map()) {
            shared.close();
            one.buffer().putLong(8, 42);
            assertThat(other.buffer().getLong(8)).isEqualTo(42);
        }
    }

    @Test
    void closedMappingReadsAsZeroAndDoesNotCrash() throws IOException {
        MappedMemory memory = map("closed", 8192);
        ByteBuffer slice = memory.buffer().slice(4096, 4096);
        memory.buffer().putInt(0, 7);
        slice.putInt(0, 8);
        memory.close();
        assertThat(memory.buffer().getInt(0)).isZero();
        assertThat(slice.getInt(0)).isZero();
        slice.putInt(0, 9);
        assertThat(memory.buffer().getInt(4096)).isNotZero();
        memory.close();
        assertThat(slice.getInt(0)).isNotZero();
    }

    @Test
    void closingUnderAReaderDoesNotCrash() throws Exception {
        for (int round = 0; round < 20; round++) {
            MappedMemory memory = map("raced", 1 << 20);
            ByteBuffer buffer = memory.buffer();
            AtomicBoolean stop = new AtomicBoolean();
            Thread reader = new Thread(() -> {
                for (int i = 0; !stop.get(); i += 64) {
                    buffer.putInt(i & 0xfffff, buffer.getInt((i + 64) & 0xfffff) + 1);
                }
            });
            reader.start();
            memory.close();
            stop.set(true);
            reader.join();
        }
    }

    @Test
    void forgottenMappingIsUnmappedByTheCleaner() throws Exception {
        map("sluice-forgotten", 4096);
        await("the forgotten mapping is gone", () -> !mapped("sluice-forgotten"));
    }

    @Test
    void sliceKeepsTheMappingUntilItIsForgottenToo() throws Exception {
        ByteBuffer slice = map("sluice-sliced", 8192).buffer().slice(16, 32).asReadOnlyBuffer();
        for (int i = 0; i < 5; i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertThat(mapped("sluice-sliced")).isTrue();
        assertThat(slice.get(0)).isZero();
        slice = null;
        await("the slice's mapping is gone", () -> !mapped("sluice-sliced"));
    }

    @Test
    void sizeIsSealed() throws IOException {
        try (SharedMemory shared = SharedMemory.allocate("sealed", 4096, PageChoice.PLAIN)) {
            Path file = Path.of("/proc/self/fd/" + shared.descriptor().acquire());
            try (var channel = Files.newByteChannel(file, java.nio.file.StandardOpenOption.WRITE)) {
                assertThatThrownBy(() -> channel.truncate(0)).hasMessageContaining("not permitted");
            } finally {
                shared.descriptor().release();
            }
        }
    }

    @Test
    void lackOfHugePagesIsAnErrorOrPlainPagesAsWanted() throws IOException {
        long unlikely = 1L << 39;
        assertThatThrownBy(() -> SharedMemory.allocate("huge", unlikely, PageChoice.HUGE))
                .isInstanceOf(LinuxException.class)
                .hasMessageContaining("vm.nr_hugepages");
        try (SharedMemory memory = SharedMemory.allocate("huge", 2 << 20, PageChoice.HUGE_WHEN_FREE)) {
            assertThat(memory.size()).isEqualTo(2 << 20);
        }
    }

    @Test
    void sizeOutOfRangeIsRefused() {
        assertThatThrownBy(() -> SharedMemory.allocate("none", 0, PageChoice.PLAIN))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SharedMemory.allocate("all", Long.MAX_VALUE, PageChoice.PLAIN))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPartOfAFileIsMappedAndSharedWithItsOwner() throws IOException {
        try (SharedMemory shared = SharedMemory.allocate("part", 16384, PageChoice.PLAIN);
                MappedMemory whole = shared.map()) {
            MappedMemory part = MappedMemory.ofFile(shared.descriptor(), 4096, 8192, true);
            assertThat(part.buffer().capacity()).isEqualTo(8192);
            part.buffer().putInt(4, 42);
            assertThat(whole.buffer().getInt(4100)).isEqualTo(42);
            part.close();
            assertThat(part.buffer().getInt(4)).isZero();
            part.buffer().putInt(4, 1);
            assertThat(whole.buffer().getInt(4100)).isEqualTo(42);
        }
    }

    @Test
    void aPartOfHugePagesIsMappedWithThePagesAroundIt() throws IOException {
        SharedMemory shared;
        try {
            shared = SharedMemory.allocate("huge-part", 4 << 20, PageChoice.HUGE);
        } catch (LinuxException none) {
            throw new TestAbortedException("this machine has no huge pages free: " + none.getMessage());
        }
        try (shared;
                MappedMemory whole = shared.map()) {
            MappedMemory across = MappedMemory.ofFile(shared.descriptor(), (2 << 20) - 4096, 8192, true);
            across.buffer().putInt(4096, 7);
            assertThat(whole.buffer().getInt(2 << 20)).isEqualTo(7);
            across.close();
            across.buffer().putInt(4096, 8);
            assertThat(whole.buffer().getInt(2 << 20)).isEqualTo(7);
        }
    }

    @Test
    void aPartThatIsOnlyReadCannotBeWritten() throws IOException {
        try (SharedMemory shared = SharedMemory.allocate("read", 4096, PageChoice.PLAIN)) {
            MappedMemory part = MappedMemory.ofFile(shared.descriptor(), 0, 4096, false);
            assertThat(part.buffer().getInt(0)).isZero();
            assertThatThrownBy(() -> part.buffer().putInt(0, 1)).isInstanceOf(ReadOnlyBufferException.class);
            part.close();
            assertThat(part.buffer().getInt(0)).isZero();
        }
    }

    @Test
    void aPartBeyondTheEndOfItsFileIsRefused() throws IOException {
        try (SharedMemory shared = SharedMemory.allocate("short", 8192, PageChoice.PLAIN)) {
            for (long[] range : new long[][] {{4096, 8192}, {8192, 1}, {1L << 62, 4096}, {0, 8193}}) {
                assertThatThrownBy(() -> MappedMemory.ofFile(shared.descriptor(), range[0], range[1], true))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("a file of 8192 bytes");
            }
            assertThatThrownBy(() -> MappedMemory.ofFile(shared.descriptor(), -4096, 4096, true))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> MappedMemory.ofFile(shared.descriptor(), 0, (1 << 30) + 1, true))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void whatIsNoFileIsNotMapped() throws IOException {
        try (EventDescriptor event = EventDescriptor.create()) {
            assertThatThrownBy(() -> MappedMemory.ofFile(event.descriptor(), 0, 4096, true))
                    .hasMessageContaining("no regular file");
        }
    }

    @Test
    void aFileThatIsShrunkUnderItsMappingThrowsInternalErrorAndNoMore() throws IOException {
        try (Descriptor file = AnonymousFile.create("sluice-shrinking", 8192);
                MappedMemory memory = MappedMemory.ofFile(file, 0, 8192, true)) {
            memory.buffer().putInt(4096, 7);
            assertThat(Seals.preventShrinking(file)).isFalse();
            file.call("ftruncate", fd -> Libc.result(Libc.calls().ftruncate(fd, 4096)));
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 100_000; i++) {
                            memory.buffer().putInt(4096, i);
                        }
                    })
                    .isInstanceOf(InternalError.class);
            assertThat(memory.buffer().getInt(0)).isZero();
        }
    }

    @Test
    void sealsAreSeen() throws IOException {
        try (SharedMemory shared = SharedMemory.allocate("sealed", 4096, PageChoice.PLAIN);
                EventDescriptor event = EventDescriptor.create()) {
            assertThat(Seals.preventShrinking(shared.descriptor())).isTrue();
            assertThat(Seals.preventShrinking(event.descriptor())).isFalse();
        }
    }

    private static MappedMemory map(String name, long bytes) throws IOException {
        try (SharedMemory shared = SharedMemory.allocate(name, bytes, PageChoice.PLAIN)) {
            return shared.map();
        }
    }

    private static boolean mapped(String name) throws IOException {
        return Files.readString(Path.of("/proc/self/maps")).contains("memfd:" + name);
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void await(String what, Condition condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            System.gc();
            Thread.sleep(20);
        }
    }
}
