package io.sluice.reproduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.report.Measurement;
import io.sluice.report.Outcome;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResultLineTest {
    private static final Step STEP = Step.parse("12 a 4K mediated 2");

    @Test
    void aFigureArrivesWithWhatWasSeenInsideAndOutside() {
        String line =
                ResultLine.of(STEP, new Taken(81.25, Map.of("idle0", 47.5, "cpuJvmMs", 120.0), "sluice dd if=a of=b"));

        Measurement measurement = ResultLine.read(line, Map.of("cpuQemuMs", 300.0));

        assertThat(line).doesNotContain("\n");
        assertThat(measurement)
                .isEqualTo(new Measurement(
                        "a",
                        "4K",
                        "mediated",
                        2,
                        12,
                        new Outcome.Value(81.25, "MB/s", Map.of("idle0", 47.5, "cpuJvmMs", 120.0, "cpuQemuMs", 300.0)),
                        "sluice dd if=a of=b"));
    }

    @Test
    void aFailureArrivesWithItsReasonOnOneLine() {
        Measurement measurement =
                ResultLine.read(ResultLine.of(STEP, new IOException("no queue\n\tis left")), Map.of());

        assertThat(measurement.outcome()).isEqualTo(new Outcome.Failure("no queue is left"));
        assertThat(measurement.sequence()).isEqualTo(12);
    }

    @Test
    void otherLinesAreNotTakenForResults() {
        assertThatThrownBy(() -> ResultLine.read("12 a 4K mediated 2\tvalue\t3", Map.of()))
                .hasMessageContaining("is no result");
    }

    @Test
    void marksAreFoundAmongOtherLines() {
        assertThat(Mark.of(Mark.begin(STEP))).contains(new Mark(STEP, true));
        assertThat(Mark.of(Mark.end(STEP) + "\r")).contains(new Mark(STEP, false));
        assertThat(Mark.of("[    4.2] nvme nvme0: 1/0/0 default/read/poll queues"))
                .isEmpty();
        assertThat(Mark.of("warming up " + STEP.place())).isEmpty();
    }
}
