package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.block.LatencyHistogram;
import io.sluice.block.Operation;
import io.sluice.block.statistics.OperationReading;
import io.sluice.block.statistics.ProcessIdentity;
import io.sluice.block.statistics.ProcessStatistics;
import io.sluice.block.statistics.SessionReading;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SessionActivityTest {
    private static final long SECOND = 1_000_000_000L;

    /** So many operations, all of 100 ns. */
    static OperationReading reading(long done, long blocks) {
        long[] counts = new long[101];
        counts[100] = done;
        return new OperationReading(done, blocks, LatencyHistogram.of(counts));
    }

    static SessionReading session(long number, Map<Operation, OperationReading> operations) {
        return new SessionReading(number, "drive", "label", 0, 100, 4096, true, 32, 7, 3, operations);
    }

    static ProcessStatistics process(long pid, long nanos, SessionReading... sessions) {
        return new ProcessStatistics(new ProcessIdentity(pid, 1, 1), "program", nanos, 0, List.of(sessions));
    }

    private static SessionActivity between(ProcessStatistics earlier, ProcessStatistics later) {
        return SessionActivity.between(List.of(earlier), List.of(later)).get(0);
    }

    @Test
    void ratesAreOfWhatWasAddedByTheClockOfTheProcess() {
        SessionActivity activity = between(
                process(1, 5 * SECOND, session(1, Map.of(Operation.READ, reading(1000, 2000)))),
                process(
                        1,
                        7 * SECOND,
                        session(1, Map.of(Operation.READ, reading(4000, 8000), Operation.WRITE, reading(10, 10)))));

        assertThat(activity.iops(Operation.READ)).isEqualTo(1500);
        assertThat(activity.bytesPerSecond(Operation.READ)).isEqualTo(3000 * 4096.0);
        assertThat(activity.iops(Operation.WRITE)).isEqualTo(5);
        assertThat(activity.done(Operation.READ).latency().count()).isEqualTo(3000);
        assertThat(activity.iops(Operation.SYNC)).isZero();
        assertThat(activity.done()).containsOnlyKeys(Operation.READ, Operation.WRITE);
    }

    @Test
    void theDepthIsWhatTheLatenciesAddUpTo() {
        SessionActivity activity = between(
                process(1, 0, session(1, Map.of())),
                process(1, 1000, session(1, Map.of(Operation.READ, reading(25, 25)))));
        assertThat(activity.depth()).isEqualTo(2.5);
    }

    @Test
    void withoutLatenciesTheDepthIsWhatWasSeen() {
        SessionActivity activity = between(
                process(1, 0, session(1, Map.of())),
                process(
                        1,
                        1000,
                        session(1, Map.of(Operation.READ, new OperationReading(9, 9, LatencyHistogram.EMPTY)))));
        assertThat(activity.depth()).isEqualTo(7);
        assertThat(activity.iops(Operation.READ)).isEqualTo(9e6);
    }

    @Test
    void aSessionThatWasOpenedMeanwhileDidEverythingMeanwhile() {
        SessionActivity activity =
                between(process(1, 0), process(1, SECOND, session(2, Map.of(Operation.TRIM, reading(5, 50)))));
        assertThat(activity.iops(Operation.TRIM)).isEqualTo(5);
    }

    @Test
    void aProcessThatWasNotThereBeforeHasNoRatesYet() {
        ProcessStatistics there = process(1, SECOND, session(1, Map.of(Operation.READ, reading(5, 5))));
        SessionActivity fresh =
                SessionActivity.between(List.of(process(2, 0)), List.of(there)).get(0);
        assertThat(fresh.nanos()).isZero();
        assertThat(fresh.iops(Operation.READ)).isZero();
        assertThat(fresh.done()).isEmpty();

        assertThat(between(there, there).nanos()).isZero();
    }
}
