package io.sluice.cli;

import io.sluice.block.Operation;
import io.sluice.tester.Measured;
import io.sluice.tester.Tally;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What fio reports as one job: one of its copies, or a whole group where that is asked for.
 *
 * @param job the first one of a group
 * @param group number of the group, from 0
 * @param parts what each of its sessions measured
 */
record FioRow(FioJob job, int group, List<Measured> parts, Tally tally) {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** What fio reports apart: reads, writes, trims. */
    static final List<Operation> DIRECTIONS = List.of(Operation.READ, Operation.WRITE, Operation.TRIM);

    static FioRow of(FioJob job, int group, List<Measured> parts) {
        return new FioRow(
                job,
                group,
                List.copyOf(parts),
                Tally.sum(parts.stream().map(Measured::tally).toList()));
    }

    /** How long the longest one ran. */
    long nanos() {
        return parts.stream().mapToLong(Measured::nanos).max().orElse(0);
    }

    /** The same in milliseconds, at least 1, as fio has it; 0 for a direction in which nothing happened. */
    long millis(Operation direction) {
        return tally.ios(direction) == 0 ? 0 : Math.max(1, nanos() / NANOS_PER_MILLI);
    }

    double perSecond(long amount) {
        return nanos() == 0 ? 0 : amount * NANOS_PER_SECOND / nanos();
    }

    double bytesPerSecond(Operation direction) {
        return perSecond(tally.bytes(direction));
    }

    double iops(Operation direction) {
        return perSecond(tally.ios(direction));
    }

    /** Whether how long submitting takes is part of what an I/O takes: not for channels that do all of it at once. */
    boolean submits() {
        return job.engine() != FioEngine.SYNC;
    }

    /** fio's slat: until an I/O is submitted. */
    Histogram submission(Operation direction) {
        return submits() ? tally.submission(direction) : empty();
    }

    /** fio's clat: from then on. */
    Histogram completion(Operation direction) {
        return submits() ? tally.completion(direction) : tally.latency(direction);
    }

    private static Histogram empty() {
        return new Histogram(2);
    }

    /** Of the samples of all its sessions, one after the other: I/Os, or bytes, in a second. */
    List<Double> samples(Operation direction, boolean bytes) {
        return parts.stream()
                .flatMap(part -> FioSamples.of(part, direction, bytes).stream())
                .toList();
    }

    @Nullable
    String error() {
        return parts.stream()
                .map(Measured::firstError)
                .filter(text -> text != null)
                .findFirst()
                .orElse(null);
    }

    /** fio's number of the error: the system's for "input/output error", or for "invalid or incomplete multibyte" where data is wrong. */
    int errorNumber() {
        String text = error();
        return text == null ? 0 : text.startsWith("verify: ") ? 84 : 5;
    }
}
