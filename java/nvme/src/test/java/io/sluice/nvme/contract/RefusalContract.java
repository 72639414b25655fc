package io.sluice.nvme.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.Geometry;
import io.sluice.block.InvalidRequestException;
import io.sluice.block.IoBuffer;
import io.sluice.block.Operation;
import io.sluice.block.SessionOptions;
import io.sluice.nvme.NvmeNamespace;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.assertj.core.api.AbstractThrowableAssert;

/** What can never be done is refused with a reason before the device hears of it, however the numbers are chosen. */
public abstract class RefusalContract {
    private static final long WINDOW = 100;

    @OnEveryController
    void rangesOutsideOfTheWindowAreRefused(ControllerLab lab) throws IOException {
        try (Drive drive = Drive.open(lab);
                BlockSession session = drive.session(Drive.writeable().window(1000, WINDOW))) {
            for (Operation operation : Operation.values()) {
                if (operation == Operation.SYNC) {
                    continue;
                }
                for (long[] range : new long[][] {
                    {WINDOW, 1},
                    {WINDOW - 1, 2},
                    {0, WINDOW + 1},
                    {-1, 1},
                    {-1, 2},
                    {Long.MIN_VALUE, 1},
                    {Long.MAX_VALUE, 1},
                    {Long.MAX_VALUE, 2},
                    {Long.MAX_VALUE - 1000, 1},
                    {Long.MAX_VALUE - 1000, 1001},
                    {1, Long.MAX_VALUE},
                    {Long.MAX_VALUE, Long.MAX_VALUE},
                    {0, 1L << 32},
                    {0, 1L << 48},
                    {1L << 55, 1},
                    {-1000, 1000},
                }) {
                    assertRefused(session, operation, range[0], range[1], session.buffer(), 0)
                            .hasMessageContaining(String.valueOf(range[0]))
                            .hasMessageContaining(String.valueOf(range[1]))
                            .satisfies(failure -> {
                                BlockIoException io = (BlockIoException) failure;
                                assertThat(io.operation()).isEqualTo(operation);
                                assertThat(io.firstBlock()).isEqualTo(range[0]);
                                assertThat(io.blockCount()).isEqualTo(range[1]);
                                assertThat(io.device()).isEqualTo(name(drive));
                            });
                }
                for (long count : new long[] {0, -1, Long.MIN_VALUE}) {
                    assertRefused(session, operation, 0, count, session.buffer(), 0)
                            .hasMessageContaining("at least 1");
                }
            }
            assertNothingHappened(session);
        }
    }

    @OnEveryController
    void placesOutsideOfTheBufferAreRefused(ControllerLab lab) throws IOException {
        try (Drive drive = Drive.open(lab);
                BlockSession session = drive.session()) {
            int size = session.buffer().size();
            int block = session.geometry().blockBytes();
            for (long offset : new long[] {size, size - block + 4, -4, Long.MIN_VALUE, Long.MAX_VALUE - 3, 1L << 32}) {
                assertRefused(session, Operation.READ, 0, 1, session.buffer(), offset)
                        .hasMessageContaining("do not fit into the buffer of " + size);
            }
            for (long offset : new long[] {1, 2, 3, 511}) {
                assertRefused(session, Operation.WRITE, 0, 1, session.buffer(), offset)
                        .hasMessageContaining("no multiple of 4");
            }
            assertNothingHappened(session);
        }
    }

    @OnEveryController
    void transfersLargerThanTheDeviceOrTheBufferTakesAreRefused(ControllerLab lab) throws IOException {
        try (Drive drive = Drive.open(lab);
                BlockSession session = drive.session()) {
            int most = session.geometry().maxTransferBlocks();
            assertThat((long) most * session.geometry().blockBytes())
                    .isLessThanOrEqualTo(session.buffer().size());
            for (long count : new long[] {most + 1L, 2L * most, 65537}) {
                if (count <= session.geometry().blockCount()) {
                    assertRefused(session, Operation.READ, 0, count, session.buffer(), 0)
                            .hasMessageContaining("at most " + most + " blocks");
                }
            }
            assertNothingHappened(session);
        }
    }

