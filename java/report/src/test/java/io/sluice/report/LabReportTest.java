package io.sluice.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabReportTest {
    @TempDir
    Path directory;

    private void environment(String json) throws IOException {
        Files.createDirectories(directory.resolve("raw"));
        Files.writeString(directory.resolve("environment.json"), json);
    }

    private void raw(String name, Measurement... measurements) throws IOException {
        Measurements.write(directory.resolve("raw").resolve(name), List.of(measurements));
    }

    private static Measurement value(String row, String column, int run) {
        return new Measurement("c", row, column, run, run, new Outcome.Value(run, "MiB/s", Map.of()), "sluice bench");
    }

    @Test
    void cellsThatFailedOrAreMissingAreNamed() throws IOException {
        environment("{\"lab\": \"emulated\"}");
        SampleReport.write(
                Lab.EMULATED,
                directory,
                measurement ->
                        !(measurement.table().equals("c") && measurement.row().equals("2M")));
        raw(
                "c2.json",
                value("2M", "direct", 1),
                new Measurement("c", "2M", "direct", 2, 0, new Outcome.Failure("no answer"), ""),
                value("2M", "mediated", 1));

        assertThat(LabReport.read(directory).problems())
                .containsExactly(
                        "table c, row 2M, column direct: run 2 failed: no answer",
                        "table c, row 2M, column copying: not measured");
    }

    @Test
    void columnsThatALabDoesNotHaveAreNotMissing() throws IOException {
        SampleReport.write(Lab.EMULATED, directory, measurement -> true);

        LabReport report = LabReport.read(directory);

        assertThat(report.problems()).isEmpty();
        assertThat(report.sheets()).hasSameSizeAs(Tables.all());
    }

    @Test
    void aTableThatNobodyAskedForIsNotMissing() throws IOException {
        environment("{\"lab\": \"guest\", \"tables\": [\"c\", \"d\"]}");
        raw("c.json", value("4K", "direct", 1));

        LabReport report = LabReport.read(directory);

        assertThat(report.sheets()).extracting(sheet -> sheet.table().id()).containsExactly("c", "d");
        assertThat(report.unmeasured()).extracting(Table::id).containsExactly("a", "b", "f", "g");
        assertThat(report.problems())
                .contains("table d, row write, column session: not measured")
                .hasSize(7 * 3 - 1 + 4 * 8);
    }

    @Test
    void rowsThatWereLeftOutAreNotMissing() throws IOException {
        environment("{\"lab\": \"device\", \"tables\": [\"d\"], \"leftOut\": [\"d randwrite\", \"d write\"]}");

        LabReport report = LabReport.read(directory);

        assertThat(report.problems()).hasSize(2 * 8).allMatch(problem -> problem.contains("read,"));
        assertThat(report.environment().facts()).isEmpty();
    }

    @Test
    void measurementsOfAColumnThatTheLabDoesNotHaveAreRefused() throws IOException {
        environment("{\"lab\": \"emulated\"}");
        raw("f.json", new Measurement("f", "1", "kernel", 1, 1, new Outcome.Value(1, "us", Map.of()), "fio"));

        assertThatThrownBy(() -> LabReport.read(directory))
                .isInstanceOf(ReportException.class)
                .hasMessage(directory.resolve("raw/f.json")
                        + ": table f, row 1, column kernel, run 1: the lab 'emulated' has no such column");
    }

    @Test
    void aRunIsThereOnce() throws IOException {
        environment("{\"lab\": \"guest\"}");
        raw("c1.json", value("4K", "direct", 1), value("4K", "direct", 2));
        raw("c2.json", value("4K", "direct", 2));

        assertThatThrownBy(() -> LabReport.read(directory))
                .isInstanceOf(ReportException.class)
                .hasMessage(directory.resolve("raw/c2.json") + ": table c, row 4K, column direct, run 2 is also in "
                        + directory.resolve("raw/c1.json"));
    }

    @Test
    void theEnvironmentNamesItsLab() throws IOException {
        environment("{\"lab\": \"moon\"}");
        assertThatThrownBy(() -> LabReport.read(directory))
                .isInstanceOf(ReportException.class)
                .hasMessageContaining(
                        "environment.json: 'lab' is \"moon\": expected \"guest\", \"emulated\" or \"device\"");

        environment("{\"lab\": \"guest\", \"mode\": \"fast\"}");
        assertThatThrownBy(() -> LabReport.read(directory)).hasMessageContaining("'mode' is 'fast'");

        environment("{\"lab\": \"guest\", \"tables\": [\"z\"]}");
        assertThatThrownBy(() -> LabReport.read(directory)).hasMessageContaining("'tables' has \"z\"");

        environment("{\"lab\": \"guest\", \"leftOut\": [\"d trim\"]}");
        assertThatThrownBy(() -> LabReport.read(directory)).hasMessageContaining("'leftOut' has \"d trim\"");

        environment("{\"lab\": ");
        assertThatThrownBy(() -> LabReport.read(directory))
                .hasMessageStartingWith(directory.resolve("environment.json") + " is no JSON");

        Files.delete(directory.resolve("environment.json"));
        assertThatThrownBy(() -> LabReport.read(directory)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void factsKeepTheirOrder() throws IOException {
        environment("""
                {"lab": "guest", "mode": "quick", "commit": "1a", "qemu": null, "jvm": "", "cpus": 2, "load": [0.5, 1]}""");

        Environment environment = LabReport.read(directory).environment();

        assertThat(environment.facts().entrySet())
                .extracting(fact -> fact.getKey() + "=" + fact.getValue())
                .containsExactly("mode=quick", "commit=1a", "processors=2", "load=[0.5,1]");
        assertThat(environment.quick()).isTrue();
    }
}
