package io.sluice.reproduce;

import io.sluice.cli.CommandSeries;
import io.sluice.pci.PciAddress;
import io.sluice.report.Lab;
import io.sluice.tester.CpuClock;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Takes the steps of an assignment in the lab that it runs in, one after the other, in one process: warms up, marks each step on the console, and writes its result. */
public final class StepRunner {
    private static final double NANOS_PER_MILLI = 1e6;

    private final Assignment assignment;
    private final Drive drive;
    private final Tools tools;
    private final PrintStream console;
    private final OutputStream results;
    private final boolean virtual;

    StepRunner(
            Assignment assignment,
            Drive drive,
            Tools tools,
            PrintStream console,
            OutputStream results,
            boolean virtual) {
        this.assignment = assignment;
        this.drive = drive;
        this.tools = tools;
        this.console = console;
        this.results = results;
        this.virtual = virtual;
    }

    /**
     * Runs: {@code DEVICE PARTITION STEPS RESULTS LAB}.
     *
     * @param arguments a device of {@code sluice}; the number of its partition, 0 for all of it; the file of the steps; the file for results; the lab's name
     */
    public static void main(String[] arguments) throws IOException {
        String device = arguments[0];
        Assignment assignment = Assignment.read(Path.of(arguments[2]));
        boolean virtual = arguments[4].equals(Lab.GUEST.id());
        if (!virtual) {
            endWith(System.in);
        }
        try (CommandSeries commands = new CommandSeries();
                Drive drive = open(device, Integer.parseInt(arguments[1]), commands);
                OutputStream results = Files.newOutputStream(Path.of(arguments[3]))) {
            new StepRunner(assignment, drive, new Tools(commands), System.out, results, virtual).run();
        }
    }

    /** Who started this process holds the other end; when it is killed, nobody wants what is measured here, and it would disturb who comes next. */
    private static void endWith(InputStream starter) {
        Thread watch = new Thread(
                () -> {
                    try {
                        while (starter.read() >= 0) {
                            // Nothing is said there.
                        }
                    } catch (IOException gone) {
                        // As is its end.
                    }
                    Runtime.getRuntime().halt(1);
                },
                "starter");
        watch.setDaemon(true);
        watch.start();
    }

    private static Drive open(String device, int partition, CommandSeries commands) throws IOException {
        return PciAddress.parse(device).isPresent()
                ? new PciDrive(device, partition, commands, Path.of("/"))
                : new EmulatedDrive(device, commands);
    }

    void run() throws IOException {
        new WarmUp(assignment, drive, tools, console).run();
        for (Step step : assignment.steps()) {
            take(step);
        }
    }

    private void take(Step step) {
        Recipe recipe = step.recipe();
        try {
            String name = drive.prepare(recipe.reach());
            console.println(Mark.begin(step));
            CpuClock before = CpuClock.now();
            Taken taken = tools.take(recipe, name, assignment.pace());
            CpuClock after = CpuClock.now();
            console.println(Mark.end(step));
            write(ResultLine.of(step, taken.with(gauges(before, after))));
        } catch (IOException | RuntimeException failure) {
            console.println(Mark.end(step));
            write(ResultLine.of(step, failure));
        }
    }

    private Map<String, Double> gauges(CpuClock before, CpuClock after) {
        Map<String, Double> gauges = new TreeMap<>();
        List<Double> idle = after.idlePercentSince(before);
        for (int core = 0; core < idle.size(); core++) {
            gauges.put("idle" + core, idle.get(core));
        }
        gauges.put("cpuJvmMs", after.processNanosSince(before) / NANOS_PER_MILLI);
        if (virtual) {
            gauges.put("cpuGuestMs", after.busyNanosSince(before) / NANOS_PER_MILLI);
        }
        return gauges;
    }

    private void write(String line) {
        try {
            results.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            results.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
