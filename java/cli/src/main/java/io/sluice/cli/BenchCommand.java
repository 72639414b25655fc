package io.sluice.cli;

import io.sluice.block.BlockDevice;
import io.sluice.block.Geometry;
import io.sluice.tester.Measured;
import io.sluice.tester.Placement;
import io.sluice.tester.TestResult;
import io.sluice.tester.TestRun;
import io.sluice.tester.Verification;
import io.sluice.tester.Workload;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "bench",
        customSynopsis = {
            "sluice bench DEVICE --rw PATTERN[,...] [--bs SIZE[,...]]",
            "                    [--iodepth N[,...]] [OPTION...]",
            "sluice bench [DEVICE] --scenario FILE [OPTION...]"
        },
        description = {
            "Test and measure a device: throughput, latency, CPU, and whether the data is right.",
            "",
            "Runs one workload for each layer, pattern, block size and depth, each on a session (a queue pair) of its own, and"
                    + " prints a row for each. A latency is the time from the submission of a batch to the moment at which the"
                    + " batch of completions with the I/O in it was seen: one clock reading for each batch, so that measuring"
                    + " costs little. With --rate it begins when the I/O was due."
        },
        footer = {
            "",
            "Examples:",
            "  sluice bench 03:00.0 --rw randread --bs 4k --iodepth 1,64",
            "  sluice bench 03:00.0 --rw read --bs 4k,64k,1M --runtime 5 --json result.json",
            "  sluice bench 03:00.0 --rw write --verify --span 1G --yes-destroy-data",
            "  sluice bench 03:00.0 --test ping-pong --rw read --bs 64k",
            "  sluice bench 03:00.0 --rw randread --iodepth 64 --rate 50000 --hgrm .",
            "  sluice bench 03:00.0 --replay trace.log --timed --yes-destroy-data",
            "  sluice bench 03:00.0 --scenario nightly.yaml",
            "",
            "A scenario is YAML: tests that run in order, with the options above as keys, flags as true:",
            "  device: emulated:size=1G       # unless the command line names one",
            "  stop-on-error: true",
            "  defaults: {runtime: 3, iodepth: 32}",
            "  tests:",
            "    - {name: fill, rw: write, bs: 1M, bytes: 1G, verify: true}",
            "    - name: mixed",
            "      together:                  # at the same time, a session each",
            "        - {rw: randread, bs: [4k]}",
            "        - {rw: write, bs: [128k], rate: 1000}",
            "",
            "A trace of ours begins with the line 'sluice trace 1'; then, a line each:",
            "  MICROSECONDS read|write|trim|zeroes|sync POSITION LENGTH   (in bytes; none for sync)",
            "",
            "Columns: depth = I/Os in flight, x sessions if more than one, / largest batch;",
            "rx, tx = blocks read and written; MB = 10^6 bytes, MiB = 2^20; k M G = powers",
            "of 1000, of sizes 1024; wakes = how often there was something to report; mean",
            "to max = latencies, with n u m s for nano-, micro- and milliseconds, seconds;",
            "ns/IO = CPU time of the whole process; idle%% of each core, of more than four",
            "the least and the most; behind 'failed': how many I/Os. JSON has all digits.",
            "Exit status: 0 all done, 1 an I/O failed or a block was wrong, 2 wrong usage."
        })
final class BenchCommand implements Callable<Integer> {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final String SCHEMA = "bench-results.schema.json";
    private static final double NANOS_PER_MICRO = 1000;
    private static final int TICKS_PER_HALF_DISTANCE = 5;

