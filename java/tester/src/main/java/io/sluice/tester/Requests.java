package io.sluice.tester;

import io.sluice.block.Operation;
import org.jspecify.annotations.Nullable;

/** The requests of a workload, one after the other; the same ones each time from {@link #restart}. One thread; allocates nothing. */
final class Requests {
    private static final int SEQUENTIAL = 0;
    private static final int RANDOM = 1;
    private static final int ONCE = 2;
    private static final int PING_PONG = 3;
    private static final int REPLAY = 4;
    private static final long GOLDEN = 0x9e37_79b9_7f4a_7c15L;
    private static final long PERCENT_OF_32_BITS = (1L << 32) / 100;

    private final int kind;
    private final long seed;
    private final long windowBytes;
    private final long unitBytes;
    private final long units;
    private final Mix mix;
    private final Sizes[] sizes = new Sizes[Operation.values().length];
    private final @Nullable Operation only;
    private final int onlyBytes;
    private final long trimThreshold;
    private final long readThreshold;
    private final @Nullable Permutation order;
    private final @Nullable Trace trace;

    private long places;
    private long choices;
    private long cursor;
    private long passes;
    private int index;
    private int writesToSync;

    private Operation operation = Operation.READ;
    private long position;
    private int length;

    /**
     * The requests of a workload.
     *
     * @param windowBytes bytes of the window, at least one I/O
     */
    Requests(Workload workload, long windowBytes) {
        this.seed = workload.seed();
        this.windowBytes = windowBytes;
        this.mix = workload.mix();
        Access access = workload.access();
        this.trace = access instanceof Access.Replay replay ? replay.trace() : null;
        this.unitBytes = trace == null ? workload.unitBytes() : 1;
        this.units = windowBytes / unitBytes;
        boolean once = access instanceof Access.Random random && random.everyBlockOnce() && workload.hasOneSize();
        this.kind = switch (access.label()) {
            case "sequential" -> SEQUENTIAL;
            case "random" -> once ? ONCE : RANDOM;
            case "ping-pong" -> PING_PONG;
            default -> REPLAY;
        };
        this.order = once ? new Permutation(units) : null;
        sizes[Operation.READ.ordinal()] = workload.readSizes();
        sizes[Operation.WRITE.ordinal()] = workload.writeSizes();
        sizes[Operation.TRIM.ordinal()] = workload.trimSizes();
        this.only = only(mix);
        this.onlyBytes = workload.hasOneSize() ? (int) unitBytes : 0;
        this.trimThreshold = mix.trimPercent() * PERCENT_OF_32_BITS;
        this.readThreshold = mix.readPercent() == 100 ? 1L << 32 : mix.readPercent() * PERCENT_OF_32_BITS;
        restart();
    }

    private static @Nullable Operation only(Mix mix) {
        if (mix.trimPercent() == 100) {
            return Operation.TRIM;
        }
        if (mix.trimPercent() > 0 || (mix.hasReads() && mix.hasWrites())) {
            return null;
        }
        return mix.hasReads() ? Operation.READ : Operation.WRITE;
    }

    /** Begins again with the first request. */
    void restart() {
        places = seed * GOLDEN | 1;
        choices = (seed ^ GOLDEN) * 0xbf58_476d_1ce4_e5b9L | 1;
        cursor = 0;
        passes = 0;
        index = 0;
        writesToSync = mix.syncEvery();
        if (order != null) {
            order.key(seed);
        }
    }

    /** Makes the next request, which the accessors then tell; false when there is none any more. */
    boolean next() {
        if (kind == REPLAY) {
            return replay();
        }
        if (writesToSync == 0 && mix.syncEvery() > 0) {
            writesToSync = mix.syncEvery();
            operation = Operation.SYNC;
            position = 0;
            length = 0;
            return true;
        }
        operation = only != null ? only : choose();
        if (mix.syncEvery() > 0 && operation == Operation.WRITE) {
            writesToSync--;
        }
        length = onlyBytes != 0 ? onlyBytes : pickLength();
        position = place();
        return true;
    }

    /** The operation that all requests are that this makes, of one size; null where they differ or were made before. */
    @Nullable
    Operation only() {
        return trace != null || onlyBytes == 0 || mix.syncEvery() > 0 ? null : only;
    }

    /** Where the next request is that differs from the others in nothing else, bytes: see {@link #only()}. */
    long nextPosition() {
        length = onlyBytes;
        return place();
    }

    Operation operation() {
        return operation;
    }

    /** Where in the window, bytes. */
    long position() {
        return position;
    }

    int length() {
        return length;
    }

    /** In a replay, when the request was made, nanoseconds since the first. */
    long nanos() {
        return trace == null ? 0 : trace.nanos(index - 1);
    }

    private boolean replay() {
        if (trace == null || index == trace.size()) {
            return false;
        }
        operation = trace.operation(index);
        position = trace.position(index);
        length = trace.length(index);
        index++;
        return true;
    }

    private Operation choose() {
        choices = step(choices);
        long choice = choices >>> 32;
        if (choice < trimThreshold) {
            return Operation.TRIM;
        }
        if (!mix.hasWrites()) {
            return Operation.READ;
        }
        if (trimThreshold > 0) {
            choices = step(choices);
            choice = choices >>> 32;
        }
        return choice < readThreshold ? Operation.READ : Operation.WRITE;
    }

    private int pickLength() {
        Sizes of = sizes[operation.ordinal()];
        if (of.isOne()) {
            return of.smallest();
        }
        choices = step(choices);
        return of.pick((int) (choices >>> 32));
    }

    private long place() {
        return switch (kind) {
            case RANDOM -> scattered();
            case ONCE -> once() * unitBytes;
            case PING_PONG -> pingPong() * unitBytes;
            default -> sequential();
        };
    }

    private long scattered() {
        places = step(places);
        // A random number of 63 bits times the range, upper half: even, and without a division.
        return Math.multiplyHigh(places >>> 1, placesFor(length) << 1) * unitBytes;
    }

    private long placesFor(int bytes) {
        return bytes == unitBytes ? units : (windowBytes - bytes) / unitBytes + 1;
    }

    private long sequential() {
        long here = cursor;
        if (windowBytes - here < length) {
            here = 0;
        }
        cursor = here + length;
        return here;
    }

    private long once() {
        if (cursor == units) {
            cursor = 0;
            passes++;
            order.key(seed + passes * GOLDEN);
        }
        return order.at(cursor++);
    }

    private long pingPong() {
        long turn = cursor;
        cursor = turn + 1 == units ? 0 : turn + 1;
        long unit = (turn & 1) == 0 ? turn >> 1 : units - 1 - (turn >> 1);
        // Where sizes differ, a large one at the end begins a little earlier.
        return length == unitBytes ? unit : Math.min(unit, (windowBytes - length) / unitBytes);
    }

    static long step(long state) {
        long x = state;
        x ^= x << 13;
        x ^= x >>> 7;
        x ^= x << 17;
        return x;
    }
}
