package io.sluice.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Limits by a clock that the test moves, over memory that does at once whatever it is let do. */
class LimitedSessionTest implements Completion {
    private static final long SECOND = 1_000_000_000;
    private static final long STEP = 10_000;
    private static final Percentage TWO = Percentage.withPercentage(2);
    private static final int DEPTH = 32;

    private final RamDevice device = new RamDevice("ram", 512, 1 << 20);
    private final List<Long> done = new ArrayList<>();
    private final List<BlockIoException> failures = new ArrayList<>();
    private long now = -5 * SECOND;

    @AfterEach
    void close() throws IOException {
        device.close();
    }

    @Override
    public void completed(long tag) {
        done.add(tag);
    }

    @Override
    public void failed(long tag, BlockIoException failure) {
        failures.add(failure);
    }

    private LimitedSession open(Limits limits) throws IOException {
        return LimitedSession.over(
                device.open(SessionOptions.defaults().writeable(true).queueDepth(DEPTH)), "ram", limits, () -> now);
    }

    private static boolean submit(LimitedSession session, Operation operation, int blocks, long tag)
            throws IOException {
        return session.submit(operation, 0, blocks, session.buffer(), 0, tag);
    }

    /** Keeps as many operations of each kind in flight as there is room for; how many of each are done in the time. */
    private long[] run(LimitedSession session, long nanos, int readBlocks, int writeBlocks) throws IOException {
        long[] counts = new long[2];
        Completion counter = new Completion() {
            @Override
            public void completed(long tag) {
                counts[(int) tag]++;
            }

            @Override
            public void failed(long tag, BlockIoException failure) {
                throw new AssertionError(failure);
            }
        };
        long[] submitted = new long[2];
        for (long end = now + nanos; now < end; now += STEP) {
            for (int i = 0; i < DEPTH / 2; i++) {
                if (submitted[0] - counts[0] < DEPTH / 2 && submit(session, Operation.READ, readBlocks, 0)) {
                    submitted[0]++;
                }
                if (submitted[1] - counts[1] < DEPTH / 2 && submit(session, Operation.WRITE, writeBlocks, 1)) {
                    submitted[1]++;
                }
            }
            session.commit();
            session.poll(counter, Integer.MAX_VALUE);
        }
        // What is held back at the end does not count, and must not meet the next counter.
        while (session.inFlight() > 0) {
            now += STEP;
            session.commit();
            session.poll(this, Integer.MAX_VALUE);
        }
        return counts;
    }

    @Test
    void operationsOfEachDirectionAreLimitedApartAndExactly() throws IOException {
        try (LimitedSession session =
                open(Limits.none().readOperations(Rate.perSecond(10_000)).writeOperations(Rate.perSecond(2_500)))) {
            long[] counts = run(session, SECOND, 8, 1);
            assertThat(counts[0]).isCloseTo(10_000, TWO);
            assertThat(counts[1]).isCloseTo(2_500, TWO);
        }
    }

    @Test
    void bytesOfEachDirectionAreLimitedApartWhateverTheSizeOfAnOperation() throws IOException {
        try (LimitedSession session =
                open(Limits.none().readBytes(Rate.perSecond(100 << 20)).writeBytes(Rate.perSecond(20 << 20)))) {
            long[] counts = run(session, SECOND, 256, 3);
            assertThat(counts[0] * 256 * 512).isCloseTo(100 << 20, TWO);
            assertThat(counts[1] * 3 * 512).isCloseTo(20 << 20, TWO);
        }
    }

    @Test
    void whatIsLargerThanABurstPassesAndIsPaidForAfterwards() throws IOException {
        try (LimitedSession session =
                open(Limits.none().readBytes(Rate.perSecond(4 << 20).burst(4096)))) {
            // Pieces of 128 KiB, 32 a second.
            assertThat(run(session, 4 * SECOND, 256, 1)[0]).isCloseTo(128, within(2L));
        }
    }

