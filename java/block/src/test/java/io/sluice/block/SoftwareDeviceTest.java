package io.sluice.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What devices made of software promise alike, in memory and in a file. */
class SoftwareDeviceTest implements Completion {
    enum Kind {
        RAM_512(512),
        RAM_4096(4096),
        FILE_512(512),
        FILE_65536(65536);

        private final int blockBytes;

        Kind(int blockBytes) {
            this.blockBytes = blockBytes;
        }
    }

    private static final int BLOCKS = 256;

    @TempDir
    private Path directory;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final List<Long> done = new ArrayList<>();
    private final List<BlockIoException> failures = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable closeable : opened) {
            closeable.close();
        }
    }

    @Override
    public void completed(long tag) {
        done.add(tag);
    }

    @Override
    public void failed(long tag, BlockIoException failure) {
        failures.add(failure);
    }

    private BlockDevice device(Kind kind) throws IOException {
        BlockDevice device = kind.name().startsWith("RAM")
                ? new RamDevice("device", kind.blockBytes, BLOCKS)
                : FileDevice.open(
                        directory.resolve("file"),
                        FileDeviceOptions.defaults()
                                .blockBytes(kind.blockBytes)
                                .sizeBytes((long) BLOCKS * kind.blockBytes));
        opened.add(device);
        return device;
    }

    private static SessionOptions writeable() {
        return SessionOptions.defaults().writeable(true).bufferBytes(1 << 20).queueDepth(16);
    }

    private void perform(BlockSession session, Operation operation, long block, int count) throws IOException {
        assertThat(session.submit(operation, block, count, session.buffer(), 0, block))
                .isTrue();
        session.commit();
        assertThat(session.await(0)).isTrue();
        assertThat(session.poll(this, 1)).isEqualTo(1);
        assertThat(failures).isEmpty();
    }

    private byte[] read(BlockSession session, long block, int count) throws IOException {
        byte[] data = new byte[count * session.geometry().blockBytes()];
        session.buffer().bytes().put(0, new byte[data.length]);
        perform(session, Operation.READ, block, count);
        session.buffer().bytes().get(0, data);
        return data;
    }

    private byte[] write(BlockSession session, long block, int count) throws IOException {
        byte[] data = random(block, count * session.geometry().blockBytes());
        session.buffer().bytes().put(0, data);
        perform(session, Operation.WRITE, block, count);
        return data;
    }

    private static byte[] random(long seed, int bytes) {
        byte[] data = new byte[bytes];
        new Random(seed).nextBytes(data);
        return data;
    }

    @ParameterizedTest
    @EnumSource
    void whatIsWrittenIsReadAndTheRestIsZero(Kind kind) throws IOException {
        try (BlockSession session = device(kind).open(writeable())) {
            byte[] data = write(session, 3, 7);
            assertThat(read(session, 3, 7)).isEqualTo(data);
            assertThat(read(session, 0, 3)).containsOnly(0);
            assertThat(read(session, 10, 6)).containsOnly(0);
            perform(session, Operation.WRITE_DURABLE, BLOCKS - 1, 1);
            perform(session, Operation.SYNC, 0, 0);
            assertThat(session.statistics().writes()).isEqualTo(2);
            assertThat(session.statistics().reads()).isEqualTo(3);
            assertThat(session.statistics().syncs()).isEqualTo(1);
            assertThat(session.statistics().blocksRead()).isEqualTo(16);
            assertThat(session.statistics().blocksWritten()).isEqualTo(8);
            assertThat(session.statistics().commits()).isEqualTo(6);
        }
    }

    @ParameterizedTest
    @EnumSource
    void zeroesAreWrittenAndNeighboursStay(Kind kind) throws IOException {
        try (BlockSession session = device(kind).open(writeable())) {
            byte[] data = write(session, 0, 16);
            perform(session, Operation.WRITE_ZEROES, 1, 14);
            Arrays.fill(data, kind.blockBytes, 15 * kind.blockBytes, (byte) 0);
            assertThat(read(session, 0, 16)).isEqualTo(data);
            perform(session, Operation.TRIM, 1, 14);
            byte[] last = new byte[kind.blockBytes];
            System.arraycopy(data, 15 * kind.blockBytes, last, 0, last.length);
            assertThat(read(session, 15, 1)).isEqualTo(last);
            perform(session, Operation.WRITE_ZEROES, 0, BLOCKS);
            assertThat(read(session, 15, 1)).containsOnly(0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void operationsAreDoneInTheirOrderWhenTheyArePolled(Kind kind) throws IOException {
        try (BlockSession session = device(kind).open(writeable())) {
            assertThat(session.queueDepth()).isEqualTo(16);
            for (long i = 0; i < 16; i++) {
                assertThat(session.submit(Operation.READ, i, 1, session.buffer(), 0, i))
                        .isTrue();
            }
            assertThat(session.submit(Operation.READ, 0, 1, session.buffer(), 0, 99))
                    .isFalse();
            assertThat(session.inFlight()).isEqualTo(16);
            assertThat(session.poll(this, 5)).as("nothing is committed").isZero();
            session.commit();
            assertThat(session.poll(this, 5)).isEqualTo(5);
            assertThat(done).containsExactly(0L, 1L, 2L, 3L, 4L);
            for (long i = 16; i < 21; i++) {
                assertThat(session.submit(Operation.SYNC, 0, 0, session.buffer(), 0, i))
                        .isTrue();
            }
            assertThat(session.await(0)).isTrue();
            assertThat(session.poll(this, 100)).isEqualTo(16);
            assertThat(done).hasSize(21).isSorted();
            assertThat(session.await(1_000_000)).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCompletionMaySubmit(Kind kind) throws IOException {
        try (BlockSession session = device(kind).open(writeable().queueDepth(1))) {
            int[] left = {50};
            Completion again = new Completion() {
                @Override
                public void completed(long tag) {
                    if (left[0]-- > 0) {
                        try {
                            assertThat(session.submit(Operation.READ, 0, 1, session.buffer(), 0, 0))
                                    .isTrue();
                        } catch (BlockIoException failure) {
                            throw new AssertionError(failure);
                        }
                    }
                }

                @Override
                public void failed(long tag, BlockIoException failure) {
                    throw new AssertionError(failure);
                }
            };
            assertThat(session.submit(Operation.READ, 0, 1, session.buffer(), 0, 0))
                    .isTrue();
            while (session.inFlight() > 0) {
                session.commit();
                session.poll(again, 3);
            }
            assertThat(left[0]).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatCanNeverBeDoneIsRefused(Kind kind) throws IOException {
        try (BlockSession session = device(kind).open(writeable().window(100, 50))) {
            for (long[] range : new long[][] {
                {50, 1},
                {49, 2},
                {0, 51},
                {-1, 1},
                {0, 0},
                {0, -1},
                {Long.MAX_VALUE, 1},
                {1, Long.MAX_VALUE},
                {Long.MIN_VALUE, 1},
                {Long.MAX_VALUE, Long.MAX_VALUE},
                {0, Long.MIN_VALUE},
                {-1000, 1000}
            }) {
                for (Operation operation : Operation.values()) {
                    if (operation != Operation.SYNC) {
                        assertThatThrownBy(() -> session.submit(operation, range[0], range[1], session.buffer(), 0, 0))
                                .isInstanceOf(InvalidRequestException.class)
                                .hasMessageContaining(String.valueOf(range[0]));
                    }
                }
            }
            int size = session.buffer().size();
            for (long offset :
                    new long[] {-1, size, size - kind.blockBytes + 1, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 32}) {
                assertThatThrownBy(() -> session.submit(Operation.READ, 0, 1, session.buffer(), offset, 0))
                        .isInstanceOf(InvalidRequestException.class)
                        .hasMessageContaining("do not fit");
            }
            assertThat(session.inFlight()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWindowMovesBlockZero(Kind kind) throws IOException {
        BlockDevice device = device(kind);
        byte[] data;
        try (BlockSession window = device.open(writeable().window(100, 10))) {
            assertThat(window.geometry().blockCount()).isEqualTo(10);
            data = write(window, 9, 1);
        }
        try (BlockSession whole = device.open(writeable())) {
            assertThat(read(whole, 109, 1)).isEqualTo(data);
        }
        for (long[] window : new long[][] {
            {BLOCKS, 0},
            {BLOCKS, 1},
            {BLOCKS - 1, 2},
            {0, BLOCKS + 1},
            {Long.MAX_VALUE, 0},
            {Long.MAX_VALUE, Long.MAX_VALUE},
            {1, Long.MAX_VALUE}
        }) {
            assertThatThrownBy(() -> device.open(writeable().window(window[0], window[1])))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining(BLOCKS + " blocks");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReadOnlySessionReads(Kind kind) throws IOException {
        try (BlockSession session = device(kind).open(writeable().writeable(false))) {
            assertThat(session.geometry().writeable()).isFalse();
            for (Operation operation : Operation.values()) {
                if (operation.changes()) {
                    assertThatThrownBy(() -> session.submit(operation, 0, 1, session.buffer(), 0, 0))
                            .hasMessageContaining("read-only");
                }
            }
            read(session, 0, 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void dataMovesIntoAndOutOfOtherMemoryAtAnyByte(Kind kind) throws IOException {
        BlockDevice device = device(kind);
        try (BlockSession session = device.open(writeable());
                BlockSession another = device.open(writeable())) {
            ByteBuffer guest = ByteBuffer.allocateDirect(4 * kind.blockBytes);
            byte[] data = random(7, 2 * kind.blockBytes);
            guest.put(5, data);
            guest.position(3).limit(9);
            IoBuffer memory = session.wrap(guest);
            assertThat(memory.size()).isEqualTo(guest.capacity());
            assertThat(session.submit(Operation.WRITE, 20, 2, memory, 5, 0)).isTrue();
            assertThat(session.submit(Operation.READ, 21, 1, memory, 3L * kind.blockBytes, 1))
                    .isTrue();
            session.commit();
            assertThat(session.poll(this, 2)).isEqualTo(2);
            assertThat(failures).isEmpty();
            assertThat(read(session, 20, 2)).isEqualTo(data);
            byte[] second = new byte[kind.blockBytes];
            guest.clear().get(3 * kind.blockBytes, second);
            assertThat(second).isEqualTo(Arrays.copyOfRange(data, kind.blockBytes, 2 * kind.blockBytes));

            for (IoBuffer foreign : new IoBuffer[] {another.buffer(), another.wrap(guest)}) {
                assertThatThrownBy(() -> session.submit(Operation.READ, 0, 1, foreign, 0, 0))
                        .isInstanceOf(InvalidRequestException.class)
                        .hasMessageContaining("not of this session");
            }
            assertThatThrownBy(() -> session.wrap(ByteBuffer.allocate(4096)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void sessionsOfSeveralThreadsKeepTheirDataApart(Kind kind) throws Exception {
        BlockDevice device = device(kind);
        ExecutorService executor = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> results = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                long first = thread * 50L;
                results.add(executor.submit(() -> {
                    SoftwareDeviceTest own = new SoftwareDeviceTest();
                    try (BlockSession session = device.open(writeable().window(first, 50))) {
                        for (int i = 0; i < 50; i++) {
                            own.write(session, i, 1);
                        }
                        for (int i = 0; i < 50; i++) {
                            assertThat(own.read(session, i, 1)).isEqualTo(random(i, kind.blockBytes));
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> result : results) {
                result.get();
            }
        } finally {
            executor.shutdownNow();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatWasSubmittedBeforeCloseIsWritten(Kind kind) throws IOException {
        BlockDevice device = device(kind);
        BlockSession session = device.open(writeable());
        byte[] data = random(1, kind.blockBytes);
        session.buffer().bytes().put(0, data);
        assertThat(session.submit(Operation.WRITE, 1, 1, session.buffer(), 0, 0))
                .isTrue();
        session.close();
        session.close();
        assertThatThrownBy(() -> session.submit(Operation.READ, 0, 1, session.buffer(), 0, 0))
                .isInstanceOf(SessionClosedException.class);
        assertThatThrownBy(() -> session.poll(this, 1)).isInstanceOf(SessionClosedException.class);
        assertThatThrownBy(() -> session.await(0)).isInstanceOf(SessionClosedException.class);
        session.commit();
        session.buffer().bytes().putLong(0, 1);
        try (BlockSession next = device.open(writeable())) {
            assertThat(read(next, 1, 1)).isEqualTo(data);
        }
    }

    @ParameterizedTest
    @EnumSource
    void closingTheDeviceClosesItsSessions(Kind kind) throws IOException {
        BlockDevice device = device(kind);
        BlockSession session = device.open(writeable());
        device.close();
        device.close();
        assertThatThrownBy(() -> session.submit(Operation.READ, 0, 1, session.buffer(), 0, 0))
                .isInstanceOf(SessionClosedException.class);
        assertThatCode(session::close).doesNotThrowAnyException();
        assertThatThrownBy(() -> device.open(writeable())).isInstanceOf(SessionClosedException.class);
    }
}
