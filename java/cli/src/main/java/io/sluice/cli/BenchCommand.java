package io.sluice.cli;

import io.sluice.block.BlockDevice;
import io.sluice.block.Geometry;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "bench",
        customSynopsis = {
            "sluice bench DEVICE --rw PATTERN[,...] [--bs SIZE[,...]]",
            "                    [--iodepth N[,...]] [OPTION...]"
        },
        description = {
            "Measure a device: throughput, latency and CPU.",
            "",
            "Runs one workload for each block size and depth, each on a session (a queue pair) of its own, and prints a row for"
                    + " each. A latency is the time from the submission of a batch to the moment at which the batch of completions"
                    + " with the I/O in it was seen: one clock reading for each batch, so that measuring costs little."
        },
        footer = {
            "",
            "Examples:",
            "  sluice bench 03:00.0 --rw randread --bs 4k --iodepth 1,64",
            "  sluice bench 03:00.0 --rw read --bs 4k,64k,1M --runtime 5 --json result.json",
            "  sluice bench 03:00.0 --rw write --verify --span 1G --yes-destroy-data",
            "",
            "Columns: MB = 10^6 bytes, MiB = 2^20 bytes, us = microseconds; CPU ns/IO is CPU",
            "time of the whole process, all its threads.",
            "Exit status: 0 all done, 1 an I/O failed or a block was wrong, 2 wrong usage."
        })
final class BenchCommand implements Callable<Integer> {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final int LARGEST_DEFAULT_BATCH = 32;
    private static final double DEFAULT_RUNTIME_SECONDS = 10;

    private final Environment environment;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DEVICE", description = DeviceName.GRAMMAR, converter = DeviceNameParser.class)
    private DeviceName device;

    @Option(
            names = "--rw",
            paramLabel = "PATTERN",
            split = ",",
            required = true,
            description = "read, write, randread, randwrite, rw or randrw (reads and writes mixed)")
    private List<AccessPattern> patterns;

    @Option(
            names = "--bs",
            paramLabel = "SIZE",
            split = ",",
            defaultValue = "4k",
            converter = SizeParser.class,
            description = "bytes of an I/O, such as 4k or 1M (default: ${DEFAULT-VALUE})")
    private List<Long> sizes;

    @Option(
            names = "--iodepth",
            paramLabel = "N",
            split = ",",
            defaultValue = "1",
            description = "I/Os in flight (default: ${DEFAULT-VALUE})")
    private List<Integer> depths;

    @Option(
            names = "--batch",
            paramLabel = "N",
            description =
                    "I/Os told to the device with one doorbell; submitted when there is room for so many (default: 1, or a"
                            + " quarter of the depth, at most 32)")
    private @Nullable Integer batch;

    @Option(names = "--runtime", paramLabel = "S", description = "seconds to measure each row (default: 10)")
    private @Nullable Double runtime;

    @Option(
            names = "--bytes",
            paramLabel = "SIZE",
            converter = SizeParser.class,
            description = "measure until SIZE bytes are moved; with --runtime, whichever comes first")
    private @Nullable Long bytes;

    @Option(
            names = "--ramp",
            paramLabel = "S",
            defaultValue = "1",
            description = "seconds to run before measuring, while the JVM compiles (default: ${DEFAULT-VALUE})")
    private double ramp;

    @Option(
            names = "--rwmixread",
            paramLabel = "P",
            defaultValue = "50",
            description = "percentage of reads in rw and randrw (default: ${DEFAULT-VALUE})")
    private int readPercent;

    @Option(
            names = "--span",
            paramLabel = "SIZE",
            converter = SizeParser.class,
            description = "stay in the first SIZE bytes of the device (default: all of it)")
    private @Nullable Long span;