    @Test
    void afterAPauseABurstPassesAtOnceAndNoMore() throws IOException {
        try (LimitedSession session =
                open(Limits.none().readOperations(Rate.perSecond(1000).burst(20)))) {
            run(session, SECOND, 1, 1);
            now += 60 * SECOND;
            for (int i = 0; i < DEPTH; i++) {
                assertThat(submit(session, Operation.READ, 1, i)).isTrue();
            }
            session.commit();
            done.clear();
            assertThat(session.poll(this, DEPTH)).isEqualTo(20);
            assertThat(session.inFlight()).isEqualTo(DEPTH - 20);
            now += 500_000;
            session.poll(this, DEPTH);
            session.poll(this, DEPTH);
            assertThat(done).hasSize(21);
        }
    }

    @Test
    void limitsChangeWhileOperationsWait() throws IOException {
        try (LimitedSession session = open(Limits.none().readOperations(Rate.perSecond(100)))) {
            assertThat(run(session, SECOND, 1, 1)[0]).isCloseTo(100, TWO);
            session.limits(Limits.none().readOperations(Rate.perSecond(5_000)));
            assertThat(session.limits().readOperations().perSecond()).isEqualTo(5_000);
            assertThat(run(session, SECOND, 1, 1)[0]).isCloseTo(5_000, TWO);
            session.limits(Limits.none());
            assertThat(run(session, SECOND / 10, 1, 1)[0]).isGreaterThan(100_000);
        }
    }

    @Test
    void aSyncStaysBehindTheWritesBeforeItAndReadsPassBoth() throws IOException {
        try (LimitedSession session =
                open(Limits.none().writeOperations(Rate.perSecond(10).burst(1)))) {
            assertThat(submit(session, Operation.WRITE, 1, 1)).isTrue();
            assertThat(submit(session, Operation.WRITE, 1, 2)).isTrue();
            assertThat(submit(session, Operation.SYNC, 0, 3)).isTrue();
            assertThat(submit(session, Operation.READ, 1, 4)).isTrue();
            for (int i = 0; i < 100; i++) {
                session.commit();
                session.poll(this, DEPTH);
            }
            assertThat(done).containsExactly(1L, 4L);
            now += SECOND / 10 + STEP;
            session.commit();
            session.poll(this, DEPTH);
            assertThat(done).containsExactly(1L, 4L, 2L, 3L);
        }
    }

    @Test
    void whatIsHeldCountsAsInFlightAndIsCheckedWhenSubmitted() throws IOException {
        try (LimitedSession session =
                open(Limits.none().readOperations(Rate.perSecond(1).burst(1)))) {
            for (int i = 0; i < DEPTH; i++) {
                assertThat(submit(session, Operation.READ, 1, i)).isTrue();
            }
            assertThat(session.inFlight()).isEqualTo(DEPTH);
            assertThat(submit(session, Operation.READ, 1, 99)).isFalse();
            assertThat(submit(session, Operation.WRITE, 1, 99)).isFalse();
            assertThatThrownBy(() -> session.submit(Operation.READ, (1 << 20) - 1, 2, session.buffer(), 0, 0))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("window");
            assertThatThrownBy(() -> session.submit(Operation.READ, 0, 1, session.buffer(), 4 << 20, 0))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("do not fit");
            try (BlockSession other = device.open(SessionOptions.defaults())) {
                assertThatThrownBy(() -> session.submit(Operation.READ, 0, 1, other.buffer(), 0, 0))
                        .isInstanceOf(InvalidRequestException.class)
                        .hasMessageContaining("not of this session");
            }
            session.limits(Limits.none());
            session.commit();
            session.poll(this, DEPTH);
            session.poll(this, DEPTH);
            assertThat(done).hasSize(DEPTH);
        }
    }

