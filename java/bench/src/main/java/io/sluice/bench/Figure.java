package io.sluice.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One measured figure: a row of what {@code scripts/bench --json} writes.
 *
 * @param benchmark what was measured
 * @param parameters of the measurement, by name
 * @param value the median
 * @param unit of value, min and max
 * @param runs how many runs the median is of
 */
record Figure(
        String benchmark, Map<String, Object> parameters, double value, String unit, double min, double max, int runs) {
    Figure {
        parameters = Map.copyOf(parameters);
    }

    static Figure of(String benchmark, Map<String, Object> parameters, String unit, Samples samples) {
        return new Figure(benchmark, parameters, samples.median(), unit, samples.min(), samples.max(), samples.count());
    }

    /** Writes the figures as one JSON array, to standard output when there is no file. */
    static void write(List<Figure> figures, @Nullable Path file) throws IOException {
        String json = figures.stream().map(Figure::json).collect(Collectors.joining(",\n  ", "[\n  ", "\n]\n"));
        if (file == null) {
            System.out.print(json);
        } else {
            Files.writeString(file, json);
        }
    }

    private String json() {
        // Names and values are our own words and numbers: nothing to escape.
        String fields = new TreeMap<>(parameters)
                .entrySet().stream()
                        .map(e -> "\"" + e.getKey() + "\": "
                                + (e.getValue() instanceof Number ? e.getValue() : "\"" + e.getValue() + "\""))
                        .collect(Collectors.joining(", "));
        return String.format(
                Locale.ROOT,
                "{\"benchmark\": \"%s\", \"parameters\": {%s}, \"value\": %.4f, \"unit\": \"%s\", \"min\": %.4f, \"max\": %.4f, \"runs\": %d}",
                benchmark,
                fields,
                value,
                unit,
                min,
                max,
                runs);
    }
}
