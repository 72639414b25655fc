package io.sluice.reproduce;

import io.sluice.tester.CpuClock;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What comes before the first step: every column of the assignment does what it will do, with several of its rows, so that the JVM compiles what the steps run through; then
 * nothing, until it has compiled all of it. Where there is one processor, what is compiled meanwhile is taken from what is measured.
 */
final class WarmUp {
    private static final long LOOK_MILLIS = 250;
    private static final long QUIET_NANOS = LOOK_MILLIS * 1_000_000 / 10;
    private static final int QUIET_LOOKS = 3;
    private static final int MOST_LOOKS = 160;

    private final Assignment assignment;
    private final Drive drive;
    private final Tools tools;
    private final PrintStream console;

    WarmUp(Assignment assignment, Drive drive, Tools tools, PrintStream console) {
        this.assignment = assignment;
        this.drive = drive;
        this.tools = tools;
        this.console = console;
    }

    void run() throws IOException {
        List<List<Step>> columns = columns(assignment.steps());
        int rounds = assignment.pace().warmRounds();
        for (int round = 0; round < rounds; round++) {
            for (List<Step> steps : columns) {
                // From the first row to the last.
                warm(steps.get(rounds == 1 ? 0 : round * (steps.size() - 1) / (rounds - 1)));
            }
        }
        if (rounds > 0) {
            awaitQuiet();
        }
    }

    /** The steps of each column, one for each row; where a table has but one column, each row runs other code. */
    static List<List<Step>> columns(List<Step> taken) {
        Map<String, Map<String, Step>> columns = new LinkedHashMap<>();
        for (Step step : taken) {
            boolean alone = step.table().columns().size() == 1;
            columns.computeIfAbsent(
                            step.table().id() + " " + (alone ? step.row() : step.column()),
                            key -> new LinkedHashMap<>())
                    .putIfAbsent(step.row(), step);
        }
        return columns.values().stream()
                .<List<Step>>map(steps -> new ArrayList<>(steps.values()))
                .toList();
    }

    private void warm(Step step) {
        console.println("warming up " + step.place());
        try {
            Recipe recipe = step.recipe();
            Taken ignored = tools.take(
                    recipe, drive.prepare(recipe.reach()), assignment.pace().warming());
        } catch (IOException | RuntimeException failure) {
            // Its step will fail in the same way, and says so.
            console.println("warming up " + step.place() + " failed: " + failure.getMessage());
        }
    }

    private void awaitQuiet() throws IOException {
        int quiet = 0;
        for (int look = 0; look < MOST_LOOKS && quiet < QUIET_LOOKS; look++) {
            CpuClock before = CpuClock.now();
            try {
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            }
            quiet = CpuClock.now().processNanosSince(before) < QUIET_NANOS ? quiet + 1 : 0;
        }
        console.println("warm");
    }
}
