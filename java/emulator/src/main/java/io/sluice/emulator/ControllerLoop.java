package io.sluice.emulator;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The controller's thread. While there is something to do it looks at the doorbells again and again; when there is not, it looks less and less often, since a
 * doorbell that is rung in shared memory wakes nobody. What comes by message wakes it.
 */
final class ControllerLoop implements Runnable {
    private static final long SPIN_NANOS = 20_000;
    private static final long YIELD_NANOS = 300_000;
    /** How long it sleeps at most, by how long nothing was to do. */
    private static final long SHORT_SLEEP_NANOS = 50_000;

    private static final long SHORT_SLEEPS_FOR_NANOS = 20_000_000;
    private static final long MIDDLE_SLEEP_NANOS = 1_000_000;
    private static final long MIDDLE_SLEEPS_FOR_NANOS = 1_000_000_000;
    private static final long LONG_SLEEP_NANOS = 5_000_000;
    private static final long HOUSEKEEPING_NANOS = 5_000_000;
    private static final int PASSES_PER_CLOCK = 64;

    private final Engine engine;
    private final Thread thread;
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private volatile boolean asked;
    private boolean ended;
    private @Nullable volatile Throwable failure;

    // Of the thread alone.
    private long now;
    private long busyAt;
    private long cleanedAt;
    private int passes;
    private boolean worked;

    ControllerLoop(String name, Engine engine) {
        this.engine = engine;
        this.thread = new Thread(this, name);
        thread.setDaemon(true);
    }

    Engine engine() {
        return engine;
    }

    void start() {
        thread.start();
    }

    /** What should never have happened, and made the controller fail; null when nothing did. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    /** Has the thread do something, soon, in the order of the calls. */
    void post(Runnable task) {
        synchronized (tasks) {
            if (ended) {
                return;
            }
            tasks.add(task);
            asked = true;
        }
        LockSupport.unpark(thread);
    }

    /** Has the thread do something and waits for it. */
    void call(Runnable task) {
        CountDownLatch done = new CountDownLatch(1);
        synchronized (tasks) {
            if (ended) {
                return;
            }
            post(() -> {
                try {
                    runThrough(task);
                } finally {
                    done.countDown();
                }
            });
        }
        awaitUninterruptibly(done);
    }

    /** What somebody waits for is done, whatever an access to lost memory throws late into the middle of it. */
    private void runThrough(Runnable task) {
        try {
            task.run();
        } catch (InternalError late) {
            engine.memoryLost();
            task.run();
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** There may be something to do. */
    void wake() {
        LockSupport.unpark(thread);
    }

    /** Ends the thread; nothing of the host is touched after it. */
    void end() {
        call(() -> {
            synchronized (tasks) {
                ended = true;
            }
            engine.disconnect();
        });
    }

    @Override
    public void run() {
        now = System.nanoTime();
        busyAt = now;
        cleanedAt = now;
        // What compiled code hears late of lost memory may come between two turns too.
        while (!turnsToTheEnd()) {
            Thread.onSpinWait();
        }
    }

    /** Takes turns; true when the thread is to end, false when something went wrong, of which the engine knows then. */
    private boolean turnsToTheEnd() {
        try {
            boolean goesOn = true;
            while (goesOn) {
                goesOn = turn();
            }
            return true;
        } catch (RuntimeException | Error unexpected) {
            fail(unexpected);
            return false;
        }
    }

    /** One turn; false when the thread is to end. */
    private boolean turn() {
        if ((asked || ended) && !runTask()) {
            return false;
        }
        int work = engine.pass();
        worked |= work > 0;
        if (work > 0 && ++passes < PASSES_PER_CLOCK) {
            return true;
        }
        passes = 0;
        now = System.nanoTime();
        if (worked) {
            busyAt = now;
            worked = false;
        }
        if (now - cleanedAt >= HOUSEKEEPING_NANOS) {
            cleanedAt = now;
            engine.housekeep(now);
        }
        if (work == 0) {
            idle(now - busyAt);
        }
        return true;
    }

    @SuppressWarnings("ThreadPriorityCheck") // A hint: the right thing happens without it, later.
    private void idle(long idleNanos) {
        if (asked) {
            return;
        }
        if (!engine.running()) {
            LockSupport.park(this);
        } else if (idleNanos < SPIN_NANOS) {
            Thread.onSpinWait();
        } else if (idleNanos < YIELD_NANOS) {
            // Where there are more threads than processors the host may be waiting for this one.
            Thread.yield();
        } else {
            LockSupport.parkNanos(
                    this,
                    idleNanos < SHORT_SLEEPS_FOR_NANOS
                            ? SHORT_SLEEP_NANOS
                            : idleNanos < MIDDLE_SLEEPS_FOR_NANOS ? MIDDLE_SLEEP_NANOS : LONG_SLEEP_NANOS);
        }
        // Whoever interrupts it means nothing: it ends when it is told to.
        boolean ignored = Thread.interrupted();
    }

    /**
     * Does one thing that was asked for; between two of them it looks at the doorbells. It is off the list only when it is done, so that none is lost
     * to what an access to lost memory throws late; done twice, it does no harm. False when the thread is to end.
     */
    private boolean runTask() {
        Runnable task;
        synchronized (tasks) {
            task = tasks.peek();
        }
        if (task != null) {
            try {
                runThrough(task);
            } catch (RuntimeException | Error unexpected) {
                fail(unexpected);
            }
        }
        synchronized (tasks) {
            tasks.remove(task);
            asked = !tasks.isEmpty();
            return !ended || asked;
        }
    }

    /**
     * The controller cannot go on. An {@link InternalError} says that memory of the host is gone (see RegisterSpace#mapped); compiled code hears of it late, at
     * any place of a turn.
     */
    private void fail(Throwable unexpected) {
        if (unexpected instanceof InternalError) {
            engine.memoryLost();
        } else if (failure == null) {
            failure = unexpected;
        }
        engine.fail();
    }
}
