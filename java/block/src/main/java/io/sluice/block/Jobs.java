package io.sluice.block;

import io.sluice.block.driver.BounceMemory;
import io.sluice.block.driver.Window;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes any bytes of a session's window: splits what is larger than the device or the bounce memory takes, keeps the pieces in flight
 * beside each other as long as the session has room, and reads and rewrites the blocks that a write covers only in part.
 *
 * <p>The session belongs to this object, which alone submits and polls, and is closed with it. Like the session it belongs to one thread. Nothing waits
 * but {@link #await} and {@link #close}. Jobs and their pieces are rows of tables that are made once: nothing is allocated as long as jobs
 * succeed.
 *
 * <p><b>Memory.</b> An {@link IoBuffer} of the session, or several, is moved without a copy where the device's alignment allows it. Everything else, heap buffers
 * included, is copied through the end of the session's buffer ({@link JobOptions#bounceBytes()}); the {@link #freeBytes()} before it are the
 * caller's. Memory of a job is in use until the job is resolved; after a failure whose cause is a {@link DeadlineException} it stays in use until the device
 * has answered, so until {@link BlockSession#givenUp()} of the session is 0 or {@link #unwrap} or {@link #close} has returned normally. Copies that were under
 * way then keep their part of the bounce memory as long: a job that finds none left waits for it, and fails when it has waited in vain.
 *
 * <p><b>Order.</b> Jobs are begun in the order of submission, take turns piece by piece, and are resolved in any order. Two jobs that change the same
 * block are done in the order of submission when one of them covers a block in part, so bytes side by side may be written by jobs in flight together.
 * Otherwise jobs in flight together that touch the same bytes are not ordered, as operations of a session are not. A sync covers
 * every write, trim and zero job submitted before it. Other sessions are not known here: who rewrites parts of blocks through two sessions at once has to
 * keep the blocks apart.
 *
 * <p>To change a block in part is a read and a write of all of it: after a loss of power in the middle the rest of the block is as safe as the device
 * writes blocks at once ({@link Geometry#atomicWriteBlocks()}).
 */
public final class Jobs implements Closeable {
    /** Marks, in the tag of an operation, one that is a whole job; the rest of the tag is the job. */
    private static final long SINGLE_TAG = 1L << 32;
    /** How long a job waits for bounce memory that operations given up keep: as long as a command may take by default. */
    private static final long QUARANTINE_WAIT_NANOS = 30_000_000_000L;
    /** How long close sleeps before it looks by itself. */
    private static final long CLOSE_AWAIT_NANOS = 100_000_000;

    // What every job touches.
    private final BlockSession session;
    private final JobTable jobs;
    private final JobPieces pieces;
    private final JobOrder order;
    private final JobCompletion completion;
    private final Operations operations = new Operations();
    private final JobCounters counters = new JobCounters();
    private final JobWindow window;
    private final int blockShift;
    private final int blockMask;
    private final int alignmentMask;
    /** Most bytes of a job that is one transfer. */
    private final long mostTransferBytes;
    /** The session's buffer, and how much of it jobs may name. */
    private final IoBuffer buffer;

    private final int freeBytes;
    private int reported;
    private boolean busy;
    private boolean closing;
    private boolean closed;
    /** Why the session will report nothing any more. */
    private @Nullable BlockIoException lost;

    /**
     * Takes a session over.
     *
     * @param session open, nothing in flight
     * @param completion is told what became of each job
     * @throws IllegalArgumentException when the session's buffer is smaller than the bounce memory asked for
     */
    public Jobs(BlockSession session, JobOptions options, JobCompletion completion) {
        this(session, options, completion, QUARANTINE_WAIT_NANOS);
    }

    /**
     * Takes a session over.
     *
     * @param quarantineWaitNanos how long a job waits for bounce memory that operations given up keep
     */
    Jobs(BlockSession session, JobOptions options, JobCompletion completion, long quarantineWaitNanos) {
        Geometry geometry = session.geometry();
        BounceMemory bounce = new BounceMemory(session.buffer(), options.bounceBytes(), geometry);
        this.session = session;
        this.completion = completion;
        this.blockShift = geometry.blockShift();
        this.blockMask = geometry.blockBytes() - 1;
        this.alignmentMask = geometry.alignmentBytes() - 1;
        this.window = new JobWindow(session);
        this.mostTransferBytes = (long) geometry.maxTransferBlocks() << blockShift;
        this.buffer = session.buffer();
        this.freeBytes = bounce.start();
        this.jobs = new JobTable(options.maxJobs() == 0 ? session.queueDepth() : options.maxJobs());
        this.order = new JobOrder(jobs, blockShift);
        this.pieces = new JobPieces(session, jobs, order, bounce, counters, quarantineWaitNanos);
    }

    /** The session; it is not to be submitted to, polled or closed. */
    public BlockSession session() {
        return session;
    }

    /** Bytes of the window, less than 2^63. */
    public long sizeBytes() {
        return window.sizeBytes();
    }

    /** How many jobs can be submitted and not resolved. */
    public int maxJobs() {
        return jobs.rows();
    }

    /** How many jobs were submitted and not resolved. */
    public int inFlight() {
        return jobs.count();
    }

    /** How much of the session's buffer, from its start, jobs may name as their memory; the rest is for bounces. */
    public int freeBytes() {
        return freeBytes;
    }

    /** Makes other memory one that jobs may name; see {@link BlockSession#wrap}. */
    public IoBuffer wrap(ByteBuffer memory) throws BlockIoException {
        requireOpen();
        return session.wrap(memory);
    }

    /**
     * Takes memory away again; see {@link BlockSession#unwrap}.
     *
     * @throws BlockIoException when jobs that are not resolved name it, or for the reasons that the session has
     */
    public void unwrap(IoBuffer memory) throws BlockIoException {
        // The session knows of pieces that are under way alone.
        if (jobs.name(memory)) {
            throw new BlockIoException(
                    session.toString(), "jobs that are not resolved name the memory; poll until they are");
        }
        session.unwrap(memory);
    }

    /** How the jobs were carried out. Any thread; what it reads may be a moment old. */
    public JobStatistics statistics() {
        return counters.read();
    }

    /**
     * Submits a job; the device learns of it at the next {@link #commit}, {@link #poll} or {@link #await}.
     *
     * @param tag given back when it is resolved; cancelling needs tags that differ
     * @return false when {@link #maxJobs} jobs are not resolved: poll, then submit again
     * @throws BlockIoException when the job can never be done: bytes outside of the window, read-only session, memory too small, session closed; nothing
     *     was submitted
     */
    public boolean submit(Job job, long tag) throws BlockIoException {
        ByteBuffer bytes = job.bytes();
        IoBuffer memory = job.memory();
        if (memory != null) {
            return submit(job.operation(), job.position(), job.length(), memory, job.offset(), tag);
        }
        if (bytes != null) {
            return submit(job.operation(), job.position(), job.length(), bytes, job.offset(), tag);
        }
        if (job.segments() != null) {
            return submit(job.operation(), job.position(), job.segments(), tag);
        }
        return job.operation() == Operation.SYNC
                ? sync(tag)
                : change(job.operation(), job.position(), job.length(), tag);
    }

    /** Submits a transfer between the device and memory of the session; see {@link #submit(Job, long)}. */
    public boolean submit(Operation operation, long position, long length, IoBuffer memory, long offset, long tag)
            throws BlockIoException {
        requireOpen();
        window.checkTransfer(operation, position, length);
        // The part of the session's own buffer that serves bounces is not the caller's.
        long there = memory == buffer ? freeBytes : memory.size();
        if (offset < 0 || offset > there - length) {
            throw window.memoryTooSmall(operation, position, length, length, offset, there);
        }
        if (((position | length) & blockMask) == 0
                && (offset & alignmentMask) == 0
                && length <= mostTransferBytes
                && pieces.idle()
                && order.free()) {
            int job = jobs.add(operation, position, length, tag, JobTable.SINGLE);
            if (job == JobTable.NONE) {
                return false;
            }
            boolean sent = false;
            try {
                sent = session.submit(
                        operation, position >> blockShift, length >> blockShift, memory, offset, SINGLE_TAG | job);
            } finally {
                if (!sent) {
                    jobs.remove(job);
                }
            }
            if (sent) {
                counters.direct();
                return true;
            }
        }
        if (operation == Operation.READ && memory.bytes().isReadOnly()) {
            throw window.refusal(operation, position, length, Window.READ_ONLY_MEMORY);
        }
        long toBlock = -position & blockMask;
        boolean direct = ((offset + toBlock) & alignmentMask) == 0 && length - toBlock > blockMask;
        return queue(operation, position, length, memory.bytes(), memory, offset, direct ? JobTable.DIRECT : 0, tag);
    }

    /**
     * Submits a transfer between the device and memory of the session in several places; see {@link #submit(Job, long)}.
     *
     * @param segments may be changed as soon as this returns
     */
    public boolean submit(Operation operation, long position, Segments segments, long tag) throws BlockIoException {
        long length = segments.bytes();
        requireOpen();
        window.checkTransfer(operation, position, length);
        long places = 0;
        for (int i = 0; i < segments.count(); i++) {
            long offset = segments.offset(i);
            if (segments.memory(i) == buffer && offset > freeBytes - segments.length(i)) {
                throw window.memoryTooSmall(operation, position, length, segments.length(i), offset, freeBytes);
            }
            places |= offset | segments.length(i);
        }
        boolean aligned = (places & alignmentMask) == 0;
        if (((position | length) & blockMask) == 0
                && aligned
                && length <= mostTransferBytes
                && pieces.idle()
                && order.free()) {
            int job = jobs.add(operation, position, length, tag, JobTable.SINGLE);
            if (job == JobTable.NONE) {
                return false;
            }
            boolean sent = false;
            try {
                sent = session.submit(
                        operation, position >> blockShift, length >> blockShift, segments, SINGLE_TAG | job);
            } finally {
                if (!sent) {
                    jobs.remove(job);
                }
            }
            if (sent) {
                counters.direct();
                return true;
            }
        }
        if (operation == Operation.READ && segments.isReadOnly()) {
            throw window.refusal(operation, position, length, Window.READ_ONLY_MEMORY);
        }
        long toBlock = -position & blockMask;
        boolean direct = aligned && (toBlock & alignmentMask) == 0 && length - toBlock > blockMask;
        int job = add(operation, position, length, direct ? JobTable.DIRECT : 0, tag);
        if (job != JobTable.NONE) {
            jobs.addMemory(job, segments);
            begin(job);
        }
        return job != JobTable.NONE;
    }

    /** Submits a transfer between the device and other memory, by way of a copy; see {@link #submit(Job, long)}. */
    public boolean submit(Operation operation, long position, long length, ByteBuffer memory, long offset, long tag)
            throws BlockIoException {
        requireOpen();
        window.checkTransfer(operation, position, length);
        if (offset < 0 || offset > memory.capacity() - length) {
            throw window.memoryTooSmall(operation, position, length, length, offset, memory.capacity());
        }
        if (operation == Operation.READ && memory.isReadOnly()) {
            throw window.refusal(operation, position, length, Window.READ_ONLY_MEMORY);
        }
        return queue(operation, position, length, memory, null, offset, 0, tag);
    }

    /**
     * Submits a trim or the writing of zeroes; see {@link #submit(Job, long)}.
     *
     * @param operation {@link Operation#TRIM} or {@link Operation#WRITE_ZEROES}
     */
    public boolean change(Operation operation, long position, long length, long tag) throws BlockIoException {
        if (operation.transfers() || operation == Operation.SYNC) {
            throw new IllegalArgumentException(operation + " is no trim and no writing of zeroes");
        }
        requireOpen();
        window.check(operation, position, length);
        if (operation == Operation.TRIM && session.geometry().maxTrimBlocks() == 0) {
            throw window.refusal(operation, position, length, "the device cannot do that");
        }
        return queue(operation, position, length, null, null, 0, 0, tag);
    }

    /** Submits a sync, which covers every job that was submitted before and changes something; see {@link #submit(Job, long)}. */
    public boolean sync(long tag) throws BlockIoException {
        requireOpen();
        // A byte that it does not have stands for the one operation that it is.
        return queue(Operation.SYNC, 0, 1, null, null, 0, 0, tag);
    }

    private boolean queue(
            Operation operation,
            long position,
            long length,
            @Nullable ByteBuffer bytes,
            @Nullable IoBuffer memory,
            long offset,
            int flags,
            long tag) {
        int job = add(operation, position, length, flags, tag);
        if (job != JobTable.NONE) {
            jobs.addMemory(job, bytes, memory, offset);
            begin(job);
        }
        return job != JobTable.NONE;
    }

    private int add(Operation operation, long position, long length, int flags, long tag) {
        boolean partial = operation.changes() && operation != Operation.TRIM && ((position | length) & blockMask) != 0;
        return jobs.add(operation, position, length, tag, partial ? flags | JobTable.PARTIAL : flags);
    }

    private void begin(int job) {
        if (!order.holds(job)) {
            pieces.add(job);
            pieces.begin();
        }
    }

    private void requireOpen() throws BlockIoException {
        if (closing) {
            throw new SessionClosedException(session.toString(), "the session is closed");
        }
        if (lost != null) {
            throw lost;
        }
    }

    /** Makes what was submitted known to the device. Does nothing when there is none. */
    public void commit() {
        if (pieces.pending()) {
            pieces.begin();
        }
        session.commit();
    }

    /**
     * Resolves jobs that are finished, begins what there is room for, and commits. Never waits.
     *
     * @param max most jobs to resolve, at least 1
     * @return how many were resolved
     * @throws BlockIoException when the session is closed or its device gave up, and there is no job that could be told so
     */
    public int poll(int max) throws BlockIoException {
        if (busy) {
            throw new IllegalStateException("whoever is told of a job must not poll, wait or close");
        }
        if (closed) {
            throw new SessionClosedException(session.toString(), "the session is closed");
        }
        busy = true;
        reported = 0;
        try {
            if (lost == null) {
                pollSession(max);
            }
            if (lost != null && reported == 0 && jobs.count() == 0) {
                throw lost;
            }
            if (pieces.pending()) {
                pieces.begin();
                pieces.failWithoutMemory();
            }
            while (reported < max && jobs.ended() != JobTable.NONE) {
                resolveEnded();
            }
            // Whoever was told may have submitted.
            session.commit();
        } finally {
            busy = false;
        }
        return reported;
    }

    private void pollSession(int max) throws BlockIoException {
        try {
            int asked;
            int polled;
            do {
                asked = max - reported;
                polled = session.poll(operations, asked);
                // Most of what was polled can be pieces, which are no jobs.
            } while (polled == asked && reported < max);
        } catch (BlockIoException failure) {
            lose(failure);
        }
    }

    private void lose(BlockIoException failure) {
        lost = failure;
        pieces.lose(failure);
    }

    private final class Operations implements Completion {
        @Override
        public void completed(long tag) {
            if ((tag & SINGLE_TAG) != 0) {
                int job = (int) tag;
                long tagOfJob = jobs.tag(job);
                jobs.remove(job);
                order.advanced();
                reported++;
                completion.completed(tagOfJob);
            } else {
                pieces.completed(tag);
            }
        }

        @Override
        public void failed(long tag, BlockIoException failure) {
            if ((tag & SINGLE_TAG) != 0) {
                int job = (int) tag;
                long tagOfJob = jobs.tag(job);
                JobException failureOfJob = new JobException(failure, jobs.position(job), jobs.length(job), 0);
                jobs.remove(job);
                order.advanced();
                reported++;
                completion.failed(tagOfJob, failureOfJob);
            } else {
                pieces.failed(tag, failure);
            }
        }
    }

    private void resolveEnded() {
        int job = jobs.ended();
        jobs.takeEnded();
        long tag = jobs.tag(job);
        JobException failure = jobs.done(job) == jobs.length(job) ? null : failure(job);
        // Whoever is told may submit, and finds room.
        jobs.remove(job);
        reported++;
        if (failure == null) {
            completion.completed(tag);
        } else {
            completion.failed(tag, failure);
        }
    }

    private JobException failure(int job) {
        Operation operation = jobs.operation(job);
        boolean sync = operation == Operation.SYNC;
        long position = jobs.position(job);
        long length = sync ? 0 : jobs.length(job);
        long done = sync ? 0 : jobs.done(job);
        BlockIoException first = jobs.failure(job);
        return first == null
                ? cancelled(operation, position, length, done)
                : new JobException(first, position, length, done);
    }

    private JobCancelledException cancelled(Operation operation, long position, long length, long done) {
        long block = (position + done) >> blockShift;
        long count = operation == Operation.SYNC ? 0 : ((position + length - 1) >> blockShift) - block + 1;
        String reason = closing ? "the session was closed before that" : "the job was cancelled before that";
        return new JobCancelledException(
                new BlockIoException(session.toString(), operation, block, count, reason), position, length, done);
    }

    /** What is to be said of a job that was cancelled before it was submitted. */
    JobCancelledException cancelled(Job job) {
        return cancelled(job.operation(), job.position(), job.length(), 0);
    }

    /**
     * Begins nothing more of the jobs of a tag. Each is resolved at a later poll, when the pieces that the device has already are done: as cancelled, or as
     * complete when nothing of it was left to begin.
     *
     * @return whether there was such a job
     */
    public boolean cancel(long tag) {
        boolean found = false;
        for (int job = 0; job < jobs.rows(); job++) {
            if (jobs.used(job) && jobs.tag(job) == tag && !jobs.is(job, JobTable.ENDED)) {
                found = true;
                cancelJob(job);
            }
        }
        return found;
    }

    private void cancelJob(int job) {
        if (!jobs.allBegun(job)) {
            pieces.cancel(job);
        }
    }

    /**
     * Waits until {@link #poll} may have something to do or the time is over; commits first.
     *
     * @param timeoutNanos nanoseconds, 0 only looks
     * @return whether there may be something to do; that need not resolve a job
     */
    public boolean await(long timeoutNanos) throws IOException {
        if (busy) {
            throw new IllegalStateException("whoever is told of a job must not poll, wait or close");
        }
        if (closed) {
            throw new SessionClosedException(session.toString(), "the session is closed");
        }
        commit();
        return jobs.ended() != JobTable.NONE || session.await(timeoutNanos);
    }

    /**
     * Ends the jobs and the session: begins nothing more, waits for what the device has already as long as its deadline allows, and tells of every job.
     * Idempotent.
     */
    @Override
    public void close() throws IOException {
        if (busy) {
            throw new IllegalStateException("whoever is told of a job must not poll, wait or close");
        }
        if (closed) {
            return;
        }
        closing = true;
        try {
            for (int job = 0; job < jobs.rows(); job++) {
                if (jobs.used(job) && !jobs.is(job, JobTable.ENDED)) {
                    cancelJob(job);
                }
            }
            commit();
            while (jobs.count() > 0) {
                if (poll(Integer.MAX_VALUE) == 0) {
                    awaitClosing();
                }
            }
        } finally {
            closed = true;
            session.close();
        }
    }

    private void awaitClosing() {
        try {
            boolean ignored = session.await(CLOSE_AWAIT_NANOS);
        } catch (BlockIoException failure) {
            lose(failure);
        } catch (IOException failure) {
            BlockIoException known = new BlockIoException(session.toString(), String.valueOf(failure.getMessage()));
            known.initCause(failure);
            lose(known);
        }
    }

    @Override
    public String toString() {
        return session + ", " + inFlight() + " of " + maxJobs() + " jobs in flight";
    }
}
