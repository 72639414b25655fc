package io.sluice.reproduce;

import io.sluice.report.Measurement;
import io.sluice.report.Outcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One boot of a guest, or one process: follows its console, looks at what is seen from outside at each mark, and takes in its results as they come. */
final class Excursion {
    /** What a boot, a start of the JVM and the end of both may take. */
    private static final long START_SECONDS = 240;

    private static final long MILLIS_PER_SECOND = 1000;
    private static final double NANOS_PER_MILLI = 1e6;

    /** What becomes of measurements. */
    interface Taking {
        void take(Measurement measurement) throws IOException;
    }

    private final Site site;
    private final Pace pace;
    private final Writer log;
    private final Taking taking;
    private final Map<Integer, Map<String, Double>> outside = new HashMap<>();
    private final Map<Integer, Duration> begun = new HashMap<>();
    private @Nullable Step current;
    private int read;

    /**
     * An excursion.
     *
     * @param log gets the console
     */
    Excursion(Site site, Pace pace, Writer log, Taking taking) {
        this.site = site;
        this.pace = pace;
        this.log = log;
        this.taking = taking;
    }

    /**
     * Takes steps. When the lab ends before all are taken, the one that was under way has failed, or all of them when none had begun.
     *
     * @param directory for the files that go in and out
     */
    void run(List<Step> steps, Path directory) throws IOException {
        Path assignment = directory.resolve("steps");
        Path results = directory.resolve("results");
        new Assignment(pace, steps).write(assignment);
        Files.deleteIfExists(results);
        Files.createFile(results);
        long seconds = seconds(steps.size());
        List<String> command = site.command(assignment, results, seconds);
        AtomicReference<@Nullable Process> started = new AtomicReference<>();
        Thread ending = new Thread(() -> {
            Process process = started.get();
            if (process != null) {
                end(process);
            }
        });
        // Before the start: a JVM that ends takes no more hooks, and then nothing is to be started.
        try {
            Runtime.getRuntime().addShutdownHook(ending);
        } catch (IllegalStateException shuttingDown) {
            throw new IOException("interrupted", shuttingDown);
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        started.set(process);
        // The process' standard input stays open: its end tells it that this one was killed.
        try {
            Thread watch = watch(process, seconds);
            follow(process, results);
            int status = await(process);
            watch.interrupt();
            takeIn(results);
            if (status != 0) {
                blame(steps, "the lab ended with " + status + "; the end of console.log says more");
            }
        } finally {
            end(process);
            forget(ending);
        }
    }

    private static void forget(Thread ending) {
        try {
            Runtime.getRuntime().removeShutdownHook(ending);
        } catch (IllegalStateException shuttingDown) {
            // Then it runs, and finds the process ended.
        }
    }

    /** Much more than it takes: who needs that long hangs. */
    private long seconds(int steps) {
        long step = 3L * (pace.rampMillis() + pace.runMillis()) + 20 * MILLIS_PER_SECOND;
        return START_SECONDS
                + (long) pace.warmRounds() * pace.warmMillis() * 20 / MILLIS_PER_SECOND
                + steps * step / MILLIS_PER_SECOND;
    }

    private static Thread watch(Process process, long seconds) {
        Thread watch = new Thread(
                () -> {
                    try {
                        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                            end(process);
                        }
                    } catch (InterruptedException ended) {
                        // In time.
                    }
                },
                "watch");
        watch.setDaemon(true);
        watch.start();
        return watch;
    }

    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
    }

    private void follow(Process process, Path results) throws IOException {
        try (BufferedReader console =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = console.readLine(); line != null; line = console.readLine()) {
                log.write(line + "\n");
                log.flush();
                Optional<Mark> mark = Mark.of(line);
                if (mark.isPresent()) {
                    look(mark.get(), process);
                    takeIn(results);
                }
            }
        }
    }

    private void look(Mark mark, Process process) throws IOException {
        int sequence = mark.step().sequence();
        Duration spent = machineTime(process);
        if (mark.begin()) {
            current = mark.step();
            begun.put(sequence, spent);
            return;
        }
        Map<String, Double> seen = outside.computeIfAbsent(sequence, number -> new HashMap<>());
        Duration before = begun.get(sequence);
        if (before != null && !spent.isZero()) {
            seen.put("cpuQemuMs", spent.minus(before).toNanos() / NANOS_PER_MILLI);
        }
        Frequency.now().ifPresent(frequency -> seen.put("frequencyMHz", frequency));
    }

    /** Processor time of the virtual machine that the process runs; zero when it runs none. */
    private static Duration machineTime(Process process) {
        return process.descendants()
                .filter(child -> child.info()
                        .command()
                        .map(path -> path.contains("qemu"))
                        .orElse(false))
                .map(child -> child.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** Takes in what is whole of the results. */
    private void takeIn(Path results) throws IOException {
        byte[] all = Files.readAllBytes(results);
        for (int i = read; i < all.length; i++) {
            if (all[i] == '\n') {
                String line = new String(all, read, i - read, StandardCharsets.UTF_8);
                read = i + 1;
                Step step = Step.parse(line.substring(0, line.indexOf('\t')));
                taking.take(ResultLine.read(line, outside.getOrDefault(step.sequence(), Map.of())));
                if (step.equals(current)) {
                    current = null;
                }
            }
        }
    }

    private void blame(List<Step> steps, String reason) throws IOException {
        List<Step> guilty = current != null ? List.of(current) : begun.isEmpty() ? steps : List.of();
        for (Step step : guilty) {
            taking.take(step.measured(new Outcome.Failure(reason), ""));
        }
    }

    private static int await(Process process) throws IOException {
        try {
            return process.waitFor();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }
}
