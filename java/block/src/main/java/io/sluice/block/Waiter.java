package io.sluice.block;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Waits, as a {@link WaitStrategy} says, for a thread that polls a session and may have other sources of work. The thread calls {@link #idle} once
 * in each round of its loop; any other thread calls {@link #wake} after it has made work for it.
 */
public final class Waiter {
    private static final int AWAKE = 0;
    private static final int PARKED = 1;
    private static final int AWAITING = 2;
    private static final VarHandle STATE;
    /** The longest sleep on an interrupt or a wake: by then one may have been lost. */
    private static final long LONGEST_SLEEP_NANOS = 100_000_000;
    /**
     * How often a thread that spins looks before it reads the clock and hints that it spins: some microseconds, in which most operations come back. A hint
     * takes as long as some dozen looks, and an emulated processor leaves its loop for it, and then stands in the way of the emulated drive.
     */
    private static final int LOOKS_BEFORE_HINT = 1024;

    /** The first and the longest sleep where no interrupt ends it. */
    private static final long FIRST_NAP_NANOS = 10_000;

    private static final long LONGEST_NAP_NANOS = 1_000_000;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Waiter.class, "state", int.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final WaitStrategy strategy;
    private final BlockSession session;
    private final BooleanSupplier pending;
    private final long spinNanos;
    /** How many more looks come before a hint. */
    private int looks = LOOKS_BEFORE_HINT;

    private boolean idle;
    private long idleSince;
    private long napNanos = FIRST_NAP_NANOS;
    private volatile @Nullable Thread thread;

    @SuppressWarnings("unused") // by STATE
    private volatile int state;

    /**
     * A waiter for the owner of a session.
     *
     * @param pending whether there is work that the session does not know of; asked once more after others can see that the thread is about to sleep, so
     *     that no {@link #wake} is lost
     */
    public Waiter(WaitStrategy strategy, BlockSession session, BooleanSupplier pending) {
        this.strategy = strategy;
        this.session = session;
        this.pending = pending;
        this.spinNanos = strategy instanceof WaitStrategy.Adaptive adaptive ? adaptive.spinNanos() : 0;
    }

    /**
     * Ends a round of the loop.
     *
     * @param work how much was done in it; above 0 nothing is waited for
     * @throws IOException when the session cannot be waited for any more: see {@link BlockSession#await}
     */
    @SuppressWarnings("ThreadPriorityCheck") // To rely on the scheduler is what Yield is.
    public void idle(int work) throws IOException {
        if (work > 0) {
            idle = false;
            looks = LOOKS_BEFORE_HINT;
            return;
        }
        if (strategy instanceof WaitStrategy.BusySpin) {
            if (looks > 0) {
                looks--;
            } else {
                Thread.onSpinWait();
            }
        } else if (strategy instanceof WaitStrategy.Yield) {
            Thread.yield();
        } else if (strategy instanceof WaitStrategy.Park park) {
            sleep(false, park.nanos());
        } else if (!spins()) {
            sleepLong();
        }
    }

    private boolean spins() {
        if (spinNanos > 0 && looks > 0) {
            looks--;
            return true;
        }
        long now = System.nanoTime();
        if (!idle) {
            idle = true;
            idleSince = now;
            napNanos = FIRST_NAP_NANOS;
        }
        if (now - idleSince < spinNanos) {
            Thread.onSpinWait();
            return true;
        }
        return false;
    }

    private void sleepLong() throws IOException {
        if (session.inFlight() == 0) {
            sleep(false, LONGEST_SLEEP_NANOS);
        } else if (session.hasInterrupt()) {
            sleep(true, LONGEST_SLEEP_NANOS);
        } else {
            sleep(false, napNanos);
            napNanos = Math.min(2 * napNanos, LONGEST_NAP_NANOS);
        }
    }

    private void sleep(boolean onInterrupt, long nanos) throws IOException {
        if (thread != Thread.currentThread()) {
            thread = Thread.currentThread();
        }
        // Either this store is seen by whoever makes work after it, who then wakes; or what was made before is seen
        // here.
        STATE.setVolatile(this, onInterrupt ? AWAITING : PARKED);
        try {
            if (pending.getAsBoolean()) {
                return;
            }
            if (onInterrupt) {
                boolean ignored = session.await(nanos);
            } else {
                LockSupport.parkNanos(this, nanos);
            }
        } finally {
            STATE.setVolatile(this, AWAKE);
        }
    }

    /** Ends the sleep of the thread, if it sleeps. Any thread. What is to be found must have been published before, by a volatile access. */
    public void wake() {
        int now = (int) STATE.getVolatile(this);
        // One of those who make work at once is enough to wake.
        if (now != AWAKE && STATE.compareAndSet(this, now, AWAKE)) {
            if (now == AWAITING) {
                session.wakeup();
            } else {
                LockSupport.unpark(thread);
            }
        }
    }
}
