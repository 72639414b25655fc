package io.sluice.tester;

import io.sluice.block.SessionOptions;
import java.util.Objects;

/**
 * What one thread does on one session. Immutable; see {@link Builder} for the defaults.
 *
 * @param name what results call it
 * @param access in which order it goes through the window
 * @param mix its operations
 * @param readSizes bytes of a read
 * @param writeSizes bytes of a write
 * @param trimSizes bytes of a trim
 * @param startBytes where on the device its window begins, bytes
 * @param lengthBytes how long the window is, bytes; 0 = to the end of the device
 * @param depth I/Os in flight
 * @param batch most I/Os that are made known to the device at once; fewer are not submitted while there are more to come
 * @param completeAtLeast how many completions are waited for, while so many are in flight, before more is submitted
 * @param seed of places, operations and data
 * @param rampNanos how long to run before counting
 * @param runNanos how long to count; {@link Long#MAX_VALUE} = until {@code runBytes}
 * @param runBytes how much to move while counting; {@link Long#MAX_VALUE} = until {@code runNanos}
 * @param pace how fast
 * @param verification what blocks are filled with, and whether reads are checked
 * @param readBack whether what was written is read and checked at the end, where there is something to check
 * @param copy whether data is copied between the session's memory and other memory, as a program without shared memory has to
 * @param splitting how jobs are split
 * @param bufferBytes memory of the session; 0 = what the I/Os need, at least 4 MiB
 * @param waiting what to do while nothing has ended
 * @param timing what to ask of the clock
 * @param intervalNanos how long an interval of the time series is; 0 = no time series
 * @param logIos whether each I/O is written down: when, how long, what, where
 * @param stopOnError whether the first failure ends it
 */
