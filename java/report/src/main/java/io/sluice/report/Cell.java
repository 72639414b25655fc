package io.sluice.report;

import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * All runs of a cell.
 *
 * @param values by run
 * @param failures by run
 * @param command of one of them; empty when there are none
 */
record Cell(
        NavigableMap<Integer, Outcome.Value> values, NavigableMap<Integer, Outcome.Failure> failures, String command) {
    /** The cell of its measurements, of which no two have the same run. */
    static Cell of(List<Measurement> measurements) {
        NavigableMap<Integer, Outcome.Value> values = new TreeMap<>();
        NavigableMap<Integer, Outcome.Failure> failures = new TreeMap<>();
        for (Measurement measurement : measurements) {
            if (measurement.outcome() instanceof Outcome.Value value) {
                values.put(measurement.run(), value);
            } else if (measurement.outcome() instanceof Outcome.Failure failure) {
                failures.put(measurement.run(), failure);
            }
        }
        return new Cell(
                values,
                failures,
                measurements.stream()
                        .map(Measurement::command)
                        .filter(command -> !command.isEmpty())
                        .findFirst()
                        .orElse(""));
    }

    /** Whether nobody tried. */
    boolean isMissing() {
        return values.isEmpty() && failures.isEmpty();
    }

    /** What the runs that did not fail come to; empty when there are none. */
    Optional<Summary> summary() {
        return summary(values.values().stream().map(Outcome.Value::value).toList());
    }

    /** What a detail of the runs comes to; empty when none has it. */
    Optional<Summary> detail(String name) {
        return summary(values.values().stream()
                .map(value -> value.details().get(name))
                .filter(Objects::nonNull)
                .toList());
    }

    /** The names of all details. */
    Stream<String> details() {
        return values.values().stream()
                .flatMap(value -> value.details().keySet().stream())
                .distinct();
    }

    /**
     * How this compares with another cell of the row: the ratio of each run to the other's same run, and what those come to. Empty when no run has both,
     * or the other's is 0.
     */
    Optional<Summary> ratioTo(Cell reference) {
        return summary(values.keySet().stream()
                .filter(run -> reference.values.containsKey(run))
                .filter(run -> value(reference, run) > 0)
                .map(run -> value(this, run) / value(reference, run))
                .toList());
    }

    private static double value(Cell cell, int run) {
        return cell.values.get(run).value();
    }

    private static Optional<Summary> summary(List<Double> values) {
        return values.isEmpty() ? Optional.empty() : Optional.of(Summary.of(values));
    }
}
