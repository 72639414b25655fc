package io.sluice.uring.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.block.BlockIoException;
import io.sluice.block.Completion;
import io.sluice.block.Geometry;
import io.sluice.block.InvalidRequestException;
import io.sluice.block.IoBuffer;
import io.sluice.block.LatencyStatistics;
import io.sluice.block.Operation;
import io.sluice.block.SessionClosedException;
import io.sluice.block.SessionOptions;
import io.sluice.block.SessionStatistics;
import io.sluice.uring.UringSession;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The semantics of a session, operation by operation. */
@Timeout(120)
public abstract class SessionContract extends MemoryContract {
    @Test
    void whatIsWrittenIsReadAtBothEnds() throws IOException {
        try (UringSession session = writing()) {
            long last = session.geometry().blockCount() - 1;
            Exchange.write(session, Operation.WRITE, 0, 1, 1);
            Exchange.write(session, Operation.WRITE, last, 1, 2);
            Exchange.write(session, Operation.WRITE, last - 9, 7, 3);
            Exchange.expect(session, 0, 1, 1);
            Exchange.expect(session, last, 1, 2);
            Exchange.expect(session, last - 9, 7, 3);
        }
    }

    @Test
    void theLargestTransferIsDoneWhole() throws IOException {
        try (UringSession session = writing()) {
            int most = (int) Math.min(
                    session.geometry().maxTransferBlocks(), session.geometry().blockCount() - 3);
            Exchange.write(session, Operation.WRITE, 3, most, 4);
            Exchange.expect(session, 3, most, 4);
            assertRefused(session, Operation.READ, 0, session.geometry().maxTransferBlocks() + 1L, 0, "at most");
        }
    }

    @Test
    void aDurableWriteIsReadBack() throws IOException {
        try (UringSession session = writing()) {
            Exchange.write(session, Operation.WRITE_DURABLE, 5, 8, 5);
            Exchange.expect(session, 5, 8, 5);
        }
    }

    @Test
    void anyPlaceInTheBufferThatIsAlignedServes() throws IOException {
        try (UringSession session = writing()) {
            Geometry geometry = session.geometry();
            int end = session.buffer().size() - geometry.blockBytes();
            for (int offset : new int[] {0, geometry.alignmentBytes(), 8 * geometry.alignmentBytes(), end}) {
                session.buffer().bytes().putLong(offset, 0x1122_3344_5566_7788L + offset);
                assertThat(session.submit(Operation.WRITE, 2, 1, session.buffer(), offset, 0))
                        .isTrue();
                new Recorder().finish(session);
                session.buffer().bytes().putLong(offset, 0);
                assertThat(session.submit(Operation.READ, 2, 1, session.buffer(), offset, 0))
                        .isTrue();
                assertThat(new Recorder().finish(session).failures()).isEmpty();
                assertThat(session.buffer().bytes().getLong(offset)).isEqualTo(0x1122_3344_5566_7788L + offset);
            }
        }
    }

    @Test
    void latenciesOfEveryKindAreRecordedWhenAskedFor() throws IOException {
        try (UringSession session = device().open(WRITING.latency(true));
                UringSession other = writing()) {
            Exchange.write(session, Operation.WRITE, 1, 2, 12);
            Exchange.expect(session, 1, 2, 12);
            Exchange.perform(session, Operation.SYNC, 0, 0);
            Exchange.expect(other, 1, 2, 12);

            LatencyStatistics latency = session.latency();
            assertThat(latency.of(Operation.WRITE).count()).isEqualTo(1);
            assertThat(latency.of(Operation.READ).count()).isEqualTo(1);
            assertThat(latency.of(Operation.SYNC).count()).isEqualTo(1);
            assertThat(latency.all().maxNanos()).isPositive();
            assertThat(other.latency()).isEqualTo(LatencyStatistics.none());
        }
    }

