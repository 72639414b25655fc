package io.sluice.block;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** The thread of a {@link SharedSession}: takes what others submit, polls, completes futures. It alone touches the session. */
final class Poller implements Runnable, JobCompletion {
    /** More threads than there are. */
    private static final int EVERYBODY = 1 << 30;

    private final BlockSession session;
    private final Jobs jobs;
    private final MpscRing<CompletableFuture<?>> ring;
    private final Semaphore room;
    private final Waiter waiter;
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    /** By tag, what is in flight. */
    private final @Nullable JobFuture[] futures;

    private final int[] freeTags;
    private int freeCount;
    private volatile boolean cancelRequested;

    /**
     * A poller for a session that is its own from now on.
     *
     * @param ring of {@link JobFuture} and {@link Errand}; who puts one in has taken a permit of {@code room}
     */
    Poller(BlockSession session, SharedOptions options, MpscRing<CompletableFuture<?>> ring, Semaphore room) {
        this.session = session;
        this.jobs = new Jobs(session, options.jobOptions(), this);
        this.ring = ring;
        this.room = room;
        this.waiter = new Waiter(options.waiting(), session, this::pending);
        this.futures = new JobFuture[options.maxJobs()];
        this.freeTags = new int[options.maxJobs()];
        Arrays.setAll(freeTags, i -> i);
        this.freeCount = freeTags.length;
    }

    Waiter waiter() {
        return waiter;
    }

    Jobs jobs() {
        return jobs;
    }

    /** Completes when the session is closed and every future is, exceptionally when closing the session failed. */
    CompletableFuture<Void> end() {
        return end;
    }

    void requestCancel() {
        cancelRequested = true;
        waiter.wake();
    }

    private boolean pending() {
        return !ring.isEmpty() || ring.isClosed() || cancelRequested;
    }

    @Override
    public void run() {
        try {
            while (!ring.isClosed()) {
                int work = submitAll();
                if (work > 0) {
                    jobs.commit();
                }
                if (jobs.inFlight() > 0) {
                    work += jobs.poll(Integer.MAX_VALUE);
                }
                if (cancelRequested) {
                    cancelAll();
                }
                waiter.idle(work);
                // Nobody has a reason to interrupt this thread, and with the flag set it would not sleep.
                boolean ignored = Thread.interrupted();
            }
            finish(new SessionClosedException(session.toString(), "the session was closed before the job was begun"));
        } catch (Throwable unexpected) {
            BlockIoException failure =
                    new BlockIoException(session.toString(), "its poller thread failed: " + unexpected);
            failure.initCause(unexpected);
            ring.close();
            finish(failure);
        }
    }

    private int submitAll() {
        int count = 0;
        for (CompletableFuture<?> handed = ring.take(); handed != null; handed = ring.take()) {
            count++;
            if (handed instanceof JobFuture future) {
                submit(future);
            } else if (handed instanceof Errand errand) {
                room.release();
                errand.run(jobs);
            }
        }
        return count;
    }

    private void submit(JobFuture future) {
        if (future.isCancelRequested()) {
            // What is asked for from now on is found by the tag.
            room.release();
            boolean ignored = future.completeExceptionally(jobs.cancelled(future.job()));
            return;
        }
        // There is a tag and a row for each that was let in.
        int tag = freeTags[--freeCount];
        futures[tag] = future;
        try {
            if (!jobs.submit(future.job(), tag)) {
                throw new IllegalStateException("more jobs than were let in");
            }
        } catch (BlockIoException | RuntimeException refused) {
            take(tag).completeExceptionally(refused);
        }
    }

    private void cancelAll() {
        cancelRequested = false;
        for (int tag = 0; tag < futures.length; tag++) {
            JobFuture future = futures[tag];
            if (future != null && future.isCancelRequested()) {
                boolean ignored = jobs.cancel(tag);
            }
        }
    }

    @Override
    public void completed(long tag) {
        JobFuture future = take((int) tag);
        boolean ignored = future.complete(future.job());
    }

    @Override
    public void failed(long tag, JobException failure) {
        boolean ignored = take((int) tag).completeExceptionally(failure);
    }

    private JobFuture take(int tag) {
        JobFuture future = futures[tag];
        if (future == null) {
            throw new IllegalStateException("no job has the tag " + tag);
        }
        futures[tag] = null;
        freeTags[freeCount++] = tag;
        room.release();
        return future;
    }

    /** Resolves whatever is there, each once, and closes the session. */
    private void finish(BlockIoException reason) {
        // Whoever waits for room is let in, and finds the ring closed.
        room.release(EVERYBODY);
        Throwable failed = null;
        try {
            jobs.close();
        } catch (IOException | RuntimeException | Error failure) {
            failed = failure;
        }
        for (int tag = 0; tag < futures.length; tag++) {
            if (futures[tag] != null) {
                boolean ignored = take(tag).completeExceptionally(reason);
            }
        }
        while (!ring.isEmpty()) {
            // One that was accepted is published in a moment.
            CompletableFuture<?> handed = ring.take();
            if (handed == null) {
                Thread.onSpinWait();
            } else {
                boolean ignored = handed.completeExceptionally(reason);
            }
        }
        if (failed == null) {
            boolean ignored = end.complete(null);
        } else {
            boolean ignored = end.completeExceptionally(failed);
        }
    }
}