    private final Environment environment;

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "DEVICE",
            arity = "0..1",
            description = DeviceName.GRAMMAR,
            converter = DeviceNameParser.class)
    private @Nullable DeviceName device;

    @Mixin
    private BenchOptions options = new BenchOptions();

    @Option(names = "--scenario", paramLabel = "FILE", description = "the tests are in FILE, which is YAML")
    private @Nullable Path scenario;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "write the result as JSON; - is standard output, without the table")
    private @Nullable String json;

    @Option(names = "--json-schema", description = "print the schema of that JSON, and do nothing else")
    private boolean schema;

    @Option(
            names = "--hgrm",
            paramLabel = "DIRECTORY",
            description =
                    "write the latencies of each row into a file there, in microseconds, as HdrHistogram prints them")
    private @Nullable Path histograms;

    @Option(
            names = "--yes-destroy-data",
            description = "needed for patterns that write: they overwrite what the device holds")
    private boolean destroy;

    private final List<BenchRow> rows = new ArrayList<>();

    BenchCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException {
        if (schema) {
            environment.print(schema());
            return 0;
        }
        Scenario plan = scenario == null ? commandLine() : Scenario.read(scenario, spec.commandLine());
        DeviceName name = device != null ? device : plan.device();
        check(name != null, "Missing required parameter: 'DEVICE'");
        for (Scenario.Test test : plan.tests()) {
            String overwriting = test.overwriting();
            check(
                    destroy || overwriting == null,
                    overwriting + " overwrites what " + name
                            + " holds: say --yes-destroy-data if that is what you want");
        }
        PrintStream table =
                "-".equals(json) ? environment.err() : new PrintStream(environment.out(), true, StandardCharsets.UTF_8);
        @Nullable String error = null;
        try (BlockDevice opened = environment.devices().open(name)) {
            List<BenchTest> tests = plan.resolve(opened);
            for (BenchTest test : tests) {
                // What a trace does is known only now.
                check(
                        destroy || !test.changes(),
                        "the trace overwrites what " + name
                                + " holds: say --yes-destroy-data if that is what you want");
            }
            Table columns = BenchRow.table(tests);
            table.print(title(opened) + columns.header());
            try (Layers layers = new Layers(opened)) {
                for (BenchTest test : tests) {
                    String wrong = run(layers, opened.geometry(), test, row -> table.print(row.text(columns)));
                    error = error == null ? wrong : error;
                    if (error != null && plan.stopOnError()) {
                        break;
                    }
                }
            }
        } finally {
            if (json != null) {
                writeJson(json);
            }
        }
        if (error != null) {
            throw new BenchException(error);
        }
        return 0;
    }

    private Scenario commandLine() {
        options.check(spec.commandLine());
        return Scenario.of(device, options, spec.commandLine());
    }

    /** Runs what runs at the same time and prints its rows; what went wrong first, null when nothing did. */
    private @Nullable String run(Layers layers, Geometry geometry, BenchTest test, Consumer<BenchRow> table)
            throws IOException {
        List<Placement> placements = new ArrayList<>();
        for (BenchEntry entry : test.entries()) {
            for (int i = 0; i < entry.sessions(); i++) {
                placements.add(new Placement(layers.target(entry.layer()), share(entry, i, geometry)));
            }
        }
        TestResult result;
        try (TestRun run = TestRun.open(placements)) {
            Closeable line = ProgressLine.start(environment, progress(test.name(), run));
            try (line) {
                result = run.run();
            }
        }
        int first = 0;
        for (BenchEntry entry : test.entries()) {
            List<Measured> parts = result.parts().subList(first, first + entry.sessions());
            first += entry.sessions();
            BenchRow row = BenchRow.of(
                    entry, parts, result.processNanos(), result.total().ios(), result.idlePercent());
            rows.add(row);
            table.accept(row);
            if (histograms != null) {
                writeHistogram(histograms, row);
            }
        }
        return result.firstError();
    }

    /** The workload of one of the sessions: with a seed of its own, or, where its writes are checked, its own part of the window. */
    private static Workload share(BenchEntry entry, int index, Geometry geometry) {
        Workload whole = entry.workload();
        if (entry.sessions() == 1) {
            return whole;
        }
        if (whole.verification() instanceof Verification.None) {
            return whole.toBuilder().seed(whole.seed() + index).build();
        }
        // The seed is in the data: who reads it later knows of one.
        Workload.Builder mine = whole.toBuilder();
        if (whole.changes()) {
            long deviceBytes = geometry.blockCount() * geometry.blockBytes();
            long length = whole.lengthBytes() == 0 ? deviceBytes - whole.startBytes() : whole.lengthBytes();
            long part = length / entry.sessions();
            part -= part % geometry.blockBytes();
            mine.window(whole.startBytes() + index * part, part);
        }
        return mine.build();
    }

    private static Supplier<String> progress(String what, TestRun run) {
        long start = System.nanoTime();
        return () -> what + ": " + (System.nanoTime() - start) / NANOS_PER_SECOND + " s, "
                + Decimals.grouped(run.done()) + " I/Os";
    }

    private String title(BlockDevice opened) {
        Geometry geometry = opened.geometry();
        return opened.name() + ": " + Decimals.grouped(geometry.blockCount()) + " blocks of " + geometry.blockBytes()
                + " bytes ("
                + HumanSize.binary(geometry.blockCount() * geometry.blockBytes()) + "), at most "
                + HumanSize.binary((long) geometry.maxTransferBlocks() * geometry.blockBytes()) + " a transfer\n";
    }

    private void writeJson(String file) throws IOException {
        JsonWriter writer = new JsonWriter().beginArray();
        rows.forEach(row -> row.write(writer));
        writer.endArray();
        if (file.equals("-")) {
            environment.print(writer.toString());
        } else {
            Files.writeString(Path.of(file), writer.toString());
        }
    }

    private void writeHistogram(Path directory, BenchRow row) throws IOException {
        Files.createDirectories(directory);
        Path file = directory.resolve(row.fileName(rows.size()) + ".hgrm");
        try (PrintStream out = new PrintStream(Files.newOutputStream(file), false, StandardCharsets.US_ASCII)) {
            row.histogram().outputPercentileDistribution(out, TICKS_PER_HALF_DISTANCE, NANOS_PER_MICRO);
            if (out.checkError()) {
                throw new IOException("could not write " + file);
            }
        }
    }

    private static String schema() throws IOException {
        try (var in = BenchCommand.class.getResourceAsStream(SCHEMA)) {
            if (in == null) {
                throw new IOException(SCHEMA + " is not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void check(boolean right, String message) {
        if (!right) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