    @Test
    void blocksAreCountedFromTheWindowsFirst() throws IOException {
        try (UringSession whole = writing();
                UringSession part = device().open(WRITING.window(7, 5))) {
            assertThat(part.geometry().blockCount()).isEqualTo(5);
            Exchange.write(part, Operation.WRITE, 0, 5, 6);
            Exchange.expect(whole, 7, 5, 6);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Operation.class, names = "SYNC", mode = EnumSource.Mode.EXCLUDE)
    void nothingOutsideOfTheWindowIsNamed(Operation operation) throws IOException {
        try (UringSession session = device().open(WRITING.window(7, 5))) {
            long[][] outside = {
                {-1, 1},
                {5, 1},
                {4, 2},
                {0, 6},
                {0, 0},
                {0, -1},
                {Long.MAX_VALUE, 1},
                {Long.MIN_VALUE, 1},
                {1, Long.MAX_VALUE},
                {-7, 1},
                {Long.MAX_VALUE - 3, 5},
                {2, 1L << 55},
                {2, 1L << 62},
                {1L << 55, 1}
            };
            for (long[] range : outside) {
                assertThatThrownBy(() -> session.submit(operation, range[0], range[1], session.buffer(), 0, 0))
                        .as("%s of %d at %d", operation, range[1], range[0])
                        .isInstanceOf(InvalidRequestException.class);
            }
            assertThat(session.inFlight()).isZero();
        }
    }

    @Test
    void aWindowMustLieWithinTheDevice() {
        long count = device().geometry().blockCount();
        for (long[] window : new long[][] {{count, 1}, {0, count + 1}, {1, count}, {Long.MAX_VALUE, 0}, {count, 0}}) {
            assertThatThrownBy(() -> device().open(SessionOptions.defaults().window(window[0], window[1])))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("within the device");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Operation.class,
            names = {"WRITE", "WRITE_DURABLE", "TRIM", "WRITE_ZEROES"})
    void aReadOnlySessionChangesNothing(Operation operation) throws IOException {
        try (UringSession session = device().open(SessionOptions.defaults())) {
            assertThat(session.geometry().writeable()).isFalse();
            assertRefused(session, operation, 0, 1, 0, "read-only");
        }
    }

    @Test
    void memoryMustBeTheSessionsAndHoldTheTransfer() throws IOException {
        try (UringSession session = writing();
                UringSession other = device().open(SessionOptions.defaults())) {
            IoBuffer buffer = session.buffer();
            int block = session.geometry().blockBytes();
            assertRefused(session, Operation.READ, 0, 2, buffer.size() - block, "do not fit");
            assertRefused(session, Operation.READ, 0, 1, buffer.size(), "do not fit");
            assertRefused(session, Operation.READ, 0, 1, Long.MAX_VALUE - block + 1, "do not fit");
            assertRefused(session, Operation.WRITE, 0, 1, -block, "do not fit");
            if (session.geometry().alignmentBytes() > 1) {
                assertRefused(session, Operation.READ, 0, 1, session.geometry().alignmentBytes() / 2, "multiple");
            }
            assertThatThrownBy(() -> session.submit(Operation.READ, 0, 1, other.buffer(), 0, 0))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("not of this session");
        }
    }

    private static void assertRefused(
            UringSession session, Operation operation, long block, long count, long offset, String why) {
        assertThatThrownBy(() -> session.submit(operation, block, count, session.buffer(), offset, 0))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining(why);
    }

    @Test
    void everyOperationInFlightIsReportedOnce() throws IOException {
        try (UringSession session = writing()) {
            int depth = session.queueDepth();
            int block =
                    Math.max(session.geometry().blockBytes(), session.geometry().alignmentBytes());
            for (int round = 0; round < 5; round++) {
                for (int i = 0; i < depth; i++) {
                    assertThat(session.submit(Operation.READ, i, 1, session.buffer(), (long) i * block, 100 + i))
                            .isTrue();
                }
                assertThat(session.submit(Operation.READ, 0, 1, session.buffer(), 0, 0))
                        .isFalse();
                assertThat(session.inFlight()).isEqualTo(depth);
                Recorder recorder = new Recorder().finish(session);
                assertThat(recorder.failures()).isEmpty();
                assertThat(recorder.tags())
                        .containsExactlyInAnyOrderElementsOf(
                                LongStream.range(100, 100 + depth).boxed().toList());
            }
        }
    }

    @Test
    void pollReportsNoMoreThanItIsAskedFor() throws IOException {
        try (UringSession session = writing()) {
            for (int i = 0; i < 5; i++) {
                session.submit(Operation.READ, i, 1, session.buffer(), 0, i);
            }
            Recorder recorder = new Recorder();
            while (recorder.tags().size() < 5) {
                assertThat(session.await(20 * SECOND)).isTrue();
                assertThat(session.poll(recorder, 1)).isLessThanOrEqualTo(1);
            }
            assertThat(recorder.tags()).containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L);
        }
    }

    @Test
    void anOwnerMayWaitForSeveralAtOnce() throws IOException {
        try (UringSession session = writing()) {
            Recorder recorder = new Recorder();
            for (int round = 0; round < 50; round++) {
                for (long tag = 0; tag < 5; tag++) {
                    assertThat(session.submit(Operation.READ, tag, 1, session.buffer(), tag * 4096, round * 5L + tag))
                            .isTrue();
                }
                // More than is in flight never comes.
                assertThat(session.await(session.queueDepth() + 1, 20 * SECOND)).isTrue();
                while (session.poll(recorder, 64) > 0 || session.inFlight() > 0) {
                    assertThat(session.inFlight() == 0 || session.await(session.inFlight(), 20 * SECOND))
                            .isTrue();
                }
            }
            assertThat(recorder.failures()).isEmpty();
            assertThat(recorder.tags())
                    .containsExactlyInAnyOrderElementsOf(
                            LongStream.range(0, 250).boxed().toList());
        }
    }

    @Test
    void aHandlerMaySubmit() throws IOException {
        try (UringSession session = writing()) {
            List<Long> seen = new ArrayList<>();
            Completion chain = new Completion() {
                @Override
                public void completed(long tag) {
                    seen.add(tag);
                    if (tag < 40) {
                        try {
                            assertThat(session.submit(Operation.READ, tag, 1, session.buffer(), 0, tag + 1))
                                    .isTrue();
                        } catch (BlockIoException refused) {
                            throw new AssertionError(refused);
                        }
                    }
                }

                @Override
                public void failed(long tag, BlockIoException failure) {
                    throw new AssertionError(failure);
                }
            };
            session.submit(Operation.READ, 0, 1, session.buffer(), 0, 1);
            while (session.inFlight() > 0) {
                assertThat(session.await(20 * SECOND)).isTrue();
                session.poll(chain, 8);
            }
            assertThat(seen)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, 40).boxed().toList());
        }
    }

    @Test
    void aSyncIsReportedAfterEveryEarlierWrite() throws IOException {
        try (UringSession session = writing()) {
            int most = Math.min(session.geometry().maxTransferBlocks(), 64);
            for (int round = 0; round < 20; round++) {
                for (long tag = 1; tag <= 8; tag++) {
                    session.submit(Operation.WRITE, tag, most, session.buffer(), 0, tag);
                }
                session.submit(Operation.SYNC, 0, 0, session.buffer(), 0, 9);
                session.submit(Operation.WRITE, 0, 1, session.buffer(), 0, 10);
                session.submit(Operation.SYNC, 0, 0, session.buffer(), 0, 11);
                List<Long> order = new Recorder().finish(session).tags();
                assertThat(order).containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L);
                assertThat(order.subList(0, order.indexOf(9L))).contains(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
                assertThat(order.indexOf(11L)).isGreaterThan(order.indexOf(10L));
            }
        }
    }

    @Test
    void syncsAloneFillTheQueueAndEnd() throws IOException {
        try (UringSession session = writing()) {
            int count = 0;
            session.submit(Operation.WRITE, 0, 1, session.buffer(), 0, 0);
            while (session.submit(Operation.SYNC, 0, 0, session.buffer(), 0, ++count)) {
                assertThat(count).isLessThan(session.queueDepth());
            }
            assertThat(new Recorder().finish(session).failures()).isEmpty();
        }
        try (UringSession session = device().open(SessionOptions.defaults())) {
            Exchange.perform(session, Operation.SYNC, -1, -1);
        }
    }

    @Test
    void zeroedBlocksReadAsZeroesAndTheirNeighboursStay() throws IOException {
        try (UringSession session = writing()) {
            Exchange.write(session, Operation.WRITE, 8, 24, 7);
            byte[] before = Exchange.read(session, 8, 24);
            Exchange.perform(session, Operation.WRITE_ZEROES, 11, 13);
            Exchange.expectZeroes(session, 11, 13);
            int block = session.geometry().blockBytes();
            byte[] after = Exchange.read(session, 8, 24);
            assertThat(after).startsWith(java.util.Arrays.copyOf(before, 3 * block));
            assertThat(java.util.Arrays.copyOfRange(after, 16 * block, 24 * block))
                    .isEqualTo(java.util.Arrays.copyOfRange(before, 16 * block, 24 * block));
        }
    }

    @Test
    void trimmedBlocksCanBeReadAndTheirNeighboursStay() throws IOException {
        try (UringSession session = writing()) {
            if (session.geometry().maxTrimBlocks() == 0) {
                assertRefused(session, Operation.TRIM, 0, 1, 0, "cannot do that");
                return;
            }
            Exchange.write(session, Operation.WRITE, 0, 8, 8);
            Exchange.write(session, Operation.WRITE, 8, 16, 9);
            Exchange.write(session, Operation.WRITE, 24, 8, 10);
            Exchange.perform(session, Operation.TRIM, 8, 16);
            Exchange.read(session, 8, 16);
            Exchange.expect(session, 0, 8, 8);
            Exchange.expect(session, 24, 8, 10);
        }
    }

    @Test
    void countersCountWhatWasDone() throws IOException {
        try (UringSession session = writing()) {
            Exchange.perform(session, Operation.WRITE, 0, 3);
            Exchange.perform(session, Operation.WRITE_DURABLE, 3, 2);
            Exchange.perform(session, Operation.WRITE_ZEROES, 5, 4);
            Exchange.perform(session, Operation.READ, 0, 6);
            Exchange.perform(session, Operation.SYNC, 0, 0);
            SessionStatistics counted = session.statistics();
            assertThat(counted.reads()).isEqualTo(1);
            assertThat(counted.blocksRead()).isEqualTo(6);
            assertThat(counted.writes()).isEqualTo(3);
            assertThat(counted.blocksWritten()).isEqualTo(9);
            assertThat(counted.syncs()).isEqualTo(1);
            assertThat(counted.failures()).isZero();
            assertThat(counted.strays()).isZero();
            // And once more for what had to be done another way.
            assertThat(counted.commits()).isBetween(5L, 6L);
        }
    }

    @Test
    void waitingForNothingEnds() throws IOException {
        try (UringSession session = writing()) {
            assertThat(session.await(0)).isFalse();
            assertThat(session.await(5_000_000)).isFalse();
            assertThat(session.poll(new Recorder(), 1)).isZero();
        }
    }

    @Test
    void anotherThreadEndsTheSleepOfASessionWithInterrupts() throws Exception {
        try (UringSession session = device().open(WRITING.interrupts(true))) {
            assertThat(session.hasInterrupt()).isEqualTo(announces());
            if (!announces()) {
                return;
            }
            FutureTask<Boolean> waker = new FutureTask<>(() -> {
                session.wakeup();
                return true;
            });
            new Thread(waker).start();
            assertThat(session.await(100 * SECOND)).as("something to report").isFalse();
            assertThat(waker.get()).isTrue();
        }
    }

    @Test
    void completionsEndTheSleepOfASessionWithInterrupts() throws IOException {
        try (UringSession session = device().open(WRITING.interrupts(true))) {
            for (int round = 0; round < 200; round++) {
                session.submit(Operation.READ, round % 8, 1, session.buffer(), 0, round);
                assertThat(session.await(100 * SECOND)).isTrue();
                Recorder recorder = new Recorder();
                while (session.poll(recorder, 2) == 0) {
                    // The answer was that this kernel wants it another way, which is tried once in a session's life.
                    assertThat(round).isZero();
                    assertThat(session.await(100 * SECOND)).isTrue();
                }
                assertThat(recorder.tags()).containsExactly((long) round);
                assertThat(recorder.failures()).isEmpty();
            }
            Exchange.write(session, Operation.WRITE, 1, 3, 12);
            Exchange.expect(session, 1, 3, 12);
            assertThat(session.await(5_000_000)).as("something to report").isFalse();
        }
    }

    @Test
    void closingWaitsForWhatIsInFlight() throws IOException {
        for (int round = 0; round < 20; round++) {
            UringSession session = writing();
            session.buffer().bytes().putLong(0, round);
            for (int i = 0; i < 16; i++) {
                session.submit(Operation.WRITE, i, 1, session.buffer(), 0, i);
                session.submit(Operation.READ, 20, 4, session.buffer(), 1 << 16, i);
            }
            session.close();
            assertThat(session.inFlight()).isZero();
            try (UringSession again = writing()) {
                Exchange.read(again, 15, 1);
                assertThat(again.buffer().bytes().getLong(0)).isEqualTo(round);
            }
        }
    }

    @Test
    void anotherThreadMayTakeOverAndClose() throws Exception {
        UringSession session = writing();
        session.buffer().bytes().putLong(0, 4711);
        session.submit(Operation.WRITE, 3, 1, session.buffer(), 0, 1);
        session.commit();
        Recorder recorder = new Recorder();
        inAnotherThread(() -> {
            recorder.finish(session);
            Exchange.read(session, 3, 1);
            session.submit(Operation.WRITE, 4, 1, session.buffer(), 0, 2);
        });
        assertThat(recorder.tags()).containsExactly(1L);
        assertThat(session.buffer().bytes().getLong(0)).isEqualTo(4711);
        inAnotherThread(session::close);
        try (UringSession again = writing()) {
            Exchange.read(again, 4, 1);
            assertThat(again.buffer().bytes().getLong(0)).isEqualTo(4711);
        }
    }

    private interface Work {
        void perform() throws IOException;
    }

    private static void inAnotherThread(Work work) throws Exception {
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            work.perform();
            return true;
        });
        new Thread(task).start();
        assertThat(task.get()).isTrue();
    }

    @Test
    void aClosedSessionSaysSoAndItsMemoryIsHarmless() throws IOException {
        UringSession session = writing();
        IoBuffer buffer = session.buffer();
        session.close();
        session.close();
        assertThatThrownBy(() -> session.submit(Operation.READ, 0, 1, buffer, 0, 0))
                .isInstanceOf(SessionClosedException.class);
        assertThatThrownBy(() -> session.submit(Operation.SYNC, 0, 0, buffer, 0, 0))
                .isInstanceOf(SessionClosedException.class);
        assertThatThrownBy(() -> session.poll(new Recorder(), 1)).isInstanceOf(SessionClosedException.class);
        assertThatThrownBy(() -> session.await(1)).isInstanceOf(SessionClosedException.class);
        session.commit();
        buffer.bytes().putLong(0, 1);
        assertThat(session.inFlight()).isZero();
        assertThat(session.statistics().reads()).isZero();
    }

    @Test
    void closingTheDeviceClosesItsSessions() throws IOException {
        UringSession session = writing();
        device().close();
        assertThatThrownBy(() -> session.poll(new Recorder(), 1)).isInstanceOf(SessionClosedException.class);
        assertThatThrownBy(() -> device().open(SessionOptions.defaults())).isInstanceOf(SessionClosedException.class);
        device().close();
    }
}
