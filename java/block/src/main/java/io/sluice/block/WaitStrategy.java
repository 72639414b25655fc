package io.sluice.block;

/**
 * What a thread that polls a session does while there is nothing to do: the closed choice between latency and processor time. {@link Waiter} carries it
 * out.
 */
public sealed interface WaitStrategy {
    /** Looks again at once, and tells the processor that it is waiting. The least latency for a whole processor. */
    record BusySpin() implements WaitStrategy {}

    /** Lets other threads run between two looks. A whole processor as long as nobody else wants it. */
    record Yield() implements WaitStrategy {}

    /**
     * Sleeps between two looks, whatever the session can do.
     *
     * @param nanos how long, nanoseconds, 1 to 10^9; the system adds about 50 microseconds
     */
    record Park(long nanos) implements WaitStrategy {
        public Park {
            if (nanos < 1 || nanos > 1_000_000_000) {
                throw new IllegalArgumentException("a sleep of " + nanos + " ns: expected 1 to 10^9");
            }
        }
    }

    /**
     * Polls under load, sleeps when idle: looks again for a while after the last work, then sleeps until the device interrupts or {@link Waiter#wake} is
     * called. With operations in flight on a session that has no interrupt it sleeps for short times that grow.
     *
     * @param spinNanos how long to look before sleeping, nanoseconds, 0 to 10^9; 0 = sleep at once
     */
    record Adaptive(long spinNanos) implements WaitStrategy {
        public Adaptive {
            if (spinNanos < 0 || spinNanos > 1_000_000_000) {
                throw new IllegalArgumentException("looking for " + spinNanos + " ns: expected 0 to 10^9");
            }
        }
    }

    /** See {@link BusySpin}. */
    static WaitStrategy busySpin() {
        return new BusySpin();
    }

    /** See {@link Yield}. */
    static WaitStrategy yielding() {
        return new Yield();
    }

    /** See {@link Park}. */
    static WaitStrategy parking(long nanos) {
        return new Park(nanos);
    }

    /** Sleeps as soon as there is nothing to do, until an interrupt or {@link Waiter#wake}. */
    static WaitStrategy sleeping() {
        return new Adaptive(0);
    }

    /** The default: {@link Adaptive} with 50 microseconds of looking, longer than a drive needs for a read. */
    static WaitStrategy adaptive() {
        return new Adaptive(50_000);
    }

    /** Whether it makes use of a session's interrupt. */
    default boolean sleepsOnInterrupt() {
        return this instanceof Adaptive;
    }
}
