package io.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FigureTest {
    private static Samples samples(double... values) {
        Samples samples = new Samples();
        for (double value : values) {
            samples.add(value);
        }
        return samples;
    }

    @Test
    void aFigureIsTheMedianOfItsRuns() {
        assertThat(samples(3, 1, 9).median()).isEqualTo(3);
        assertThat(samples(3, 1, 9, 5).median()).isEqualTo(4);
        assertThat(Figure.of("driver", Map.of(), "ns", samples(3, 1, 9)))
                .isEqualTo(new Figure("driver", Map.of(), 3, "ns", 1, 9, 3));
    }

    @Test
    void figuresAreWrittenAsAnArrayOfObjects(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("figures.json");
        Figure.write(
                List.of(
                        new Figure("driver", Map.of("batch", 32, "layer", "session"), 20.5, "ns/io", 19, 22, 5),
                        new Figure("driver", Map.of(), 0, "bytes/io", 0, 0, 5)),
                file);

        assertThat(file).hasContent("""
                        [
                          {"benchmark": "driver", "parameters": {"batch": 32, "layer": "session"}, "value": 20.5000, \
                        "unit": "ns/io", "min": 19.0000, "max": 22.0000, "runs": 5},
                          {"benchmark": "driver", "parameters": {}, "value": 0.0000, \
                        "unit": "bytes/io", "min": 0.0000, "max": 0.0000, "runs": 5}
                        ]
                        """);
    }
}
