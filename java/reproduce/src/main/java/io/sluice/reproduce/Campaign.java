package io.sluice.reproduce;

import io.sluice.report.Lab;
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
    private static final long NANOS_PER_MILLI = 1_000_000L;

    private final Site site;
    private final Mode mode;
    private final Pace pace;
    private final Path directory;
    private final Records records;
    private final PrintStream progress;
    private final Set<Integer> done = new HashSet<>();

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

    /** What is left of a plan, on its way. */
    private final class Way {
        private final int total;
        private final Forecast forecast;
        private final long began = System.nanoTime();

        Way(int total, Forecast forecast) {
            this.total = total;
            this.forecast = forecast;
        }

        void take(Measurement measurement) throws IOException {
            records.add(measurement);
            done.add(measurement.sequence());
            forecast.taken();
            progress.println(String.format(
                    Locale.ROOT,
                    "  [%3d/%d] %s %-8s %-15s run %d: %s%s",
                    done.size(),
                    total,
                    measurement.table(),
                    measurement.row(),
                    measurement.column(),
                    measurement.run(),
                    said(measurement.outcome()),
                    done.size() == total ? "" : "  (" + Forecast.said(left()) + " left)"));
        }

        private long left() {
            return forecast.left((System.nanoTime() - began) / NANOS_PER_MILLI);
        }
    }

    void run(Plan plan) throws IOException {
        Plan left = plan.without(records::has).numberedFrom(records.lastSequence() + 1);
        int total = left.steps().size();
        if (total < plan.steps().size()) {
            progress.println(plan.steps().size() - total + " of " + plan.steps().size()
                    + " measurements are there from before; --fresh would take them again");
        }
        if (total == 0) {
            return;
        }
        List<List<Step>> groups = left.together(mode.fresh());
        Way way = new Way(total, new Forecast(groups, pace, site.lab()));
        progress.println(counted(total, "measurement", "measurements") + " in "
                + (site.lab() == Lab.GUEST
                        ? counted(groups.size(), "boot", "boots")
                        : counted(groups.size(), "process", "processes"))
                + ", some " + Forecast.said(way.forecast.total())
                + "; what is measured is kept, so that the same command goes on after an interruption");
        // Of one place, so that what a run that was killed left there goes with the next one.
        Path work = Files.createDirectories(directory.resolve("work"));
        try (Writer log = Files.newBufferedWriter(
                directory.resolve("console.log"), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (List<Step> group : groups) {
                List<Step> waiting = group;
                while (!waiting.isEmpty()) {
                    excursion(waiting, log, work, way);
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

    private void excursion(List<Step> steps, Writer log, Path work, Way way) throws IOException {
        Step first = steps.get(0);
        progress.println("table " + first.table().id() + ", " + first.table().title() + ": "
                + (steps.size() == 1 ? first.place() : steps.size() + " measurements"));
        long start = System.nanoTime();
        int before = done.size();
        way.forecast.begins(steps);
        new Excursion(site, pace, log, way::take).run(steps, work);
        if (done.size() == before) {
            // The lab said that all went well and has nothing to show; asking again would bring the same.
            for (Step step : steps) {
                way.take(step.measured(new Outcome.Failure("the lab ended without a result"), ""));
            }
        }
        progress.println("  " + (System.nanoTime() - start) / NANOS_PER_SECOND + " s");
    }

    private static String counted(int number, String one, String many) {
        return number + " " + (number == 1 ? one : many);
    }

    private static String said(Outcome outcome) {
        return outcome instanceof Outcome.Value value
                ? String.format(Locale.ROOT, "%,.1f %s", value.value(), value.unit())
                : "FAILED: " + ((Outcome.Failure) outcome).error();
    }
}