    @Test
    void whatIsHeldWhenTheSessionIsFencedFailsWithTheReason() throws IOException {
        try (LimitedSession session =
                open(Limits.none().readOperations(Rate.perSecond(1).burst(1)))) {
            for (int i = 0; i < 3; i++) {
                assertThat(submit(session, Operation.READ, 1, i)).isTrue();
            }
            session.commit();
            session.fence("partition 1 vanished");
            assertThatThrownBy(() -> submit(session, Operation.READ, 1, 3)).isInstanceOf(FencedException.class);
            assertThat(session.await(0)).isTrue();
            assertThat(session.poll(this, DEPTH)).isEqualTo(3);
            assertThat(done).containsExactly(0L);
            assertThat(failures)
                    .hasSize(2)
                    .allSatisfy(failure -> assertThat(failure)
                            .isInstanceOf(FencedException.class)
                            .hasMessage("read of 1 block at block 0 on ram: partition 1 vanished"));
            assertThat(session.inFlight()).isZero();
        }
    }

    @Test
    void whatIsHeldWhenTheDeviceGoesIsReportedOnce() throws IOException {
        HeldDevice held = new HeldDevice(512, 64);
        try (LimitedSession session = LimitedSession.over(
                held.open(SessionOptions.defaults()),
                "held",
                Limits.none().readOperations(Rate.perSecond(1).burst(1)),
                () -> now)) {
            for (int i = 0; i < 4; i++) {
                assertThat(submit(session, Operation.READ, 1, i)).isTrue();
            }
            session.commit();
            held.breakDown();
            assertThat(session.poll(this, 2)).isEqualTo(2);
            assertThat(session.poll(this, 2)).isEqualTo(1);
            assertThat(failures).hasSize(3).allMatch(DeviceGoneException.class::isInstance);
            assertThatThrownBy(() -> session.poll(this, 1)).isInstanceOf(DeviceGoneException.class);
        } finally {
            held.close();
        }
    }

    @Test
    void closingDoesWhatIsHeldAndEndsTheSessionUnderneath() throws IOException {
        BlockSession under =
                device.open(SessionOptions.defaults().writeable(true).queueDepth(DEPTH));
        LimitedSession session = LimitedSession.over(
                under, "ram", Limits.none().writeOperations(Rate.perSecond(1).burst(1)), () -> now);
        boolean[] ended = new boolean[1];
        session.whenEnded(() -> ended[0] = true);
        session.buffer().bytes().putLong(0, 42);
        for (int i = 0; i < 5; i++) {
            assertThat(session.submit(Operation.WRITE, i, 1, session.buffer(), 0, i))
                    .isTrue();
        }
        session.close();
        session.close();
        assertThat(ended[0]).isTrue();
        assertThat(under.statistics().writes()).isEqualTo(5);
        assertThatThrownBy(() -> submit(session, Operation.READ, 1, 0)).isInstanceOf(SessionClosedException.class);
        assertThatThrownBy(() -> session.poll(this, 1)).isInstanceOf(SessionClosedException.class);
        assertThatThrownBy(() -> session.await(1)).isInstanceOf(SessionClosedException.class);
    }

    @Test
    void memoryOfOthersAndInSeveralPlacesWaitsLikeAnyOther() throws IOException {
        try (LimitedSession session =
                open(Limits.none().writeOperations(Rate.perSecond(1).burst(1)))) {
            IoBuffer mine = session.wrap(ByteBuffer.allocateDirect(4096));
            mine.bytes().put(0, (byte) 1).put(1024, (byte) 2);
            Segments segments = new Segments(2).add(mine, 1024, 512).add(mine, 0, 512);
            assertThat(session.submit(Operation.WRITE, 8, 2, segments, 1)).isTrue();
            assertThat(session.submit(Operation.WRITE, 16, 2, segments, 2)).isTrue();
            segments.clear().add(mine, 2048, 512);
            assertThatThrownBy(() -> session.submit(Operation.WRITE, 0, 2, segments, 3))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("512 bytes together");
            session.commit();
            session.poll(this, DEPTH);
            assertThat(done).containsExactly(1L);
            assertThatThrownBy(() -> session.unwrap(mine)).hasMessageContaining("wait for the limits");
            session.limits(Limits.none());
            session.poll(this, DEPTH);
            session.poll(this, DEPTH);
            session.unwrap(mine);
            assertThatThrownBy(() -> session.submit(Operation.WRITE, 0, 1, mine, 0, 3))
                    .isInstanceOf(InvalidRequestException.class);
            assertThat(session.submit(Operation.READ, 16, 2, session.buffer(), 0, 4))
                    .isTrue();
            session.commit();
            session.poll(this, DEPTH);
            assertThat(done).containsExactly(1L, 2L, 4L);
            assertThat(session.buffer().bytes().get(0)).isEqualTo((byte) 2);
            assertThat(session.buffer().bytes().get(512)).isEqualTo((byte) 1);
        }
    }

