package io.sluice.uring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.block.BlockIoException;
import io.sluice.block.Completion;
import io.sluice.block.InvalidRequestException;
import io.sluice.block.IoBuffer;
import io.sluice.block.Operation;
import io.sluice.block.SessionOptions;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Memory of arenas, which may be closed or another thread's, in transfers by copy. Needs Java 22. */
@Timeout(60)
class UntouchableMemoryTest {
    private static final int BYTES = 4096;

    @TempDir
    Path directory;

    private final List<BlockIoException> failures = new ArrayList<>();
    private int done;

    @Test
    void ofAnotherThreadItIsRefused() throws Exception {
        ByteBuffer memory = CompletableFuture.supplyAsync(() -> misaligned(arena("ofConfined")))
                .get();
        try (UringDevice device = open();
                UringSession session = device.open(SessionOptions.defaults().writeable(true))) {
            IoBuffer wrapped = session.wrap(memory);
            assertThatThrownBy(() -> session.submit(Operation.WRITE, 0, blocks(session), wrapped, 0, 0))
                    .isInstanceOf(InvalidRequestException.class);
            assertThat(session.inFlight()).isZero();
        }
    }

    @Test
    void closedBeforeAReadIsReportedItFailsThatReadAlone() throws Exception {
        try (UringDevice device = open();
                UringSession session = device.open(SessionOptions.defaults())) {
            AutoCloseable arena = arena("ofShared");
            IoBuffer wrapped = session.wrap(misaligned(arena));
            assertThat(session.submit(Operation.READ, 0, blocks(session), wrapped, 0, 0))
                    .isTrue();
            arena.close();
            assertThat(session.submit(Operation.READ, 0, blocks(session), session.buffer(), 0, 1))
                    .isTrue();
            while (session.inFlight() > 0) {
                boolean ignored = session.await(1_000_000_000L);
                int reported = session.poll(counting(), 4);
                assertThat(reported).isLessThan(3);
            }
            assertThat(failures).hasSize(1);
            assertThat(done).isEqualTo(1);
            session.unwrap(wrapped);
        }
    }

    @BeforeEach
    void arenasExist() {
        assumeTrue(Runtime.version().feature() >= 22, "this Java has no arenas");
    }

    private Completion counting() {
        return new Completion() {
            @Override
            public void completed(long tag) {
                done++;
            }

            @Override
            public void failed(long tag, BlockIoException failure) {
                failures.add(failure);
            }
        };
    }

    private UringDevice open() throws Exception {
        UringDevice device = UringDevice.open(TestFile.in(directory, TestFile.BYTES), UringOptions.defaults());
        if (device.geometry().alignmentBytes() == 1) {
            device.close();
            assumeTrue(false, "the file system has no direct I/O, so that nothing is copied");
        }
        return device;
    }

    private static long blocks(UringSession session) {
        return BYTES / session.geometry().blockBytes();
    }

    private static AutoCloseable arena(String kind) {
        try {
            return (AutoCloseable)
                    Class.forName("java.lang.foreign.Arena").getMethod(kind).invoke(null);
        } catch (ReflectiveOperationException absent) {
            throw new LinkageError(absent.getMessage(), absent);
        }
    }

    private static ByteBuffer misaligned(AutoCloseable arena) {
        try {
            Object segment = Class.forName("java.lang.foreign.SegmentAllocator")
                    .getMethod("allocate", long.class, long.class)
                    .invoke(arena, BYTES + 8L, 4096L);
            return ((ByteBuffer) Class.forName("java.lang.foreign.MemorySegment")
                            .getMethod("asByteBuffer")
                            .invoke(segment))
                    .slice(8, BYTES);
        } catch (ReflectiveOperationException absent) {
            throw new LinkageError(absent.getMessage(), absent);
        }
    }
}
