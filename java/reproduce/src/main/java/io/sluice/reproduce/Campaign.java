package io.sluice.reproduce;

import io.sluice.report.Measurement;
import io.sluice.report.Outcome;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Takes all steps of a plan that have no figure yet, one excursion after the other, and goes on after those that fail. */
final class Campaign {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final Site site;
    private final Mode mode;
    private final Pace pace;
    private final Path directory;
    private final Records records;
    private final PrintStream progress;
    private final Set<Integer> done = new HashSet<>();
    private int total;

    /**
     * A campaign.
     *
     * @param directory for the log of the consoles, and files on their way
     */
    Campaign(Site site, Mode mode, Pace pace, Path directory, Records records, PrintStream progress) {
        this.site = site;
        this.mode = mode;
        this.pace = pace;
        this.directory = directory;
        this.records = records;
        this.progress = progress;
    }

    void run(Plan plan) throws IOException {
        Plan left = plan.without(records::has);
        total = left.steps().size();
        if (total < plan.steps().size()) {
            progress.println(plan.steps().size() - total + " of " + plan.steps().size()
                    + " measurements are there from before; --fresh would take them again");
        }
        Path work = Files.createTempDirectory("reproduce");
        try (Writer log = Files.newBufferedWriter(
                directory.resolve("console.log"), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (List<Step> group : left.together(mode.fresh())) {
                List<Step> waiting = group;
                while (!waiting.isEmpty()) {
                    excursion(waiting, log, work);
                    waiting = new ArrayList<>(waiting);
                    waiting.removeIf(step -> done.contains(step.sequence()));
                }
            }
        } finally {
            for (String file : List.of("steps", "results", "payload.cpio")) {
                Files.deleteIfExists(work.resolve(file));
            }
            Files.delete(work);
        }
    }

    private void excursion(List<Step> steps, Writer log, Path work) throws IOException {
        Step first = steps.get(0);
        progress.println("table " + first.table().id() + ", " + first.table().title() + ": "
                + (steps.size() == 1 ? first.place() : steps.size() + " measurements"));
        long start = System.nanoTime();
        int before = done.size();
        new Excursion(site, pace, log, this::take).run(steps, work);
        if (done.size() == before) {
            // The lab said that all went well and has nothing to show; asking again would bring the same.
            for (Step step : steps) {
                take(step.measured(new Outcome.Failure("the lab ended without a result"), ""));
            }
        }
        progress.println("  " + (System.nanoTime() - start) / NANOS_PER_SECOND + " s");
    }

    private void take(Measurement measurement) throws IOException {
        records.add(measurement);
        done.add(measurement.sequence());
        progress.println(String.format(
                Locale.ROOT,
                "  [%3d/%d] %s %-8s %-15s run %d: %s",
                done.size(),
                total,
                measurement.table(),
                measurement.row(),
                measurement.column(),
                measurement.run(),
                said(measurement.outcome())));
    }

    private static String said(Outcome outcome) {
        return outcome instanceof Outcome.Value value
                ? String.format(Locale.ROOT, "%,.1f %s", value.value(), value.unit())
                : "FAILED: " + ((Outcome.Failure) outcome).error();
    }
}