    @OnEveryController
    void memoryThatIsNotTheSessionsIsRefused(ControllerLab lab) throws IOException {
        IoBuffer foreign = new IoBuffer() {
            private final ByteBuffer bytes = ByteBuffer.allocateDirect(1 << 20);

            @Override
            public int size() {
                return bytes.capacity();
            }

            @Override
            public ByteBuffer bytes() {
                return bytes;
            }
        };
        try (Drive drive = Drive.open(lab)) {
            BlockSession earlier = drive.session();
            earlier.close();
            try (BlockSession session = drive.session()) {
                for (IoBuffer memory : new IoBuffer[] {foreign, earlier.buffer()}) {
                    assertRefused(session, Operation.READ, 0, 1, memory, 0).hasMessageContaining("not of this session");
                    assertRefused(session, Operation.WRITE, 0, 1, memory, 0)
                            .hasMessageContaining("not of this session");
                }
                assertNothingHappened(session);
            }
        }
    }

    @OnEveryController
    void aReadOnlySessionReads(ControllerLab lab) throws IOException {
        try (Drive drive = Drive.open(lab);
                BlockSession session = drive.session(SessionOptions.defaults().bufferBytes(Drive.BUFFER))) {
            assertThat(session.geometry().writeable()).isFalse();
            for (Operation operation : Operation.values()) {
                if (operation.changes()) {
                    assertRefused(session, operation, 0, 1, session.buffer(), 0)
                            .hasMessageContaining("read-only")
                            .hasMessageContaining("writeable");
                }
            }
            Exchange exchange = new Exchange(session);
            exchange.perform(Operation.READ, 0, 1, 0);
            exchange.perform(Operation.SYNC, 0, 0, 0);
        }
    }

    @OnEveryController
    void windowsOutsideOfTheNamespaceAreRefused(ControllerLab lab) throws IOException {
        try (Drive drive = Drive.open(lab)) {
            for (Shape.Space space : lab.shape().spaces()) {
                NvmeNamespace namespace = drive.controller().namespace(space.id());
                long blocks = space.blocks();
                for (long[] window : new long[][] {
                    {blocks, 0},
                    {blocks, 1},
                    {blocks - 1, 2},
                    {0, blocks + 1},
                    {1, blocks},
                    {Long.MAX_VALUE, 0},
                    {Long.MAX_VALUE, 1},
                    {Long.MAX_VALUE, Long.MAX_VALUE},
                    {1, Long.MAX_VALUE},
                    {0, Long.MAX_VALUE},
                }) {
                    assertThatThrownBy(() -> namespace.open(Drive.writeable().window(window[0], window[1])))
                            .isInstanceOf(InvalidRequestException.class)
                            .hasMessageContaining(blocks + " blocks");
                }
                try (BlockSession last = namespace.open(Drive.writeable().window(blocks - 1, 0))) {
                    assertThat(last.geometry().blockCount()).isEqualTo(1);
                    new Exchange(last).perform(Operation.WRITE, 0, 1, 0);
                    assertRefused(last, Operation.WRITE, 1, 1, last.buffer(), 0);
                    assertRefused(last, Operation.WRITE, Long.MAX_VALUE, 1, last.buffer(), 0);
                }
                try (BlockSession whole = namespace.open(Drive.writeable().window(0, blocks))) {
                    Geometry geometry = whole.geometry();
                    assertThat(geometry.blockCount()).isEqualTo(blocks);
                    assertRefused(whole, Operation.READ, blocks, 1, whole.buffer(), 0);
                    assertRefused(whole, Operation.READ, blocks - 1, 2, whole.buffer(), 0);
                    assertRefused(whole, Operation.TRIM, blocks - 1, 2, whole.buffer(), 0);
                    assertRefused(whole, Operation.WRITE_ZEROES, blocks - 1, 2, whole.buffer(), 0);
                }
            }
        }
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(
            BlockSession session, Operation operation, long block, long count, IoBuffer memory, long offset) {
        return assertThatThrownBy(() -> session.submit(operation, block, count, memory, offset, 1))
                .as("%s of %s blocks at %s, offset %s", operation, count, block, offset)
                .isInstanceOf(InvalidRequestException.class);
    }

    /** The session is as if it had not been asked. */
    private static void assertNothingHappened(BlockSession session) throws IOException {
        assertThat(session.inFlight()).isZero();
        session.commit();
        assertThat(session.statistics().commits()).isZero();
        new Exchange(session).perform(Operation.READ, 0, 1, 0);
    }

    private static String name(Drive drive) {
        try {
            return drive.stored().name();
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }
}
