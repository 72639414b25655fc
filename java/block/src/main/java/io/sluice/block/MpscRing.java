package io.sluice.block;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue from many threads to one. It can be closed, and that is a clean cut: what was accepted before is taken, nothing is accepted after.
 *
 * <p>Producers claim a place by advancing the tail, then publish the element in it by a release store. The consumer takes an element by an acquire
 * load, clears its place, and gives it back by a release store of the head, which producers acquire before they use the place again.
 */
final class MpscRing<E> {
    /** Answers of {@link #offer}. */
    enum Offer {
        ACCEPTED,
        FULL,
        CLOSED
    }

    /** Positions are counted in twos; the last bit of the tail says that the ring is closed. */
    private static final long CLOSED = 1;

    private static final long ONE = 2;

    // Each counter has two cache lines of its own, against the prefetcher of pairs, and lines of padding around all.
    private static final int LINE = 16;
    private static final int TAIL = LINE;
    private static final int LIMIT = 2 * LINE;
    private static final int HEAD = 3 * LINE;
    private static final VarHandle COUNTER = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(Object[].class);

    private final long[] counters = new long[5 * LINE];
    private final @Nullable Object[] elements;
    private final int mask;

    /**
     * An empty ring.
     *
     * @param atLeast how many elements it holds at least, 1 to 2^30
     */
    MpscRing(int atLeast) {
        int capacity = atLeast <= 1 ? 1 : Integer.highestOneBit(atLeast - 1) << 1;
        this.elements = new Object[capacity];
        this.mask = capacity - 1;
        counters[LIMIT] = capacity * ONE;
    }

    int capacity() {
        return elements.length;
    }

    /** Any thread. */
    Offer offer(E element) {
        long tail;
        do {
            tail = (long) COUNTER.getVolatile(counters, TAIL);
            if ((tail & CLOSED) != 0) {
                return Offer.CLOSED;
            }
            // The limit keeps producers from reading the head, which the consumer changes all the time.
            if (tail >= (long) COUNTER.getAcquire(counters, LIMIT)) {
                long limit = (long) COUNTER.getAcquire(counters, HEAD) + elements.length * ONE;
                if (tail >= limit) {
                    return Offer.FULL;
                }
                COUNTER.setRelease(counters, LIMIT, limit);
            }
        } while (!COUNTER.compareAndSet(counters, TAIL, tail, tail + ONE));
        ELEMENT.setRelease(elements, place(tail), element);
        return Offer.ACCEPTED;
    }

    /** The oldest element; null when there is none, or it is not published yet. The consumer. */
    @SuppressWarnings("unchecked")
    @Nullable
    E take() {
        long head = counters[HEAD];
        int place = place(head);
        Object element = ELEMENT.getAcquire(elements, place);
        if (element == null) {
            return null;
        }
        elements[place] = null;
        COUNTER.setRelease(counters, HEAD, head + ONE);
        return (E) element;
    }

    /** Whether nothing was accepted that was not taken; what is accepted but not published yet counts. The consumer. */
    boolean isEmpty() {
        return counters[HEAD] == ((long) COUNTER.getVolatile(counters, TAIL) & ~CLOSED);
    }

    /** Accepts nothing any more. Any thread, idempotent. */
    void close() {
        long ignored = (long) COUNTER.getAndBitwiseOr(counters, TAIL, CLOSED);
    }

    boolean isClosed() {
        return ((long) COUNTER.getVolatile(counters, TAIL) & CLOSED) != 0;
    }

    private int place(long position) {
        return (int) (position >>> 1) & mask;
    }
}
