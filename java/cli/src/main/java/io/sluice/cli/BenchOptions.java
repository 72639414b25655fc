package io.sluice.cli;

import io.sluice.block.Geometry;
import io.sluice.tester.Access;
import io.sluice.tester.Mix;
import io.sluice.tester.Pace;
import io.sluice.tester.Sizes;
import io.sluice.tester.Splitting;
import io.sluice.tester.Timing;
import io.sluice.tester.Trace;
import io.sluice.tester.Traces;
import io.sluice.tester.Verification;
import io.sluice.tester.Waiting;
import io.sluice.tester.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options of a test, on the command line and, without their dashes, in a scenario. */
@Command
final class BenchOptions {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final int LARGEST_DEFAULT_BATCH = 32;
    private static final double DEFAULT_RUNTIME_SECONDS = 10;

    @Option(
            names = "--rw",
            paramLabel = "PATTERN",
            split = ",",
            description = "read, write, randread, randwrite, rw or randrw (reads and writes mixed), trim or randtrim")
    private @Nullable List<AccessPattern> patterns;

    @Option(
            names = "--test",
            paramLabel = "TEST",
            converter = BenchAccess.Parser.class,
            description = "the order of the blocks: sequential, random, ping-pong (in turns from the front and from the"
                    + " back) or replay (default: what --rw says)")
    private @Nullable BenchAccess access;

    @Option(
            names = "--bs",
            paramLabel = "SIZE",
            split = ",",
            defaultValue = "4k",
            converter = SizesParser.class,
            description = "bytes of an I/O, such as 4k or 1M, or a mix with shares, 4k/60:64k/40 (default:"
                    + " ${DEFAULT-VALUE})")
    private List<Sizes> sizes;

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

    @Option(
            names = "--numjobs",
            paramLabel = "N",
            defaultValue = "1",
            description = "sessions at once, each on a thread of its own (default: ${DEFAULT-VALUE})")
    private int sessions;

    @Option(
            names = "--layer",
            paramLabel = "LAYER",
            split = ",",
            defaultValue = "session",
            description = "what to drive: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    private List<BenchLayer> layers;

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
            names = "--start",
            paramLabel = "SIZE",
            defaultValue = "0",
            converter = SizeParser.class,
            description = "skip so many bytes of the device (default: ${DEFAULT-VALUE})")
    private long start;

    @Option(
            names = "--span",
            paramLabel = "SIZE",
            converter = SizeParser.class,
            description = "stay in SIZE bytes of the device (default: all of it)")
    private @Nullable Long span;

    @Option(
            names = "--rwmixread",
            paramLabel = "P",
            defaultValue = "50",
            description = "percentage of reads in rw and randrw (default: ${DEFAULT-VALUE})")
    private int readPercent;

    @Option(
            names = "--trim",
            paramLabel = "P",
            defaultValue = "0",
            description = "percentage of trims among all I/Os (default: ${DEFAULT-VALUE})")
    private int trimPercent;

    @Option(
            names = "--sync",
            paramLabel = "N",
            defaultValue = "0",
            description = "a sync after each N writes (default: none)")
    private int syncEvery;

    @Option(
            names = "--rate",
            paramLabel = "IOPS",
            defaultValue = "0",
            converter = SizeParser.class,
            description =
                    "I/Os a second, at most, such as 5000 or 100k (k = 1024, as fio has it); a latency then begins when"
                            + " the I/O was due, not when there was room for it")
    private long rate;

    @Option(
            names = "--rate-bytes",
            paramLabel = "SIZE",
            defaultValue = "0",
            converter = SizeParser.class,
            description = "bytes a second, at most, in the same way")
    private long rateBytes;

    @Option(
            names = "--poisson",
            description = "random times between I/Os with the rate as their mean, as of many independent users")
    private boolean poisson;

    @Option(names = "--once", description = "random: each block once before any comes again")
    private boolean once;

    @Option(
            names = "--replay",
            paramLabel = "FILE",
            description = "play a trace again: ours, fio's iolog (version 2 or 3) or blktrace's files")
    private @Nullable Path replay;

    @Option(names = "--timed", description = "replay: each I/O at its time in the trace, not as soon as there is room")
    private boolean timed;

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