    @Option(
            names = "--verify",
            description =
                    "write blocks that hold their number, generation, seed and checksum, and read all of them back at the"
                            + " end; in reads, check blocks that an earlier --verify with the same seed wrote")
    private boolean verify;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "of the block numbers and of the data (default: ${DEFAULT-VALUE})")
    private long seed;

    @Option(
            names = "--buffer",
            paramLabel = "SIZE",
            converter = SizeParser.class,
            description = "memory of the session (default: 4M, or what size times depth needs)")
    private @Nullable Long buffer;

    @Option(names = "--interrupts", description = "sleep on the device's interrupt instead of polling")
    private boolean interrupts;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "write the result as JSON; - is standard output, without the table")
    private @Nullable String json;

    @Option(
            names = "--yes-destroy-data",
            description = "needed for patterns that write: they overwrite what the device holds")
    private boolean destroy;

    BenchCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException {
        checkUsage();
        PrintStream table =
                "-".equals(json) ? environment.err() : new PrintStream(environment.out(), true, StandardCharsets.UTF_8);
        List<BenchRow> rows = new ArrayList<>();
        @Nullable String error = null;
        try (BlockDevice opened = environment.devices().open(device)) {
            List<Workload> workloads = workloads(opened);
            table.print(title(opened) + BenchRow.TABLE.header());
            for (Workload workload : workloads) {
                try (WorkloadRun run = new WorkloadRun(opened, workload, buffer == null ? 0 : buffer)) {
                    BenchRow row = measure(run, workload);
                    rows.add(row);
                    table.print(row.text());
                    error = error == null ? run.firstError() : error;
                }
            }
        } finally {
            if (json != null) {
                writeJson(json, rows);
            }
        }
        if (error != null) {
            throw new BenchException(error);
        }
        return 0;
    }

    private BenchRow measure(WorkloadRun run, Workload workload) throws IOException {
        long start = System.nanoTime();
        String what = workload.pattern().label() + " " + HumanSize.binary(workload.recordBytes()) + " x "
                + workload.iodepth() + ": ";
        Closeable line = ProgressLine.start(environment, () -> {
            long operations = run.progress();
            return what + (System.nanoTime() - start) / NANOS_PER_SECOND + " s, " + Decimals.grouped(operations)
                    + " operations";
        });
        try (line) {
            return run.run();
        }
    }

    private void checkUsage() {
        check(
                destroy || patterns.stream().noneMatch(AccessPattern::writes),
                "--rw "
                        + patterns.stream()
                                .filter(AccessPattern::writes)
                                .map(AccessPattern::label)
                                .findFirst()
                                .orElse("")
                        + " overwrites what " + device + " holds: say --yes-destroy-data if that is what you want");
        check(depths.stream().allMatch(depth -> depth >= 1 && depth <= 65535), "--iodepth: expected 1 to 65535");
        check(batch == null || batch >= 1, "--batch: expected 1 or more");
        check(
                runtime == null || (runtime > 0 && runtime <= 1e6),
                "--runtime: expected more than 0 seconds, at most a million");
        check(ramp >= 0 && ramp <= 1e6, "--ramp: expected 0 to a million seconds");
        check(readPercent >= 0 && readPercent <= 100, "--rwmixread: expected 0 to 100 percent");
    }

    private List<Workload> workloads(BlockDevice opened) {
        Geometry geometry = opened.geometry();
        long deviceBytes = geometry.blockCount() * geometry.blockBytes();
        check(span == null || span <= deviceBytes, "--span: " + opened.name() + " has only " + deviceBytes + " bytes");
        long spanBytes = span == null ? deviceBytes : span;
        List<Workload> workloads = new ArrayList<>();
        for (AccessPattern pattern : patterns) {
            for (long size : sizes) {
                check(
                        size > 0 && size % geometry.blockBytes() == 0,
                        "--bs " + size + ": " + opened.name() + " has blocks of " + geometry.blockBytes()
                                + " bytes, and an I/O is a multiple of that");
                check(
                        size <= spanBytes,
                        "--bs " + size + ": that is more than the " + spanBytes + " bytes to be touched");
                check(size <= 1 << 30, "--bs " + size + ": expected at most 1G");
                check(
                        bytes == null || bytes >= size,
                        "--bytes " + bytes + ": that is less than one I/O of " + size + " bytes");
                for (int depth : depths) {
                    workloads.add(workload(pattern, (int) size, depth, spanBytes));
                }
            }
        }
        return workloads;
    }

    private Workload workload(AccessPattern pattern, int size, int depth, long spanBytes) {
        double seconds = runtime != null ? runtime : bytes != null ? Double.POSITIVE_INFINITY : DEFAULT_RUNTIME_SECONDS;
        return new Workload(
                pattern,
                size,
                depth,
                batch == null ? Math.max(1, Math.min(LARGEST_DEFAULT_BATCH, depth / 4)) : Math.min(depth, batch),
                readPercent,
                seed,
                spanBytes,
                (long) (ramp * NANOS_PER_SECOND),
                Double.isInfinite(seconds) ? Long.MAX_VALUE : (long) (seconds * NANOS_PER_SECOND),
                bytes == null ? Long.MAX_VALUE : bytes,
                verify,
                interrupts);
    }

    private String title(BlockDevice opened) {
        Geometry geometry = opened.geometry();
        return opened.name() + ": " + Decimals.grouped(geometry.blockCount()) + " blocks of " + geometry.blockBytes()
                + " bytes ("
                + HumanSize.binary(geometry.blockCount() * geometry.blockBytes()) + "), at most "
                + HumanSize.binary((long) geometry.maxTransferBlocks() * geometry.blockBytes()) + " a transfer; "
                + (interrupts ? "interrupts" : "polled") + (verify ? ", verified" : "") + "\n";
    }

    private void writeJson(String file, List<BenchRow> rows) throws IOException {
        JsonWriter writer = new JsonWriter().beginArray();
        rows.forEach(row -> row.write(writer));
        writer.endArray();
        if (file.equals("-")) {
            environment.print(writer.toString());
        } else {
            Files.writeString(Path.of(file), writer.toString());
        }
    }

    private void check(boolean right, String message) {
        if (!right) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