    @Test
    void whatCanNeverBeDoneIsRefusedAtOnceAndFailsNoOther() throws IOException {
        try (LimitedSession session =
                open(Limits.none().readOperations(Rate.perSecond(1).burst(1)))) {
            IoBuffer readOnly = session.wrap(ByteBuffer.allocateDirect(4096).asReadOnlyBuffer());
            assertThat(submit(session, Operation.READ, 1, 1)).isTrue();
            assertThat(submit(session, Operation.READ, 1, 2)).isTrue();
            assertThatThrownBy(() -> session.submit(Operation.READ, 0, 1, readOnly, 0, 3))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("read-only buffer");
            assertThatThrownBy(() -> session.submit(Operation.READ, 0, 1, new Segments(1).add(readOnly, 0, 512), 4))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("read-only buffer");
            session.limits(Limits.none());
            while (session.inFlight() > 0) {
                session.commit();
                session.poll(this, DEPTH);
            }
            assertThat(done).containsExactly(1L, 2L);
            assertThat(failures).isEmpty();
        }
    }

    @Test
    void awaitSleepsUntilTheLimitsLetSomethingPass() throws IOException {
        try (LimitedSession session = LimitedSession.over(
                device.open(SessionOptions.defaults()),
                "ram",
                Limits.none().readOperations(Rate.perSecond(100).burst(1)))) {
            for (int i = 0; i < 4; i++) {
                assertThat(submit(session, Operation.READ, 1, i)).isTrue();
            }
            while (session.inFlight() > 0) {
                assertThat(session.await(60 * SECOND)).isTrue();
                assertThat(session.poll(this, 1)).isEqualTo(1);
            }
            assertThat(done).containsExactly(0L, 1L, 2L, 3L);
        }
    }

    @Test
    void wakeupAndNewLimitsEndTheSleep() throws Exception {
        try (LimitedSession session = LimitedSession.over(
                device.open(SessionOptions.defaults()), "ram", Limits.none().readOperations(new Rate(1, 1)))) {
            session.limits(Limits.none().readOperations(Rate.perSecond(1).burst(1)));
            for (int i = 0; i < 60; i++) {
                assertThat(submit(session, Operation.READ, 1, i)).isTrue();
            }
            session.commit();
            session.poll(this, 1);
            session.wakeup();
            assertThat(session.await(60 * SECOND)).isFalse();
            Thread other = new Thread(() -> session.limits(Limits.none()));
            other.start();
            while (session.inFlight() > 0) {
                if (session.poll(this, DEPTH) == 0) {
                    session.await(60 * SECOND);
                }
            }
            other.join();
            assertThat(done).hasSize(60);
        }
    }

    @Test
    void limitsThatCannotBeAreRefused() {
        assertThatThrownBy(() -> new Rate(-1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Rate(10, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bursts of 0");
        assertThat(Rate.perSecond(0)).isEqualTo(Rate.unlimited());
        assertThat(Rate.perSecond(50)).isEqualTo(new Rate(50, 1));
        assertThat(Limits.none().isLimited()).isFalse();
        assertThat(Limits.none().writeBytes(Rate.perSecond(1)).isLimited()).isTrue();
        assertThatCode(() -> Rate.perSecond(Long.MAX_VALUE)).doesNotThrowAnyException();
    }
}
