package io.sluice.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Memory in several places, and memory of others, on devices made of software. */
class SoftwareDeviceMemoryTest implements Completion {
    enum Kind {
        RAM_512(512),
        RAM_4096(4096),
        FILE_512(512);

        private final int blockBytes;

        Kind(int blockBytes) {
            this.blockBytes = blockBytes;
        }
    }

    private static final int BLOCKS = 256;
    private static final SessionOptions OPTIONS =
            SessionOptions.defaults().writeable(true).bufferBytes(1 << 20).queueDepth(16);

    @TempDir
    private Path directory;

    private final List<BlockDevice> opened = new ArrayList<>();
    private final List<BlockIoException> failures = new ArrayList<>();
    private int completed;

    @AfterEach
    void close() throws IOException {
        for (BlockDevice device : opened) {
            device.close();
        }
    }

    @Override
    public void completed(long tag) {
        completed++;
    }

    @Override
    public void failed(long tag, BlockIoException failure) {
        failures.add(failure);
    }

    private BlockSession open(Kind kind, SessionOptions options) throws IOException {
        return device(kind).open(options);
    }

    private BlockDevice device(Kind kind) throws IOException {
        BlockDevice device = kind == Kind.FILE_512
                ? FileDevice.open(
                        directory.resolve("file"),
                        FileDeviceOptions.defaults()
                                .blockBytes(kind.blockBytes)
                                .sizeBytes((long) BLOCKS * kind.blockBytes))
                : new RamDevice("device", kind.blockBytes, BLOCKS);
        opened.add(device);
        return device;
    }

    private void finish(BlockSession session) throws IOException {
        session.commit();
        while (session.inFlight() > 0) {
            assertThat(session.poll(this, 1)).isEqualTo(1);
        }
        assertThat(failures).isEmpty();
    }

    /** Wraps memory, names it in operations as one place and as several, and in one that is refused, and takes it away again. */
    private WeakReference<ByteBuffer> useAndUnwrap(Kind kind, BlockSession session) throws IOException {
        ByteBuffer guest = ByteBuffer.allocateDirect(2 * kind.blockBytes);
        IoBuffer wrapped = session.wrap(guest);
        Segments segments =
                new Segments(2).add(wrapped, kind.blockBytes, kind.blockBytes).add(wrapped, 0, kind.blockBytes);
        assertThat(session.submit(Operation.WRITE, 0, 1, wrapped, 0, 1)).isTrue();
        assertThat(session.submit(Operation.WRITE, 2, 2, segments, 2)).isTrue();
        finish(session);
        assertThatThrownBy(() -> session.submit(Operation.WRITE, BLOCKS, 2, segments, 3))
                .isInstanceOf(InvalidRequestException.class);
        session.unwrap(wrapped);
        return new WeakReference<>(guest);
    }

