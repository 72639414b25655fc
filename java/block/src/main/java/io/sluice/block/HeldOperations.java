package io.sluice.block;

import java.util.Arrays;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Operations of one direction that wait until the limits let them pass, oldest first, and the limits. One thread; nothing is allocated but in the
 * constructor and when limits change.
 */
final class HeldOperations {
    /** In the place of an offset: the memory is in several places. */
    private static final long SEVERAL = -1;

    private final LongSupplier clock;
    private @Nullable TokenBucket operationTokens;
    private @Nullable TokenBucket byteTokens;

    // A ring.
    private final Operation[] operations;
    private final long[] blocks;
    private final long[] counts;
    private final @Nullable IoBuffer[] memories;
    private final long[] offsets;
    /** Used again and again; those of a place count where it has no memory of its own. */
    private final @Nullable Segments[] segments;

    private final long[] tags;
    private int head;
    private int size;

    HeldOperations(int most, LongSupplier clock) {
        this.clock = clock;
        this.operations = new Operation[most];
        Arrays.fill(operations, Operation.SYNC);
        this.blocks = new long[most];
        this.counts = new long[most];
        this.memories = new IoBuffer[most];
        this.offsets = new long[most];
        this.segments = new Segments[most];
        this.tags = new long[most];
    }

    void limit(Rate operationRate, Rate byteRate) {
        long now = clock.getAsLong();
        operationTokens = changed(operationTokens, operationRate, now);
        byteTokens = changed(byteTokens, byteRate, now);
    }

    private static @Nullable TokenBucket changed(@Nullable TokenBucket bucket, Rate rate, long now) {
        if (!rate.isLimited()) {
            return null;
        }
        if (bucket == null) {
            return new TokenBucket(rate, now);
        }
        bucket.change(rate, now);
        return bucket;
    }

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    void add(Operation operation, long block, long count, @Nullable IoBuffer memory, long offset, long tag) {
        int at = place(operation, block, count, tag);
        memories[at] = memory;
        offsets[at] = offset;
    }

    /** The same for memory in several places, of which a copy is made. */
    void add(Operation operation, long block, long count, Segments memory, long tag) {
        int at = place(operation, block, count, tag);
        Segments copy = segments[at];
        if (copy == null || copy.capacity() < memory.count()) {
            copy = new Segments(memory.count());
            segments[at] = copy;
        }
        segments[at] = copy.copy(memory);
        offsets[at] = SEVERAL;
    }

    private int place(Operation operation, long block, long count, long tag) {
        int at = head + size;
        if (at >= tags.length) {
            at -= tags.length;
        }
        operations[at] = operation;
        blocks[at] = block;
        counts[at] = count;
        tags[at] = tag;
        size++;
        return at;
    }

    /** Whether one of them names a memory. */
    boolean name(IoBuffer memory) {
        for (int i = 0; i < size; i++) {
            int at = (head + i) % tags.length;
            Segments several = segments[at];
            if (memories[at] == memory || (offsets[at] == SEVERAL && several != null && several.name(memory))) {
                return true;
            }
        }
        return false;
    }

    /** Whether the limits let one more pass now. */
    boolean passes() {
        return waitNanos() == 0;
    }

    /** How long the limits let none pass, nanoseconds. */
    long waitNanos() {
        if (hasTokens()) {
            return 0;
        }
        long now = clock.getAsLong();
        return Math.max(emptyNanos(operationTokens, now), emptyNanos(byteTokens, now));
    }

    private boolean hasTokens() {
        return (operationTokens == null || !operationTokens.isEmpty()) && (byteTokens == null || !byteTokens.isEmpty());
    }

    private static long emptyNanos(@Nullable TokenBucket bucket, long now) {
        if (bucket == null) {
            return 0;
        }
        bucket.fill(now);
        return bucket.emptyNanos();
    }

    /** One passed. */
    void passed(long bytes) {
        if (operationTokens != null) {
            operationTokens.take(1);
        }
        if (byteTokens != null) {
            byteTokens.take(bytes);
        }
    }

    /** The oldest one's operation, and so on. */
    Operation operation() {
        return operations[head];
    }

    long block() {
        return blocks[head];
    }

    long count() {
        return counts[head];
    }

    @Nullable
    IoBuffer memory() {
        return memories[head];
    }

    /** Its memory where that is in several places; null otherwise. */
    @Nullable
    Segments segments() {
        return offsets[head] == SEVERAL ? segments[head] : null;
    }

    long offset() {
        return offsets[head];
    }

    long tag() {
        return tags[head];
    }

    /** Forgets the oldest one. */
    void remove() {
        memories[head] = null;
        Segments several = segments();
        if (several != null) {
            several.clear();
        }
        head = head + 1 == tags.length ? 0 : head + 1;
        size--;
    }
}
