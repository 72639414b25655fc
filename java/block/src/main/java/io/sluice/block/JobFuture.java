package io.sluice.block;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What becomes of a job that was given to a {@link SharedSession}: completed with the job itself, or exceptionally with a {@link JobException}, an {@link
 * InvalidRequestException} or another {@link BlockIoException}. Actions that are chained to it without an executor may run on the session's poller thread:
 * they must be short and must not wait for the session; for everything else there are the {@code Async} forms.
 *
 * <p>Who completes it by other means, {@link CompletableFuture#orTimeout} for instance, learns nothing of the job any more: the device may go on using its
 * memory. {@link #cancel} waits for that.
 */
public final class JobFuture extends CompletableFuture<Job> {
    private final SharedSession session;
    private final Job job;
    private volatile boolean cancelRequested;

    JobFuture(SharedSession session, Job job) {
        this.session = session;
        this.job = job;
    }

    /** The job. */
    public Job job() {
        return job;
    }

    /**
     * Asks that nothing more of the job be begun. The future stays open until the device no longer uses the job's memory; then it fails with a {@link
     * JobCancelledException}, or completes when nothing was left to begin.
     *
     * @param mayInterruptIfRunning plays no part
     * @return false, always: a cancellation is never complete when this returns
     */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        if (!isDone()) {
            cancelRequested = true;
            session.cancelRequested();
        }
        return false;
    }

    boolean isCancelRequested() {
        return cancelRequested;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }

    /**
     * Waits until any of several is done, well or not. Not for the poller thread of one of them.
     *
     * @param timeoutNanos nanoseconds, 0 only looks
     * @return one that is done
     * @throws TimeoutException when none is in time
     */
    public static JobFuture awaitAny(Collection<JobFuture> futures, long timeoutNanos)
            throws InterruptedException, TimeoutException {
        List<JobFuture> all = List.copyOf(futures);
        if (all.isEmpty()) {
            throw new IllegalArgumentException("none of no futures is ever done");
        }
        if (all.stream().noneMatch(CompletableFuture::isDone)) {
            if (timeoutNanos <= 0) {
                // Who looks again and again is not to leave a trace in each of them every time.
                throw new TimeoutException("none of " + all.size() + " jobs is done");
            }
            try {
                Object ignored = CompletableFuture.anyOf(all.toArray(CompletableFuture<?>[]::new))
                        .get(timeoutNanos, TimeUnit.NANOSECONDS);
            } catch (ExecutionException failed) {
                // Failed is done: its owner finds out.
                assert failed.getCause() != null;
            }
        }
        return all.stream().filter(CompletableFuture::isDone).findFirst().orElseThrow();
    }
}
