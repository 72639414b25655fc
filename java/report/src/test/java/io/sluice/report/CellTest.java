package io.sluice.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CellTest {
    private static Measurement value(int run, double value) {
        return new Measurement(
                "a",
                "4K",
                "direct",
                run,
                run,
                new Outcome.Value(value, "MB/s", Map.of("idle0", value / 2)),
                "sluice dd");
    }

    private static Measurement failure(int run) {
        return new Measurement("a", "4K", "direct", run, 0, new Outcome.Failure("no"), "");
    }

    private static Cell cell(double... values) {
        return Cell.of(IntStream.range(0, values.length)
                .mapToObj(i -> value(i + 1, values[i]))
                .toList());
    }

    @Test
    void aRatioPairsRunsByTheirNumbers() {
        // By medians it would be 50 / 20, and by order of value 1, 2.5 and 9.
        Cell cell = cell(10, 50, 90);
        Cell reference = cell(10, 100, 20);

        assertThat(cell.ratioTo(reference)).contains(new Summary(3, 1, 0.5, 4.5));
    }

    @Test
    void runsThatOneSideLacksAreNotPaired() {
        Cell cell = Cell.of(List.of(value(1, 10), failure(2), value(3, 30)));
        Cell reference = Cell.of(List.of(value(2, 5), value(3, 10), value(4, 7)));

        assertThat(cell.ratioTo(reference)).contains(new Summary(1, 3, 3, 3));
        assertThat(cell.ratioTo(Cell.of(List.of()))).isEmpty();
        assertThat(cell.ratioTo(Cell.of(List.of(failure(1))))).isEmpty();
    }

    @Test
    void thereIsNoRatioToZero() {
        assertThat(cell(1, 2).ratioTo(cell(0, 4))).contains(new Summary(1, 0.5, 0.5, 0.5));
        assertThat(cell(1).ratioTo(cell(0))).isEmpty();
    }

    @Test
    void failuresAreNoValues() {
        Cell cell = Cell.of(List.of(value(1, 10), failure(2), value(3, 30)));

        assertThat(cell.summary()).contains(new Summary(2, 20, 10, 30));
        assertThat(cell.detail("idle0")).contains(new Summary(2, 10, 5, 15));
        assertThat(cell.detail("idle1")).isEmpty();
        assertThat(cell.failures()).containsOnlyKeys(2);
        assertThat(cell.command()).isEqualTo("sluice dd");
    }

    @Test
    void aCellIsMissingWhenNobodyTried() {
        assertThat(Cell.of(List.of()).isMissing()).isTrue();
        assertThat(Cell.of(List.of(failure(1))).isMissing()).isFalse();
        assertThat(Cell.of(List.of(failure(1))).summary()).isEmpty();
    }
}