    @ParameterizedTest
    @EnumSource
    void aSlotKeepsNoMemoryOfAnOperationThatHasEnded(Kind kind) throws IOException {
        try (BlockSession session = open(kind, OPTIONS)) {
            WeakReference<ByteBuffer> guest = useAndUnwrap(kind, session);
            for (int i = 0; i < 50 && guest.get() != null; i++) {
                System.gc();
            }
            assertThat(guest.get()).as("memory that nobody needs").isNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theSegmentsOfATransferFollowEachOther(Kind kind) throws IOException {
        try (BlockSession session = open(kind, OPTIONS)) {
            ByteBuffer guest = ByteBuffer.allocateDirect(3 * kind.blockBytes);
            IoBuffer wrapped = session.wrap(guest);
            byte[] data = new byte[3 * kind.blockBytes];
            new Random(3).nextBytes(data);
            Segments segments = new Segments(4);
            session.buffer().bytes().put(1001, data, 0, 7);
            guest.put(11, data, 7, 300);
            session.buffer().bytes().put(5000, data, 307, data.length - 307);
            segments.add(session.buffer(), 1001, 7)
                    .add(wrapped, 11, 300)
                    .add(session.buffer(), 5000, data.length - 307);
            assertThat(session.submit(Operation.WRITE_DURABLE, 9, 3, segments, 1))
                    .isTrue();
            // It is the caller's again at once.
            segments.clear().add(wrapped, 0, kind.blockBytes).add(session.buffer(), 70_000, 2L * kind.blockBytes);
            assertThat(session.submit(Operation.READ, 9, 3, segments, 2)).isTrue();
            segments.clear();
            finish(session);

            byte[] read = new byte[data.length];
            guest.get(0, read, 0, kind.blockBytes);
            session.buffer().bytes().get(70_000, read, kind.blockBytes, 2 * kind.blockBytes);
            assertThat(read).isEqualTo(data);
            assertThat(session.statistics().bouncedTransfers()).isZero();
            assertThat(completed).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void segmentsThatAreNotTheTransfersAreRefused(Kind kind) throws IOException {
        try (BlockSession session = open(kind, OPTIONS);
                BlockSession other = open(Kind.RAM_512, OPTIONS)) {
            int block = kind.blockBytes;
            assertRefused(
                    session, Operation.WRITE, 0, 2, new Segments(1).add(session.buffer(), 0, block), "segments have");
            assertRefused(session, Operation.WRITE, 0, 1, new Segments(1), "segments have 0 bytes");
            assertRefused(
                    session,
                    Operation.READ,
                    0,
                    1,
                    new Segments(1).add(other.buffer(), 0, block),
                    "not of this session");
            assertRefused(
                    session, Operation.READ, BLOCKS, 1, new Segments(1).add(session.buffer(), 0, block), "window");
            assertRefused(
                    session,
                    Operation.READ,
                    Long.MAX_VALUE,
                    1,
                    new Segments(1).add(session.buffer(), 0, block),
                    "window");
            assertRefused(session, Operation.TRIM, 0, 1, new Segments(1).add(session.buffer(), 0, block), "no memory");
            assertRefused(session, Operation.SYNC, 0, 1, new Segments(1).add(session.buffer(), 0, block), "no memory");
            assertThat(session.inFlight()).isZero();
        }
        try (BlockSession reader = open(Kind.RAM_512, OPTIONS.writeable(false))) {
            assertRefused(reader, Operation.WRITE, 0, 1, new Segments(1).add(reader.buffer(), 0, 512), "read-only");
        }
    }

    private static void assertRefused(
            BlockSession session, Operation operation, long block, long count, Segments segments, String why) {
        assertThatThrownBy(() -> session.submit(operation, block, count, segments, 0))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining(why);
    }

    @ParameterizedTest
    @EnumSource
    void aFullSessionTakesNoSegments(Kind kind) throws IOException {
        try (BlockSession session = open(kind, OPTIONS.queueDepth(2))) {
            Segments segments = new Segments(1).add(session.buffer(), 0, kind.blockBytes);
            assertThat(session.submit(Operation.READ, 0, 1, segments, 0)).isTrue();
            assertThat(session.submit(Operation.READ, 0, 1, segments, 0)).isTrue();
            assertThat(session.submit(Operation.READ, 0, 1, segments, 0)).isFalse();
            finish(session);
        }
    }

    @ParameterizedTest
    @EnumSource
    void memoryIsGivenBackWhenNothingNamesIt(Kind kind) throws IOException {
        try (BlockSession session = open(kind, OPTIONS)) {
            IoBuffer wrapped = session.wrap(ByteBuffer.allocateDirect(kind.blockBytes));
            session.submit(Operation.READ, 0, 1, wrapped, 0, 0);
            session.submit(Operation.READ, 0, 1, new Segments(1).add(wrapped, 0, kind.blockBytes), 0);
            assertThatThrownBy(() -> session.unwrap(wrapped))
                    .isInstanceOf(BlockIoException.class)
                    .hasMessageContaining("2 operations in flight");
            finish(session);

            session.unwrap(wrapped);
            session.unwrap(wrapped);
            session.unwrap(session.buffer());
            assertThatThrownBy(() -> session.submit(Operation.READ, 0, 1, wrapped, 0, 0))
                    .hasMessageContaining("not of this session");
            assertRefused(
                    session,
                    Operation.READ,
                    0,
                    1,
                    new Segments(1).add(wrapped, 0, kind.blockBytes),
                    "not of this session");
            wrapped.bytes().putLong(0, 1);
            assertThat(session.submit(Operation.READ, 0, 1, session.buffer(), 0, 0))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void readOnlyMemoryIsWrittenFromAndNotReadInto(Kind kind) throws IOException {
        try (BlockSession session = open(kind, OPTIONS)) {
            ByteBuffer memory = ByteBuffer.allocateDirect(kind.blockBytes);
            memory.putLong(8, 4711);
            IoBuffer wrapped = session.wrap(memory.asReadOnlyBuffer());
            session.submit(Operation.WRITE, 5, 1, wrapped, 0, 0);
            session.submit(Operation.READ, 5, 1, session.buffer(), 0, 0);
            finish(session);

            assertThat(session.buffer().bytes().getLong(8)).isEqualTo(Long.reverseBytes(4711));
            assertThatThrownBy(() -> session.submit(Operation.READ, 5, 1, wrapped, 0, 0))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("read-only buffer");
            assertRefused(
                    session,
                    Operation.READ,
                    5,
                    1,
                    new Segments(1).add(wrapped, 0, kind.blockBytes),
                    "read-only buffer");
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyOperationIsCheckedAgainstHostileNumbers(Kind kind) throws IOException {
        BlockDevice device = device(kind);
        for (long seed = 0; seed < 5; seed++) {
            try (BlockSession session = device.open(OPTIONS.window(100, 50))) {
                HostileNumbers.ask(session, seed, 4000);
            }
        }
        try (BlockSession session = device.open(OPTIONS.window(100, 50).writeable(false))) {
            HostileNumbers.ask(session, 99, 4000);
        }
    }

    @ParameterizedTest
    @EnumSource
    void memoryOutsideOfTheHeapIsAllThatIsWrapped(Kind kind) throws IOException {
        try (BlockSession session = open(kind, OPTIONS)) {
            for (ByteBuffer memory : Arrays.asList(ByteBuffer.allocate(512), ByteBuffer.allocateDirect(0))) {
                assertThatThrownBy(() -> session.wrap(memory)).isInstanceOf(IllegalArgumentException.class);
            }
        }
    }
}
