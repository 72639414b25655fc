package io.sluice.tester;

import io.sluice.block.Operation;
import java.util.Arrays;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What was counted and timed. The thread of a workload writes it; others read it after the run. Latencies are nanoseconds, exact to three digits, at
 * most an hour.
 */
public final class Tally {
    private static final long LONGEST_NANOS = 3_600_000_000_000L;
    private static final int DIGITS = 3;
    private static final int OPERATIONS = Operation.values().length;

    /** Levels of a distribution of depths or batches, in powers of two. */
    private static final int LEVELS = 17;

    private final Timing timing;
    /** Bytes of each I/O but syncs, which then need not be added up; 0 = they differ. */
    private final int eachBytes;

    private final long[] ios = new long[OPERATIONS];
    private final long[] bytes = new long[OPERATIONS];
    private final @Nullable Histogram[] latencies = new Histogram[OPERATIONS];
    private final @Nullable Histogram[] submissions = new Histogram[OPERATIONS];
    private final @Nullable Histogram[] completions = new Histogram[OPERATIONS];
    private final long[] depths = new long[LEVELS];
    private final long[] submitted = new long[LEVELS];
    private final long[] completed = new long[LEVELS];
    private long errors;
    private long wakeups;
    private long commits;

    /** Of I/Os that all have so many bytes; 0 = they differ. */
    Tally(Timing timing, int eachBytes) {
        this.timing = timing;
        this.eachBytes = eachBytes;
    }

    /** Makes room for what an operation will need, so that nothing is allocated while it is counted. */
    void expect(Operation operation) {
        int index = operation.ordinal();
        if (timing != Timing.NONE) {
            latencies[index] = new Histogram(LONGEST_NANOS, DIGITS);
        }
        if (timing == Timing.DETAILED) {
            submissions[index] = new Histogram(LONGEST_NANOS, DIGITS);
            completions[index] = new Histogram(LONGEST_NANOS, DIGITS);
        }
    }

    void done(int operation, int length) {
        ios[operation]++;
        if (eachBytes == 0) {
            bytes[operation] += length;
        }
    }

    /** So many I/Os at once, all of one size. */
    void doneAlike(int operation, int count) {
        ios[operation] += count;
    }

    void latency(int operation, long nanos) {
        latencies[operation].recordValue(Math.max(0, Math.min(nanos, LONGEST_NANOS)));
    }

    void split(int operation, long submitNanos, long completeNanos) {
        submissions[operation].recordValue(Math.max(0, Math.min(submitNanos, LONGEST_NANOS)));
        completions[operation].recordValue(Math.max(0, Math.min(completeNanos, LONGEST_NANOS)));
    }

    void error() {
        errors++;
    }

    void wakeup() {
        wakeups++;
    }

    void commit() {
        commits++;
    }

    void depth(int inFlight) {
        depths[Math.min(LEVELS - 1, Integer.SIZE - 1 - Integer.numberOfLeadingZeros(inFlight))]++;
    }

    void batches(int of) {
        submitted[level(of)]++;
    }

    void arrivals(int of) {
        completed[level(of)]++;
    }

    private static int level(int count) {
        return count <= 1 ? 0 : Math.min(LEVELS - 1, Integer.SIZE - Integer.numberOfLeadingZeros(count - 1));
    }

    void clear() {
        Arrays.fill(ios, 0);
        Arrays.fill(bytes, 0);
        for (Histogram[] histograms : new Histogram[][] {latencies, submissions, completions}) {
            for (Histogram histogram : histograms) {
                if (histogram != null) {
                    histogram.reset();
                }
            }
        }
        Arrays.fill(depths, 0);
        Arrays.fill(submitted, 0);
        Arrays.fill(completed, 0);
        errors = 0;
        wakeups = 0;
        commits = 0;
    }

    void add(Tally other) {
        for (Operation operation : Operation.values()) {
            ios[operation.ordinal()] += other.ios(operation);
            bytes[operation.ordinal()] += other.bytes(operation);
        }
        merge(latencies, other.latencies);
        merge(submissions, other.submissions);
        merge(completions, other.completions);
        for (int i = 0; i < LEVELS; i++) {
            depths[i] += other.depths[i];
            submitted[i] += other.submitted[i];
            completed[i] += other.completed[i];
        }
        errors += other.errors;
        wakeups += other.wakeups;
        commits += other.commits;
    }

    private static void merge(@Nullable Histogram[] mine, @Nullable Histogram[] others) {
        for (int i = 0; i < OPERATIONS; i++) {
            Histogram more = others[i];
            if (more != null) {
                if (mine[i] == null) {
                    mine[i] = more.copy();
                } else {
                    mine[i].add(more);
                }
            }
        }
    }

    /** Several added up. */
    public static Tally sum(List<Tally> parts) {
        Tally sum = new Tally(Timing.NONE, 0);
        parts.forEach(sum::add);
        return sum;
    }

    /** I/Os of an operation that were done. */
    public long ios(Operation operation) {
        return ios[operation.ordinal()];
    }

    /** Bytes of an operation that were done. */
    public long bytes(Operation operation) {
        if (eachBytes == 0 || operation == Operation.SYNC) {
            return bytes[operation.ordinal()];
        }
        return ios[operation.ordinal()] * eachBytes;
    }

    /** All I/Os that were done but syncs, as they are counted as IOPS. */
    public long ios() {
        return Arrays.stream(ios).sum() - ios(Operation.SYNC);
    }

    /** All bytes that were done. */
    public long bytes() {
        return Arrays.stream(Operation.values()).mapToLong(this::bytes).sum();
    }

    /** I/Os that failed, and those whose data was not what it had to be. */
    public long errors() {
        return errors;
    }

    /** How often there was something to report: completions that arrive together wake a program once. */
    public long wakeups() {
        return wakeups;
    }

    /** How often the device was told of new I/Os. */
    public long commits() {
        return commits;
    }

    /** From submission (or from when it was due) to completion, nanoseconds; empty where it was not measured. A copy. */
    public Histogram latency(Operation operation) {
        return copy(latencies[operation.ordinal()]);
    }

    /** How long submitting took, the rest of its batch included, nanoseconds; empty where it was not measured. A copy. */
    public Histogram submission(Operation operation) {
        return copy(submissions[operation.ordinal()]);
    }

    /** From the end of submission to completion, nanoseconds; empty where it was not measured. A copy. */
    public Histogram completion(Operation operation) {
        return copy(completions[operation.ordinal()]);
    }

    private static Histogram copy(@Nullable Histogram histogram) {
        return histogram == null ? new Histogram(LONGEST_NANOS, DIGITS) : histogram.copy();
    }

    /** Latencies of all operations but syncs, nanoseconds. A copy. */
    public Histogram latency() {
        Histogram all = new Histogram(LONGEST_NANOS, DIGITS);
        for (Operation operation : Operation.values()) {
            Histogram one = latencies[operation.ordinal()];
            if (operation != Operation.SYNC && one != null) {
                all.add(one);
            }
        }
        return all;
    }

    /** How many I/Os were submitted with so many in flight, themselves included: index i counts from 2^i on. Where it was not measured, zeroes. */
    public long[] depths() {
        return depths.clone();
    }

    /** How many batches of so many I/Os were submitted: index i counts up to 2^i. */
    public long[] submittedBatches() {
        return submitted.clone();
    }

    /** How many completions arrived together: index i counts up to 2^i. */
    public long[] completedBatches() {
        return completed.clone();
    }
}
