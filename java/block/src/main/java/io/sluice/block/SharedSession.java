package io.sluice.block;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * A session for any number of threads, platform and virtual ones: a poller thread owns it, and everybody hands {@link Job}s to that thread. All
 * methods may be called from any thread.
 *
 * <p>At most {@link SharedOptions#maxJobs()} jobs are submitted and not resolved; who submits one more waits until there is room. Waiting, for room or for
 * a result, parks the thread without holding a monitor, so that a virtual thread lets go of its carrier. An interrupt does not end a wait, since the
 * device may still use the job's memory: the flag stays set, as with an ordinary file's reads.
 *
 * <p>The order of jobs is that of {@link Jobs}, in the order in which they were handed over.
 */
public final class SharedSession implements Closeable {
    private final BlockSession session;
    private final Semaphore room;
    private final MpscRing<CompletableFuture<?>> ring;
    private final Poller poller;
    private final Waiter waiter;
    private final Thread thread;

    private SharedSession(BlockSession session, SharedOptions options) {
        this.session = session;
        this.room = new Semaphore(options.maxJobs());
        this.ring = new MpscRing<>(options.maxJobs());
        this.poller = new Poller(session, options, ring, room);
        this.waiter = poller.waiter();
        this.thread = new Thread(poller, "sluice poller of " + session);
        thread.setDaemon(true);
    }

    /**
     * Opens a session of a device and shares it; with interrupts where the way of waiting makes use of them.
     *
     * @throws IOException when the device gives no session
     */
    public static SharedSession open(BlockDevice device, SessionOptions options, SharedOptions sharing)
            throws IOException {
        BlockSession session = device.open(
                options.interrupts(options.interrupts() || sharing.waiting().sleepsOnInterrupt()));
        try {
            return share(session, sharing);
        } catch (RuntimeException | Error failure) {
            session.close();
            throw failure;
        }
    }

    /**
     * Shares a session, which belongs to the poller thread from now on.
     *
     * @throws IllegalArgumentException when its buffer is too small: see {@link Jobs}
     */
    public static SharedSession share(BlockSession session, SharedOptions sharing) {
        SharedSession shared = new SharedSession(session, sharing);
        shared.thread.start();
        return shared;
    }

    /** The window as a device. */
    public Geometry geometry() {
        return session.geometry();
    }

    /** Bytes of the window. */
    public long sizeBytes() {
        return poller.jobs().sizeBytes();
    }

    /** Counters of the session. */
    public SessionStatistics statistics() {
        return session.statistics();
    }

    /** How long the device took for operations of the session; see {@link BlockSession#latency}. */
    public LatencyStatistics latency() {
        return session.latency();
    }

    /** How the jobs were carried out. */
    public JobStatistics jobStatistics() {
        return poller.jobs().statistics();
    }

    /** The session's own memory, whose first {@link #freeBytes} jobs may name: no copy is made then. Who uses which part is up to the callers. */
    public IoBuffer buffer() {
        return session.buffer();
    }

    /** How much of {@link #buffer}, from its start, is the callers'. */
    public int freeBytes() {
        return poller.jobs().freeBytes();
    }

    /**
     * Makes other memory one that jobs may name, and waits for it; see {@link BlockSession#wrap}. Any number of threads may name it then.
     *
     * @param memory direct, and no thread's own: that of a confined arena is not for the poller thread
     * @throws IllegalArgumentException when it is not direct, or empty, or the poller thread may not touch it
     * @throws SessionClosedException when the session is closed
     */
    public IoBuffer wrap(ByteBuffer memory) throws IOException {
        return Objects.requireNonNull(run(jobs -> wrap(jobs, memory)), "wrapped memory");
    }

    private static IoBuffer wrap(Jobs jobs, ByteBuffer memory) throws BlockIoException {
        IoBuffer wrapped = jobs.wrap(memory);
        try {
            // Where the device does not reach it, the poller thread copies.
            byte ignored = wrapped.bytes().get(0);
            return wrapped;
        } catch (RuntimeException notForThisThread) {
            jobs.unwrap(wrapped);
            throw new IllegalArgumentException(
                    "the session's thread cannot touch the memory: " + notForThisThread.getMessage(), notForThisThread);
        }
    }

    /**
     * Takes memory away from the device that {@link #wrap} gave it, and waits for it; see {@link BlockSession#unwrap}.
     *
     * @throws BlockIoException when jobs that are not resolved name it, or the device did not let go of it
     */
    public void unwrap(IoBuffer memory) throws IOException {
        IoBuffer ignored = run(jobs -> {
            jobs.unwrap(memory);
            return null;
        });
    }

    private @Nullable IoBuffer run(Errand.Task task) throws IOException {
        refusePoller();
        room.acquireUninterruptibly();
        Errand errand = new Errand(task);
        handOver(errand);
        waiter.wake();
        return join(errand);
    }

    /** Submits a job; waits while there is no room. A job that is refused, or a session that is closed, fails the future. */
    public JobFuture submit(Job job) {
        JobFuture future = new JobFuture(this, job);
        if (!room.tryAcquire()) {
            waitForRoom();
        }
        handOver(future);
        waiter.wake();
        return future;
    }

    /**
     * Submits a job if there is room for it.
     *
     * @return null when there is none: {@link SharedOptions#maxJobs()} jobs are not resolved
     */
    public @Nullable JobFuture trySubmit(Job job) {
        if (!room.tryAcquire()) {
            return null;
        }
        JobFuture future = new JobFuture(this, job);
        handOver(future);
        waiter.wake();
        return future;
    }

    /**
     * Submits many jobs at once, in their order, and wakes the poller thread once: what {@code lio_listio} does for POSIX. Waits while there is no room;
     * {@link java.util.concurrent.CompletableFuture#allOf} waits for all of the results, {@link JobFuture#awaitAny} for any.
     */
    public List<JobFuture> submitAll(List<Job> jobs) {
        List<JobFuture> futures = new ArrayList<>(jobs.size());
        for (Job job : jobs) {
            JobFuture future = new JobFuture(this, job);
            if (!room.tryAcquire()) {
                // What is to make room may be in here.
                waiter.wake();
                waitForRoom();
            }
            handOver(future);
            futures.add(future);
        }
        waiter.wake();
        return futures;
    }

    private void waitForRoom() {
        refusePoller();
        room.acquireUninterruptibly();
    }

    private void handOver(CompletableFuture<?> future) {
        if (ring.offer(future) != MpscRing.Offer.ACCEPTED) {
            // Full it cannot be: there is a place for each that was let in.
            room.release();
            boolean ignored = future.completeExceptionally(closed());
        }
    }

    private SessionClosedException closed() {
        return new SessionClosedException(session.toString(), "the session is closed");
    }

    private void refusePoller() {
        if (Thread.currentThread() == thread) {
            throw new IllegalStateException(
                    "the poller thread would wait for itself: an action chained to a result must"
                            + " not wait for the session; chain it with an Async method");
        }
    }

    void cancelRequested() {
        poller.requestCancel();
    }

    /** Reads the bytes from {@code position} on into what remains of a buffer, all of it, and waits for it; the buffer's position moves to its limit. */
    public void read(long position, ByteBuffer into) throws IOException {
        if (into.hasRemaining()) {
            perform(Job.read(position, into));
            into.position(into.limit());
        }
    }

    /** Writes what remains of a buffer at {@code position}, all of it, and waits for it; the buffer's position moves to its limit. */
    public void write(long position, ByteBuffer from) throws IOException {
        if (from.hasRemaining()) {
            perform(Job.write(position, from));
            from.position(from.limit());
        }
    }

    /** Waits until every write, trim and zeroing submitted before is durable. */
    public void sync() throws IOException {
        perform(Job.sync());
    }

    /** Gives up the content of the whole blocks among the bytes, and waits for it. */
    public void trim(long position, long length) throws IOException {
        perform(Job.trim(position, length));
    }

    /** Makes the bytes read as zero, and waits for it. */
    public void zero(long position, long length) throws IOException {
        perform(Job.zero(position, length));
    }

    /**
     * Submits a job and waits for its result.
     *
     * @throws JobException when a part of it failed
     * @throws InvalidRequestException when it can never be done
     * @throws SessionClosedException when the session is closed
     */
    public void perform(Job job) throws IOException {
        refusePoller();
        Job ignored = join(submit(job));
    }

    private static <T extends @Nullable Object> T join(CompletableFuture<T> future) throws IOException {
        try {
            return future.join();
        } catch (CompletionException failure) {
            Throwable cause = failure.getCause();
            if (cause instanceof JobException failed) {
                // With the trace of who waits, too.
                throw failed.again();
            }
            if (cause instanceof IOException failed) {
                throw failed;
            }
            if (cause instanceof IllegalArgumentException wrong) {
                throw new IllegalArgumentException(wrong.getMessage(), wrong);
            }
            throw failure;
        }
    }

    /**
     * Ends the session: accepts nothing more, begins nothing more, waits for what the device has already, as long as its deadline allows, and completes
     * every future. Idempotent. On the poller thread it does not wait.
     */
    @Override
    public void close() throws IOException {
        ring.close();
        waiter.wake();
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            Void ignored = poller.end().join();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof IOException failed) {
                throw failed;
            }
            throw failure;
        }
    }

    @Override
    public String toString() {
        return "shared " + session;
    }
}
