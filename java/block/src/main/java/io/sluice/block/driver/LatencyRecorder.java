package io.sluice.block.driver;

import io.sluice.block.LatencyHistogram;
import io.sluice.block.LatencyStatistics;
import io.sluice.block.Operation;
import io.sluice.block.SessionOptions;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes the time of a session's operations, from the commit that told the device of them to the poll that found them done. The clock is read once for
 * all operations of a commit and once for all completions of a round, since a reading costs more than an operation.
 *
 * <p>Written by the session's owner without synchronisation; {@link #read} may be called by anybody. Nothing here allocates but the constructor and
 * {@code read}. Times are taken when the session's options say so, or while the Java Flight Recorder wants slow operations; it is asked for that
 * now and then, not for each operation.
 */
public final class LatencyRecorder {
    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(long[].class);
    /** How many commits may pass before the Flight Recorder is asked again. A power of two. */
    private static final int COMMITS_PER_LOOK = 1024;

    // What every operation touches.
    private final SlotFacts slots;
    /** By kind of operation, {@link LatencyBuckets#COUNT} each; null when only slow operations matter. */
    private final long @Nullable [] counts;

    private boolean timing;
    /** The time of this round; 0 when it was not looked at. */
    private long now;
    /** What is slow, nanoseconds; {@link Long#MAX_VALUE} while nobody wants to know. */
    private long slowNanos = Long.MAX_VALUE;

    private final SessionOptions options;
    private final LongSupplier clock;

    /**
     * A recorder for the operations in these slots.
     *
     * @param options of the session: what to record, and what is slow
     */
    public LatencyRecorder(SlotFacts slots, SessionOptions options) {
        this(slots, options, System::nanoTime);
    }

    LatencyRecorder(SlotFacts slots, SessionOptions options, LongSupplier clock) {
        this.slots = slots;
        this.clock = clock;
        this.options = options;
        this.counts = options.latency() ? new long[Operation.values().length * LatencyBuckets.COUNT] : null;
        look();
    }

    /**
     * The device was told of all operations that took a slot so far.
     *
     * @param commits how often that was, from {@link Counters#committed}
     */
    public void committed(long commits) {
        if ((commits & COMMITS_PER_LOOK - 1) == 0) {
            look();
        }
        if (timing) {
            slots.committed(time());
        }
    }

    /** Whether times are taken now: for rounds that ask once for all their operations. */
    public boolean timing() {
        return timing;
    }

    /**
     * The operation of a slot is done.
     *
     * @param kind {@link Operation#ordinal} of it
     * @return whether it was slow and somebody wants to know: see {@link #reportSlow}
     */
    public boolean done(int slot, int kind) {
        return timing && record(slot, kind);
    }

    /** As {@link #done}, where {@link #timing} was asked before. */
    public boolean record(int slot, int kind) {
        long since = slots.since(slot);
        if (since == 0) {
            return false;
        }
        long nanos = now() - since;
        long[] to = counts;
        if (to != null) {
            int at = kind * LatencyBuckets.COUNT + LatencyBuckets.of(nanos);
            // One writer: readers only have to see whole numbers.
            ELEMENT.setOpaque(to, at, to[at] + 1);
        }
        return nanos >= slowNanos;
    }

    private long now() {
        if (now == 0) {
            now = time();
        }
        return now;
    }

    /** Zero means that no time was taken. */
    private long time() {
        long time = clock.getAsLong();
        return time == 0 ? 1 : time;
    }

    /** Ends a round: what is done from now on was not there when the clock was read. */
    public void endRound() {
        if (timing) {
            now = 0;
        }
    }

    /** Asks the Flight Recorder whether it wants slow operations. For sessions that are about to wait, and have the time. */
    public void look() {
        now = 0;
        boolean wanted = SlowOperation.isWanted();
        slowNanos = wanted ? options.slow().toNanos() : Long.MAX_VALUE;
        timing = wanted || counts != null;
        slots.timed(timing);
    }

    /** Tells the Flight Recorder of the operation in a slot, which {@link #done} found slow. */
    public void reportSlow(String device, int slot) {
        SlowOperation.report(
                device,
                options.label(),
                slots.operation(slot),
                slots.block(slot),
                slots.count(slot),
                now() - slots.since(slot));
    }

    /** What was recorded so far. Any thread. */
    public LatencyStatistics read() {
        long[] from = counts;
        if (from == null) {
            return LatencyStatistics.none();
        }
        Map<Operation, LatencyHistogram> histograms = new EnumMap<>(Operation.class);
        long[] buckets = new long[LatencyBuckets.COUNT];
        for (Operation operation : Operation.values()) {
            int start = operation.ordinal() * LatencyBuckets.COUNT;
            for (int i = 0; i < buckets.length; i++) {
                buckets[i] = (long) ELEMENT.getOpaque(from, start + i);
            }
            LatencyHistogram histogram = LatencyHistogram.of(buckets);
            if (histogram.count() > 0) {
                histograms.put(operation, histogram);
            }
        }
        return LatencyStatistics.of(histograms);
    }
}