    @Option(names = "--copy", description = "copy all data between the session's memory and other memory")
    private boolean copy;

    @Option(
            names = "--buffer",
            paramLabel = "SIZE",
            converter = SizeParser.class,
            description = "memory of the session (default: 4M, or what size times depth needs)")
    private @Nullable Long buffer;

    @Option(
            names = "--io-buffer",
            paramLabel = "SIZE",
            converter = SizeParser.class,
            description =
                    "layer jobs: keep the data in other memory and copy it through SIZE bytes of the session's, in"
                            + " pieces of at most an eighth, as channels of java.nio do")
    private @Nullable Long ioBuffer;

    @Option(
            names = "--pieces",
            paramLabel = "N",
            description = "layer jobs: pieces of jobs in flight, 1 for one after the other (default: the iodepth)")
    private @Nullable Integer pieces;

    @Option(names = "--interrupts", description = "sleep on the device's interrupt instead of polling")
    private boolean interrupts;

    @Option(names = "--no-latency", description = "do not look at the clock for each I/O")
    private boolean noLatency;

    @Option(names = "--stop-on-error", description = "end at the first I/O that fails")
    private boolean stopOnError;

    boolean stopsOnError() {
        return stopOnError;
    }

    /** Checks what can be checked without a device. */
    void check(CommandLine line) {
        check(line, replay != null || patterns != null, "Missing required option: '--rw=PATTERN'");
        check(
                line,
                access == null || (access == BenchAccess.REPLAY) == (replay != null),
                "--test replay: a trace is played again with --replay FILE");
        check(line, depths.stream().allMatch(depth -> depth >= 1 && depth <= 65535), "--iodepth: expected 1 to 65535");
        check(line, batch == null || batch >= 1, "--batch: expected 1 or more");
        check(line, sessions >= 1 && sessions <= 1024, "--numjobs: expected 1 to 1024");
        check(
                line,
                runtime == null || (runtime > 0 && runtime <= 1e6),
                "--runtime: expected more than 0 seconds, at most a million");
        check(line, ramp >= 0 && ramp <= 1e6, "--ramp: expected 0 to a million seconds");
        check(line, readPercent >= 0 && readPercent <= 100, "--rwmixread: expected 0 to 100 percent");
        check(line, trimPercent >= 0 && trimPercent <= 100, "--trim: expected 0 to 100 percent");
        check(line, syncEvery >= 0, "--sync: expected 0 or more");
        check(line, rate >= 0, "--rate: expected 0 or more");
        check(line, !poisson || rate > 0 || rateBytes > 0, "--poisson: needs --rate or --rate-bytes");
        check(line, buffer == null || buffer <= 1 << 30, "--buffer: a session has at most 1G");
        check(
                line,
                (ioBuffer == null && pieces == null) || layers.equals(List.of(BenchLayer.JOBS)),
                (ioBuffer == null ? "--pieces" : "--io-buffer") + ": only jobs are split: --layer jobs");
        check(line, ioBuffer == null || (ioBuffer >= 1 && ioBuffer <= 1 << 30), "--io-buffer: expected 1 to 1G");
        check(line, pieces == null || (pieces >= 1 && pieces <= 65535), "--pieces: expected 1 to 65535");
    }

    /** What it writes with, for a message; null when nothing is overwritten. */
    @Nullable
    String overwriting() {
        if (replay == null && patterns != null) {
            for (AccessPattern pattern : patterns) {
                if (pattern.changes() || trimPercent > 0) {
                    return pattern.changes() ? "--rw " + pattern.label() : "--trim " + trimPercent;
                }
            }
        }
        return null;
    }

