package io.sluice.block.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.block.LatencyHistogram;
import io.sluice.block.LatencyStatistics;
import io.sluice.block.Operation;
import io.sluice.block.SessionOptions;
import org.junit.jupiter.api.Test;

class LatencyRecorderTest {
    private static final int READ = Operation.READ.ordinal();

    private long now = -3;
    private final SlotFacts slots = new SlotFacts(4);
    private final LatencyRecorder recorder =
            new LatencyRecorder(slots, SessionOptions.defaults().latency(true), () -> now);

    private void submit(int slot, Operation operation) {
        slots.set(slot, operation, 0, 1, 0);
    }

    private LatencyHistogram reads() {
        return recorder.read().of(Operation.READ);
    }

    @Test
    void anOperationCountsFromItsCommitToTheRoundThatFoundIt() {
        submit(1, Operation.READ);
        now += 1_000_000;
        recorder.committed(1);
        now += 100;
        assertThat(recorder.done(1, READ)).isFalse();
        recorder.endRound();

        assertThat(reads().count()).isEqualTo(1);
        assertThat(reads().maxNanos()).isEqualTo(100);
    }

    @Test
    void operationsOfOneCommitBeginTogetherAndThoseOfARoundEndTogether() {
        submit(0, Operation.READ);
        submit(1, Operation.READ);
        recorder.committed(1);
        now += 10;
        submit(2, Operation.READ);
        recorder.committed(1);
        now += 50;
        recorder.done(0, READ);
        now += 7;
        recorder.done(2, READ);
        recorder.endRound();
        recorder.done(1, READ);

        assertThat(reads().count()).isEqualTo(3);
        assertThat(reads().countIn(60)).isEqualTo(1);
        assertThat(reads().countIn(50)).isEqualTo(1);
        assertThat(reads().countIn(67)).isEqualTo(1);
    }

    @Test
    void aClockThatSaysZeroIsNoMissingClock() {
        now = 0;
        submit(0, Operation.READ);
        recorder.committed(1);
        recorder.done(0, READ);
        assertThat(reads().count()).isEqualTo(1);
    }

    @Test
    void eachKindHasItsOwnHistogram() {
        now = 1000;
        for (Operation operation : Operation.values()) {
            submit(0, operation);
            recorder.committed(1);
            now += 1 + operation.ordinal();
            recorder.done(0, operation.ordinal());
            recorder.endRound();
        }
        for (Operation operation : Operation.values()) {
            assertThat(recorder.read().of(operation).count()).isEqualTo(1);
            assertThat(recorder.read().of(operation).maxNanos()).isEqualTo(1 + operation.ordinal());
        }
    }

    @Test
    void whatWasDoneBeforeAnyCommitIsNotCounted() {
        submit(0, Operation.READ);
        recorder.committed(1);
        recorder.done(0, READ);
        recorder.endRound();
        now += 1_000_000;
        submit(0, Operation.READ);
        recorder.done(0, READ);

        assertThat(reads().count()).isEqualTo(1);
        assertThat(reads().maxNanos()).isZero();
    }

    @Test
    void slotsThatAreTakenAgainAndAgainBeforeACommitDoNoHarm() {
        for (int i = 0; i < 10; i++) {
            submit(i % 3, Operation.READ);
        }
        recorder.committed(1);
        now += 5;
        for (int slot = 0; slot < 3; slot++) {
            recorder.done(slot, READ);
        }
        assertThat(reads().count()).isEqualTo(3);
        assertThat(reads().countIn(5)).isEqualTo(3);
    }

    @Test
    void theTimeOfACommitIsThatOfTheDeadlineToo() {
        submit(0, Operation.READ);
        recorder.committed(1);
        assertThat(slots.overdue(0, now + 100, 100)).isFalse();
        assertThat(slots.overdue(0, now + 101, 100)).isTrue();
    }

    @Test
    void withoutTheOptionNothingIsRecorded() {
        SlotFacts untimed = new SlotFacts(1);
        LatencyRecorder off = new LatencyRecorder(untimed, SessionOptions.defaults(), () -> now);
        untimed.set(0, Operation.READ, 0, 1, 0);
        off.committed(1);
        now += 1_000_000_000;
        assertThat(off.done(0, READ)).isFalse();
        assertThat(off.read()).isEqualTo(LatencyStatistics.none());
    }
}
