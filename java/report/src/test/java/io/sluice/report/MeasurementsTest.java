package io.sluice.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeasurementsTest {
    private static final String ONE = """
            [{"table":"a","row":"4K","column":"mediated","run":1,"sequence":12,"value":81.2,"unit":"MB/s",
              "details":{"idle0":47.1,"cpuGuestMs":120},"command":"sluice dd if=x"}]
            """;

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("a.json");
    }

    @Test
    void aFileHoldsFiguresAndFailures() throws IOException {
        Files.writeString(file, """
                [{"table":"a","row":"4K","column":"mediated","run":1,"sequence":12,"value":81.2,"unit":"MB/s",
                  "details":{"idle0":47.1,"cpuGuestMs":120},"command":"sluice dd if=x"},
                 {"table":"f","row":"1","column":"session","run":2,"error":"the guest did not boot"}]
                """);

        assertThat(Measurements.read(file))
                .containsExactly(
                        new Measurement(
                                "a",
                                "4K",
                                "mediated",
                                1,
                                12,
                                new Outcome.Value(81.2, "MB/s", Map.of("idle0", 47.1, "cpuGuestMs", 120.0)),
                                "sluice dd if=x"),
                        new Measurement("f", "1", "session", 2, 0, new Outcome.Failure("the guest did not boot"), ""));
    }

    @Test
    void whatWasWrittenIsReadAsItWas() throws IOException {
        List<Measurement> measurements = List.of(
                new Measurement(
                        "d",
                        "randread",
                        "kernel-io_uring",
                        5,
                        1,
                        new Outcome.Value(0.1, "MB/s", Map.of("p99", 1e-3)),
                        "fio --name=\"a b\"\n\\"),
                new Measurement("d", "write", "aio", 1, 2, new Outcome.Failure("no \u0001 | <b>"), "sluice fio"));

        Measurements.write(file, measurements);

        assertThat(Measurements.read(file)).isEqualTo(measurements);
        assertThat(directory).isDirectoryContaining("glob:**/a.json").isDirectoryNotContaining("glob:**/*.new");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "\"table\":\"a\"        | \"table\":\"z\"            | there is no such table",
                "\"row\":\"4K\"         | \"row\":\"5K\"             | the table has no such row: expected one of [4K, 8K",
                "\"column\":\"mediated\"| \"column\":\"session\"     | the table has no such column: expected one of [kernel",
                "\"unit\":\"MB/s\"      | \"unit\":\"MiB/s\"         | the unit is 'MiB/s': expected MB/s",
                "\"value\":81.2         | \"value\":1e999            | a value of Infinity: expected a finite number",
                "\"value\":81.2         | \"value\":-1               | a value of -1.0: expected a finite number from 0 on",
                "\"value\":81.2         | \"value\":\"81.2\"         | 'value' is no number",
                "\"value\":81.2         | \"value\":1,\"error\":\"\" | expected either 'value' or 'error'",
                "\"idle0\":47.1         | \"idle0\":null             | 'details.idle0' is no number",
                "\"run\":1              | \"run\":0                  | run 0, sequence 12: expected runs from 1 on",
                "\"run\":1              | \"run\":1.5                | 'run' is no whole number",
                "\"sequence\":12,       | \"n\":12,                  | 'n' is not known",
            })
    void whatIsNoMeasurementIsToldWithItsFileAndCell(String right, String wrong, String message) throws IOException {
        Files.writeString(file, ONE.replace(right.strip(), wrong.strip()));

        assertThatThrownBy(() -> Measurements.read(file))
                .isInstanceOf(ReportException.class)
                .hasMessageStartingWith(file + ": measurement 1 (table ")
                .hasMessageContaining(message);
    }

    @Test
    void anErrorNamesTheCell() throws IOException {
        Files.writeString(file, ONE.replace("\"value\":81.2", "\"value\":true"));

        assertThatThrownBy(() -> Measurements.read(file))
                .hasMessage(file + ": measurement 1 (table a, row 4K, column mediated, run 1): 'value' is no number");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "[{\"table\":\"a\"     | is no JSON",
                "[NaN]                 | is no JSON",
                "[] []                 | is no JSON",
                "[{\"run\":1,\"run\":2}] | is no JSON",
                "{}                    | expected an array of measurements",
                "[1]                   | expected an object",
            })
    void whatIsNoListIsToldWithItsFile(String text, String message) throws IOException {
        Files.writeString(file, text);

        assertThatThrownBy(() -> Measurements.read(file))
                .isInstanceOf(ReportException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(message);
    }
}
