package io.sluice.reproduce;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.report.Lab;
import io.sluice.report.Outcome;
import io.sluice.report.Tables;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordsTest {
    private static final List<Step> STEPS =
            Plan.of(Tables.selected("c"), Lab.GUEST, 2).steps();

    @TempDir
    private Path directory;

    private static Outcome value(double value) {
        return new Outcome.Value(value, "MiB/s", Map.of());
    }

    @Test
    void whatWasMeasuredIsThereWhenTheCommandIsStartedAgain() throws IOException {
        Records records = new Records(directory);
        records.add(STEPS.get(0).measured(value(1), "sluice bench"));
        records.add(STEPS.get(5).measured(value(2), "sluice bench"));

        Records again = new Records(directory);

        assertThat(STEPS.stream().filter(again::has)).containsExactly(STEPS.get(0), STEPS.get(5));
    }

    @Test
    void anotherRunOfTheSameCellIsAnother() throws IOException {
        Records records = new Records(directory);
        Step step = STEPS.get(0);
        Step second = STEPS.stream()
                .filter(other -> other.run() == 2
                        && other.row().equals(step.row())
                        && other.column().equals(step.column()))
                .findFirst()
                .orElseThrow();

        records.add(step.measured(value(1), "sluice bench"));

        assertThat(records.has(second)).isFalse();
    }

    @Test
    void aFailureIsNoFigureAndTheNextOneTakesItsPlace() throws IOException {
        Records records = new Records(directory);
        Step step = STEPS.get(3);
        records.add(step.measured(new Outcome.Failure("no more queues"), ""));
        assertThat(records.has(step)).isFalse();
        assertThat(records.missing(List.of(step))).hasSize(1).first().asString().endsWith("no more queues");

        records.add(step.measured(value(4), "sluice bench"));

        assertThat(records.missing(List.of(step))).isEmpty();
        assertThat(new Records(directory).missing(List.of(step))).isEmpty();
    }

    @Test
    void namesCellsThatWereNeverMeasured() throws IOException {
        assertThat(new Records(directory).missing(STEPS.subList(0, 1)))
                .containsExactly("table c, row 4K, column direct, run 1: was not measured");
    }
}