public record Workload(
        String name,
        Access access,
        Mix mix,
        Sizes readSizes,
        Sizes writeSizes,
        Sizes trimSizes,
        long startBytes,
        long lengthBytes,
        int depth,
        int batch,
        int completeAtLeast,
        long seed,
        long rampNanos,
        long runNanos,
        long runBytes,
        Pace pace,
        Verification verification,
        boolean readBack,
        boolean copy,
        Splitting splitting,
        int bufferBytes,
        Waiting waiting,
        Timing timing,
        long intervalNanos,
        boolean logIos,
        boolean stopOnError) {
    private static final int MOST_IN_FLIGHT = 65535;

    public Workload {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(access, "access");
        Objects.requireNonNull(pace, "pace");
        Objects.requireNonNull(verification, "verification");
        Objects.requireNonNull(splitting, "splitting");
        Objects.requireNonNull(timing, "timing");
        if (startBytes < 0 || lengthBytes < 0) {
            throw new IllegalArgumentException(
                    "a window of " + lengthBytes + " bytes at " + startBytes + ": neither can be negative");
        }
        if (depth < 1 || depth > MOST_IN_FLIGHT) {
            throw new IllegalArgumentException(depth + " I/Os in flight: expected 1 to " + MOST_IN_FLIGHT);
        }
        if (batch < 1 || batch > depth || completeAtLeast < 1 || completeAtLeast > depth) {
            throw new IllegalArgumentException("batches of " + batch + ", " + completeAtLeast
                    + " completions waited for: expected 1 to the depth of " + depth);
        }
        if (rampNanos < 0 || runNanos < 1 || runBytes < 1 || intervalNanos < 0) {
            throw new IllegalArgumentException("runs " + rampNanos + " ns, then " + runNanos + " ns or " + runBytes
                    + " bytes, in intervals of " + intervalNanos + " ns: too little of one");
        }
        if (bufferBytes < 0 || bufferBytes > 1 << 30) {
            throw new IllegalArgumentException("a buffer of " + bufferBytes + " bytes: expected at most 2^30");
        }
    }

    /** A builder with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder with what this one has. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.name = name;
        builder.access = access;
        builder.mix = mix;
        builder.readSizes = readSizes;
        builder.writeSizes = writeSizes;
        builder.trimSizes = trimSizes;
        builder.startBytes = startBytes;
        builder.lengthBytes = lengthBytes;
        builder.depth = depth;
        builder.batch = batch;
        builder.completeAtLeast = completeAtLeast;
        builder.seed = seed;
        builder.rampNanos = rampNanos;
        builder.runNanos = runNanos;
        builder.runBytes = runBytes;
        builder.pace = pace;
        builder.verification = verification;
        builder.readBack = readBack;
        builder.copy = copy;
        builder.splitting = splitting;
        builder.bufferBytes = bufferBytes;
        builder.waiting = waiting;
        builder.timing = timing;
        builder.intervalNanos = intervalNanos;
        builder.logIos = logIos;
        builder.stopOnError = stopOnError;
        return builder;
    }

    /** Whether it changes blocks, so that its session has to be writeable. */
    public boolean changes() {
        return access instanceof Access.Replay replay ? replay.trace().changes() : mix.changes();
    }

    /** The largest I/O that needs memory, bytes. */
    int largestTransfer() {
        if (access instanceof Access.Replay replay) {
            return replay.trace().largestTransfer();
        }
        int most = 0;
        if (mix.hasReads()) {
            most = readSizes.largest();
        }
        return mix.hasWrites() ? Math.max(most, writeSizes.largest()) : most;
    }

    /** The smallest size that it uses, bytes: places are multiples of it. */
    int unitBytes() {
        int least = Sizes.LARGEST;
        if (mix.hasReads()) {
            least = readSizes.smallest();
        }
        if (mix.hasWrites()) {
            least = Math.min(least, writeSizes.smallest());
        }
        return mix.trimPercent() > 0 ? Math.min(least, trimSizes.smallest()) : least;
    }

    /** Whether all of its I/Os are of one size. */
    boolean hasOneSize() {
        int unit = unitBytes();
        return !(access instanceof Access.Replay)
                && (!mix.hasReads() || (readSizes.isOne() && readSizes.smallest() == unit))
                && (!mix.hasWrites() || (writeSizes.isOne() && writeSizes.smallest() == unit))
                && (mix.trimPercent() == 0 || (trimSizes.isOne() && trimSizes.smallest() == unit));
    }

    /**
     * Builds a {@link Workload}. The defaults: sequential reads of 4 KiB over the whole device, one in flight, for ten seconds, latencies measured,
     * nothing verified, the first failure does not end it.
     */
    public static final class Builder {
        private String name = "";
        private Access access = Access.sequential();
        private Mix mix = Mix.reads();
        private Sizes readSizes = Sizes.of(4096);
        private Sizes writeSizes = readSizes;
        private Sizes trimSizes = readSizes;
        private long startBytes;
        private long lengthBytes;
        private int depth = 1;
        private int batch = 1;
        private int completeAtLeast = 1;
        private long seed = 1;
        private long rampNanos;
        private long runNanos = 10_000_000_000L;
        private long runBytes = Long.MAX_VALUE;
        private Pace pace = Pace.unlimited();
        private Verification verification = Verification.none();
        private boolean readBack = true;
        private boolean copy;
        private Splitting splitting = Splitting.defaults();
        private int bufferBytes;
        private Waiting waiting = Waiting.POLL;
        private Timing timing = Timing.LATENCY;
        private long intervalNanos;
        private boolean logIos;
        private boolean stopOnError;

        private Builder() {}

        /** What results call it. */
        public Builder name(String value) {
            name = value;
            return this;
        }

        /** In which order it goes through its window. */
        public Builder access(Access value) {
            access = value;
            return this;
        }

        /** Its operations. */
        public Builder mix(Mix value) {
            mix = value;
            return this;
        }

        /** Bytes of each I/O. */
        public Builder sizes(Sizes value) {
            return sizes(value, value, value);
        }

        /** Bytes of a read, a write and a trim. */
        public Builder sizes(Sizes reads, Sizes writes, Sizes trims) {
            readSizes = reads;
            writeSizes = writes;
            trimSizes = trims;
            return this;
        }

        /** Its window: so many bytes (0 = to the end) from there on. */
        public Builder window(long start, long length) {
            startBytes = start;
            lengthBytes = length;
            return this;
        }

        /** I/Os in flight, and how many are submitted and completed together. */
        public Builder depth(int value, int submitted, int completed) {
            depth = value;
            batch = submitted;
            completeAtLeast = completed;
            return this;
        }

        /** I/Os in flight, and how many are submitted together. */
        public Builder depth(int value, int submitted) {
            return depth(value, submitted, 1);
        }

        /** Seed of places, operations and data. */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /** How long to run before counting, nanoseconds. */
        public Builder ramp(long nanos) {
            rampNanos = nanos;
            return this;
        }

        /** How long to count, nanoseconds, and how much to move at most; {@link Long#MAX_VALUE} = no limit. */
        public Builder run(long nanos, long bytes) {
            runNanos = nanos;
            runBytes = bytes;
            return this;
        }

        /** How fast. */
        public Builder pace(Pace value) {
            pace = value;
            return this;
        }

        /** What blocks are filled with. */
        public Builder verification(Verification value) {
            verification = value;
            return this;
        }

        /** Whether what was written is read and checked at the end. */
        public Builder readBack(boolean value) {
            readBack = value;
            return this;
        }

        /** Whether data is copied to and from other memory. */
        public Builder copy(boolean value) {
            copy = value;
            return this;
        }

        /** How jobs are split. */
        public Builder splitting(Splitting value) {
            splitting = value;
            return this;
        }

        /** Memory of the session, bytes; 0 = as much as is needed. */
        public Builder bufferBytes(int value) {
            bufferBytes = value;
            return this;
        }

        /** What to do while nothing has ended. */
        public Builder waiting(Waiting value) {
            waiting = value;
            return this;
        }

        /** What to ask of the clock. */
        public Builder timing(Timing value) {
            timing = value;
            return this;
        }

        /** How long an interval of the time series is, nanoseconds; 0 = no time series. */
        public Builder interval(long nanos) {
            intervalNanos = nanos;
            return this;
        }

        /** Whether each I/O is written down. */
        public Builder logIos(boolean value) {
            logIos = value;
            return this;
        }

        /** Whether the first failure ends it. */
        public Builder stopOnError(boolean value) {
            stopOnError = value;
            return this;
        }

        /** The workload. */
        public Workload build() {
            return new Workload(
                    name,
                    access,
                    mix,
                    readSizes,
                    writeSizes,
                    trimSizes,
                    startBytes,
                    lengthBytes,
                    depth,
                    batch,
                    completeAtLeast,
                    seed,
                    rampNanos,
                    runNanos,
                    runBytes,
                    pace,
                    verification,
                    readBack,
                    copy,
                    splitting,
                    bufferBytes,
                    waiting,
                    timing,
                    intervalNanos,
                    logIos,
                    stopOnError);
        }
    }

    /** Memory of the session, bytes, where I/Os need so much: what was asked for, or as much as is needed. */
    int bufferBytes(long needed) throws TesterException {
        if (bufferBytes != 0 && bufferBytes < needed) {
            throw new TesterException(depth + " I/Os in flight need a buffer of " + needed + " bytes, it was to be "
                    + bufferBytes + " bytes");
        }
        long size =
                Math.max(bufferBytes, Math.max(needed, SessionOptions.defaults().bufferBytes()));
        if (size > 1 << 30) {
            throw new TesterException(depth + " I/Os in flight of up to " + largestTransfer()
                    + " bytes need a buffer of " + needed + " bytes; a session has at most 2^30");
        }
        return (int) size;
    }
}
