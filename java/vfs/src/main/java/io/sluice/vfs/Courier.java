package io.sluice.vfs;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Looks after the requests of a {@link Relay} that no thread waits for: its thread polls for them when nobody else holds the baton, and tells of those that are done. It
 * tells without the baton, so that whoever is told may do anything, blocking calls on the same file included; meanwhile others poll, if they wait for something.
 */
final class Courier implements Runnable {
    private final Relay relay;
    private final RequestStack arrived = new RequestStack();
    /** How many were submitted and not told of. */
    private final AtomicInteger outstanding = new AtomicInteger();

    private volatile @Nullable Thread thread;
    private volatile boolean ended;

    Courier(Relay relay) {
        this.relay = relay;
    }

    /** Has a request done; returns at once. */
    void submit(AsyncRequest request) {
        promise(1);
        relay.leave(request);
        begin();
    }

    /** Has several requests done, which the device is told of together; returns at once. */
    void submitAll(Iterable<? extends AsyncRequest> requests, int count) {
        promise(count);
        requests.forEach(relay::leave);
        begin();
    }

    private void begin() {
        // On this thread the next round begins it, with whatever else was left by then.
        if (Thread.currentThread() != thread) {
            relay.beginLeft();
        }
    }

    /** Tells of a request for which nothing is to be done; returns at once. */
    void tell(AsyncRequest request) {
        promise(1);
        arrive(request);
    }

    private void promise(int count) {
        // Either this sees that the thread has ended, or the thread that there is something to do.
        if (outstanding.getAndAdd(count) == 0 && thread == null) {
            start();
        }
    }

    private synchronized void start() {
        if (thread == null) {
            Thread started = new Thread(this, "sluice courier of " + relay);
            started.setDaemon(true);
            thread = started;
            started.start();
        }
    }

    private synchronized boolean ends() {
        if (!ended) {
            return false;
        }
        thread = null;
        if (hasWork()) {
            thread = Thread.currentThread();
            return false;
        }
        return true;
    }

    /** A request is done, and is to be told of. */
    void arrive(AsyncRequest request) {
        arrived.leave(request);
        wake();
    }

    boolean hasWork() {
        return outstanding.get() > 0;
    }

    void wake() {
        Thread sleeping = thread;
        if (sleeping != Thread.currentThread()) {
            // Of nobody where there is none: then nothing is outstanding.
            LockSupport.unpark(sleeping);
        }
    }

    /** Lets the thread end once all that was submitted is told of. */
    void end() {
        ended = true;
        wake();
    }

    @Override
    public void run() {
        while (true) {
            tellAll();
            // Nobody has a reason to interrupt this thread, and with the flag set it would not sleep.
            boolean ignored = Thread.interrupted();
            if (!hasWork()) {
                if (ends()) {
                    return;
                }
                LockSupport.park(this);
            } else if (arrived.isEmpty() && relay.take()) {
                try {
                    poll();
                } finally {
                    relay.pass();
                }
            } else if (arrived.isEmpty()) {
                LockSupport.park(this);
            }
        }
    }

    private void poll() {
        do {
            int work = relay.round();
            if (work > 0 || arrived.isEmpty()) {
                relay.idle(work);
            }
        } while (arrived.isEmpty() && relay.busy());
    }

    private void tellAll() {
        Request first = arrived.takeAll();
        while (first != null) {
            AsyncRequest request = (AsyncRequest) first;
            first = first.next;
            request.next = null;
            int ignored = outstanding.decrementAndGet();
            tellOn(request.executor(), request);
        }
    }

    private static void tellOn(@Nullable Executor executor, AsyncRequest request) {
        if (executor != null) {
            try {
                executor.execute(request);
                return;
            } catch (Throwable failure) {
                if (request.isTold()) {
                    // An executor may run things on the thread that gives them to it: then the handler failed.
                    report(failure);
                    return;
                }
                // It takes nothing more. Somebody may wait for the request all the same: it is told of here.
            }
        }
        try {
            request.run();
        } catch (Throwable failure) {
            report(failure);
        }
    }

    /** What a handler throws is not this thread's end: others are to be told, too. */
    private static void report(Throwable failure) {
        Thread here = Thread.currentThread();
        try {
            here.getUncaughtExceptionHandler().uncaughtException(here, failure);
        } catch (Throwable ignored) {
            // As the JVM does where it calls such a handler itself.
        }
    }
}
