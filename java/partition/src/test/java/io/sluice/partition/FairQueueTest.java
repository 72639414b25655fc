package io.sluice.partition;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The clocks of a shared queue count bytes for ever: wherever they stand, sessions get the same shares. */
class FairQueueTest {
    private static final int BYTES = 128 << 10;
    private static final long MAY_FLY = 2L * BYTES;
    private static final long HALF = 1L << 62;

    @ParameterizedTest
    @ValueSource(
            longs = {0, HALF, Long.MAX_VALUE - 1_000_000_000L, Long.MAX_VALUE, Long.MIN_VALUE, -1_000_000_000L, -1})
    void aNewSessionBeginsNowWhateverTheClocksShow(long clocks) {
        FairQueue queue = new FairQueue(MAY_FLY, clocks);
        Flow old = new Flow(1);
        run(queue, 100, old);
        Flow fresh = new Flow(1);

        int[] sent = run(queue, 1000, old, fresh);

        assertThat(sent[0]).isBetween(499, 501);
        assertThat(sent[1]).isBetween(499, 501);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, HALF, Long.MAX_VALUE, -1})
    void aSessionThatNeverSentIsNotAtWork(long clocks) {
        FairQueue queue = new FairQueue(MAY_FLY, clocks);

        assertThat(queue.isAtWork(new Flow(1))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE - 1_000_000_000L, -1})
    void aSessionThatRestedIsNoFurtherBehindThanANewOne(long clocks) {
        FairQueue queue = new FairQueue(MAY_FLY, clocks);
        Flow busy = new Flow(1);
        Flow rested = new Flow(1);
        run(queue, 10, busy, rested);
        // More than the bytes after which a session counts as at work no more.
        run(queue, 4096, busy);
        assertThat(queue.isAtWork(rested)).isFalse();

        int[] sent = run(queue, 1000, busy, rested);

        assertThat(sent[0]).isBetween(499, 501);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE - 1_000_000_000L})
    void weightsHoldAcrossTheEndOfTheClocks(long clocks) {
        FairQueue queue = new FairQueue(MAY_FLY, clocks);
        Flow light = new Flow(1);
        Flow heavy = new Flow(3);

        int[] sent = run(queue, 4000, light, heavy);

        assertThat(sent[1]).isBetween(2997, 3003);
    }

    /** Sends operations one after the other, each from the session that is furthest behind; returns how many each sent. */
    private static int[] run(FairQueue queue, int operations, Flow... flows) {
        int[] sent = new int[flows.length];
        long cost = FairQueue.cost(BYTES);
        for (int i = 0; i < operations; i++) {
            int next = 0;
            for (int f = 0; f < flows.length; f++) {
                queue.arrive(flows[f]);
                if (FairQueue.isBefore(flows[f], flows[next])) {
                    next = f;
                }
            }
            assertThat(queue.maySend(flows[next], cost, false)).isTrue();
            queue.send(flows[next], cost);
            queue.complete(flows[next], cost);
            sent[next]++;
        }
        for (Flow flow : flows) {
            flow.leave();
        }
        return sent;
    }
}