    /** A line for each layer, pattern, size and depth. */
    List<BenchEntry> entries(CommandLine line, String name, String device, Geometry geometry) throws IOException {
        long deviceBytes = geometry.blockCount() * geometry.blockBytes();
        check(
                line,
                start % geometry.blockBytes() == 0 && start < deviceBytes,
                "--start " + start + ": " + device + " has " + deviceBytes + " bytes in blocks of "
                        + geometry.blockBytes());
        check(
                line,
                span == null || span <= deviceBytes - start,
                "--span: " + device + " has only " + (deviceBytes - start) + " bytes from there on");
        List<BenchEntry> entries = new ArrayList<>();
        if (replay != null) {
            Trace trace = Traces.read(replay);
            for (BenchLayer layer : layers) {
                for (int depth : depths) {
                    entries.add(replayed(layer, name, trace, depth));
                }
            }
            return entries;
        }
        for (BenchLayer layer : layers) {
            for (AccessPattern pattern : patterns) {
                for (Sizes size : sizes) {
                    checkSize(line, size, device, geometry, span == null ? deviceBytes - start : span);
                    for (int depth : depths) {
                        entries.add(entry(layer, name, pattern, size, depth));
                    }
                }
            }
        }
        return entries;
    }

    private void checkSize(CommandLine line, Sizes size, String device, Geometry geometry, long spanBytes) {
        check(
                line,
                size.smallest() % geometry.blockBytes() == 0,
                "--bs " + size + ": " + device + " has blocks of " + geometry.blockBytes()
                        + " bytes, and an I/O is a multiple of that");
        check(
                line,
                size.largest() <= spanBytes,
                "--bs " + size + ": that is more than the " + spanBytes + " bytes to be touched");
        check(
                line,
                bytes == null || bytes >= size.largest(),
                "--bytes " + bytes + ": that is less than one I/O of " + size + " bytes");
        check(line, !verify || size.isOne(), "--bs " + size + ": --verify needs I/Os of one size");
    }

    private BenchEntry entry(BenchLayer layer, String name, AccessPattern pattern, Sizes size, int depth) {
        int reads = pattern.reads() ? (pattern.writes() ? readPercent : 100) : 0;
        Access order =
                switch (access == null ? (pattern.random() ? BenchAccess.RANDOM : BenchAccess.SEQUENTIAL) : access) {
                    case SEQUENTIAL -> Access.sequential();
                    case PING_PONG -> Access.pingPong();
                    default -> new Access.Random(once);
                };
        Workload workload = common(name.isEmpty() ? pattern.label() : name, depth)
                .access(order)
                .mix(new Mix(reads, pattern.trims() ? 100 : trimPercent, syncEvery))
                .sizes(size)
                .build();
        return new BenchEntry(layer, pattern, workload, sessions);
    }

    private BenchEntry replayed(BenchLayer layer, String name, Trace trace, int depth) {
        Workload workload = common(name.isEmpty() ? "replay" : name, depth)
                .access(new Access.Replay(trace, timed))
                .ramp(0)
                .build();
        return new BenchEntry(layer, AccessPattern.RANDRW, workload, sessions);
    }

    private Workload.Builder common(String name, int depth) {
        boolean timeMatters = replay == null && bytes == null;
        double seconds = runtime != null ? runtime : timeMatters ? DEFAULT_RUNTIME_SECONDS : Double.POSITIVE_INFINITY;
        int most = batch == null ? Math.max(1, Math.min(LARGEST_DEFAULT_BATCH, depth / 4)) : Math.min(depth, batch);
        return Workload.builder()
                .name(name)
                .window(start, span == null ? 0 : span)
                .depth(depth, most)
                .seed(seed)
                .ramp((long) (ramp * NANOS_PER_SECOND))
                .run(
                        Double.isInfinite(seconds) ? Long.MAX_VALUE : (long) (seconds * NANOS_PER_SECOND),
                        bytes == null ? Long.MAX_VALUE : bytes)
                .pace(new Pace(rate, rateBytes, poisson, true, 0, 1))
                .verification(verify ? Verification.stamped() : Verification.none())
                .copy(copy)
                .splitting(new Splitting(ioBuffer == null ? 0 : ioBuffer.intValue(), pieces == null ? 0 : pieces))
                .bufferBytes(buffer == null ? 0 : buffer.intValue())
                .waiting(interrupts ? Waiting.INTERRUPT : Waiting.POLL)
                .timing(noLatency ? Timing.NONE : Timing.LATENCY)
                .stopOnError(stopOnError);
    }

    private static void check(CommandLine line, boolean right, String message) {
        if (!right) {
            throw new ParameterException(line, message);
        }
    }
}
