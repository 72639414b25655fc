package io.sluice.reproduce;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.report.Lab;
import io.sluice.report.Measurement;
import io.sluice.report.Measurements;
import io.sluice.report.Outcome;
import io.sluice.report.Table;
import io.sluice.report.Tables;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmulatedLabTest {
    /** As short as can be: what is looked at is that there are figures, not what they are. */
    private static final Pace TINY = new Pace(0, 0, 0, 5);

    private static final Site SITE = new ProcessSite(Lab.EMULATED, "emulated:size=64M,fill", 0, "in memory");

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    private void run(Plan plan) throws IOException {
        Records records = new Records(directory.resolve("raw"));
        try (PrintStream progress = new PrintStream(said, true, StandardCharsets.UTF_8)) {
            new Campaign(SITE, Mode.QUICK, TINY, directory, records, progress).run(plan);
        }
    }

    @Test
    void everyCellOfEveryTableHasAFigure() throws IOException {
        Plan plan = Plan.of(Tables.all(), Lab.EMULATED, 1);

        run(plan);

        assertThat(new Records(directory.resolve("raw")).missing(plan.steps())).isEmpty();
        for (Table table : Tables.all()) {
            assertThat(Measurements.read(directory.resolve("raw/" + table.id() + ".json")))
                    .as("table " + table.id())
                    .hasSize(table.rows().size() * table.columns(Lab.EMULATED).size())
                    .allSatisfy(EmulatedLabTest::isComplete);
        }
    }

    private static void isComplete(Measurement measurement) {
        assertThat(measurement.command()).startsWith("sluice ").contains("emulated");
        assertThat(measurement.outcome()).isInstanceOfSatisfying(Outcome.Value.class, value -> {
            if (!measurement.table().equals("g")) {
                assertThat(value.value()).isPositive();
            }
            assertThat(value.details()).containsKeys("idle0", "cpuJvmMs");
            if (measurement.table().equals("f")) {
                assertThat(value.details()).containsKeys("p50", "p99");
            }
        });
    }

    @Test
    void whatWasMeasuredIsNotMeasuredAgain() throws IOException {
        Plan plan = Plan.of(Tables.selected("c"), Lab.EMULATED, 1);
        Plan first = plan.without(step -> step.sequence() > 4);
        run(first);
        List<Measurement> before = Measurements.read(directory.resolve("raw/c.json"));
        assertThat(before).hasSize(4);

        run(plan);

        List<Measurement> after = Measurements.read(directory.resolve("raw/c.json"));
        assertThat(after).hasSize(plan.steps().size()).startsWith(before.toArray(Measurement[]::new));
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("4 of " + plan.steps().size() + " measurements are there from before");
        assertThat(marks("begin")).doesNotHaveDuplicates().hasSize(plan.steps().size());
    }

    @Test
    void aStepThatFailsNamesItselfAndTheOthersAreTaken() throws IOException {
        List<Step> steps =
                new ArrayList<>(Plan.of(Tables.selected("c"), Lab.EMULATED, 1).steps());
        // The kernel's driver cannot reach this controller.
        Step impossible = new Step(2, Tables.of("a").orElseThrow(), "4K", "kernel", 1);
        Plan plan = new Plan(List.of(steps.get(0), impossible, steps.get(2)));

        run(plan);

        assertThat(new Records(directory.resolve("raw")).missing(plan.steps()))
                .containsExactly("table a, row 4K, column kernel, run 1:"
                        + " the kernel's driver cannot reach a controller in a process");
        assertThat(said.toString(StandardCharsets.UTF_8)).contains("FAILED: the kernel's driver");
    }

    private List<String> marks(String which) throws IOException {
        return Files.readAllLines(directory.resolve("console.log")).stream()
                .filter(line -> Mark.of(line).isPresent() && line.endsWith(which))
                .toList();
    }
}
