package io.sluice.block;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A way to a window of a device with memory of its own. It belongs to one thread: every method but {@link #close()}, {@link #wakeup()}, {@link
 * #statistics()} and {@link #latency()} is called by that thread alone (another may take it over, if the hand-over is synchronised). Others may ask for
 * {@link #geometry()} and, as an estimate, for {@link #inFlight()}.
 *
 * <p>Operations are first submitted, then, many at once, made known to the device with {@link #commit()}; {@link #poll} reports
 * what is finished, in the order in which the device finished it. Nothing here waits but {@link #await} and {@code close}, and
 * nothing allocates memory as long as operations succeed.
 */
public interface BlockSession extends Closeable {
    /** The window as a device: block 0 is the first block of the window. */
    Geometry geometry();

    /** How many operations can be in flight. */
    int queueDepth();

    /** The session's own memory, as large as {@link SessionOptions#bufferBytes()} or a little larger. */
    IoBuffer buffer();

    /**
     * Other memory, a guest's for instance, as one that operations of this session may name. Where the device reaches it, data moves without a copy in
     * between; where it does not, through memory of the session ({@link SessionStatistics#bouncedTransfers}).
     *
     * <p>The memory stays its owner's: who wraps it keeps it as it is, does not free it and does not unmap it, until {@link #unwrap} or {@link #close} has
     * returned normally. It may be read and written meanwhile but for what transfers in flight name. Closing the session unwraps what is left.
     *
     * @param memory direct; all of it counts, from 0 to its capacity; a read-only one can be written to the device and nothing else
     * @throws IllegalArgumentException when it is not direct, or empty
     * @throws BlockIoException when this session takes no other memory, or the device reaches such memory but the machine has no room for it in its tables:
     *     the message says what ran out
     */
    default IoBuffer wrap(ByteBuffer memory) throws BlockIoException {
        throw new BlockIoException(toString(), "it moves data into and out of its own buffer() alone; copy it there");
    }

    /**
     * Takes memory away from the device that {@link #wrap} gave it: when this returns, nothing but its owner touches it. Does nothing for what is not wrapped
     * by this session.
     *
     * @throws BlockIoException when operations in flight name it, be they given up after their deadline: nothing was changed; or when the device did not let
     *     go of it, which {@link #close} then has to achieve
     */
    default void unwrap(IoBuffer memory) throws BlockIoException {}

    /**
     * Submits an operation; the device learns of it at the next {@link #commit()}.
     *
     * @param block first block of the window, from 0; ignored by {@link Operation#SYNC}
     * @param count number of blocks, at least 1; the device's largest counts are in {@link #geometry()}; ignored by {@code SYNC}
     * @param memory where the data goes or comes from; ignored by operations that transfer none
     * @param offset of the data in {@code memory}, bytes, a multiple of {@link Geometry#alignmentBytes()}
     * @param tag given back by {@link #poll}
     * @return false when {@link #queueDepth()} operations are in flight: poll, then submit again
     * @throws BlockIoException when the operation can never be done: range outside of the window, read-only window, memory too
     *     small, not aligned or not of this session, session closed; nothing was submitted
     */
    boolean submit(Operation operation, long block, long count, IoBuffer memory, long offset, long tag)
            throws BlockIoException;

    /**
     * Submits a transfer whose memory lies in several places, as one operation; see {@link #submit(Operation, long, long, IoBuffer, long, long)}. The device moves
     * the data without a copy where it can name such places: each kind of session says in its description when.
     *
     * @param operation one that transfers
     * @param segments as many bytes as the blocks have; offset and length of each a multiple of {@link Geometry#alignmentBytes()}. May be changed as soon as
     *     this returns
     * @return false when there is no room now, for an operation or for a copy of its data: poll, then submit again
     */
    default boolean submit(Operation operation, long block, long count, Segments segments, long tag)
            throws BlockIoException {
        if (segments.count() != 1) {
            throw new InvalidRequestException(
                    toString(), operation, block, count, "this session takes no memory in several places");
        }
        if (segments.bytes() != count * geometry().blockBytes()) {
            throw new InvalidRequestException(
                    toString(),
                    operation,
                    block,
                    count,
                    "the segment has " + segments.bytes() + " bytes, which the blocks have not");
        }
        return submit(operation, block, count, segments.memory(0), segments.offset(0), tag);
    }

    /** Makes every operation submitted so far known to the device. Does nothing when there is none. */
    void commit();

    /**
     * Reports finished operations. Never waits.
     *
     * @param max most operations to report, at least 1
     * @return how many were reported
     * @throws BlockIoException when the session is closed or its device gave up; operations in flight were reported as failed
     */
    int poll(Completion completion, int max) throws BlockIoException;

    /**
     * Waits until {@link #poll} has something to report or the time is over: on the device's interrupt when the session was
     * opened with interrupts and the device has one to spare, by looking again and again otherwise. Commits first.
     *
     * @param timeoutNanos nanoseconds, 0 only looks
     * @return whether the device answered: {@link #poll} reports it then, or nothing yet where an operation must be tried another way
     */
    boolean await(long timeoutNanos) throws IOException;

    /**
     * As {@link #await(long)}, for an owner who has no use for fewer than so many operations: where the device can count them, one sleep does for all.
     *
     * @param operations how many answers to wait for, 1 up to as many as are in flight; it may return with fewer
     * @param timeoutNanos nanoseconds, 0 only looks
     * @return as {@link #await(long)}
     */
    default boolean await(int operations, long timeoutNanos) throws IOException {
        return await(timeoutNanos);
    }

    /** Whether {@link #await} sleeps on an interrupt, rather than looking again and again. */
    default boolean hasInterrupt() {
        return false;
    }

    /**
     * Ends the {@link #await} of the owner, or else the next one, before its time. Any thread. Where there is no interrupt to sleep on it may do nothing.
     */
    default void wakeup() {}

    /** How many operations were submitted and not yet reported. */
    int inFlight();

    /**
     * How many operations were reported as failed by their deadline ({@link DeadlineException}) and may still be carried out: the device has not answered
     * them, and is not known to be stopped. The memory of each stays the device's: nothing else may be read from it, put into it or moved through it. While this
     * is 0, no memory of an operation that was reported is in use. For the owner; {@link #poll} takes late answers.
     */
    default int givenUp() {
        return 0;
    }

    /** Counters of this session. May be read by any thread; what it reads may be a moment old. */
    SessionStatistics statistics();

    /**
     * How long operations took that succeeded, if the session was opened with {@link SessionOptions#latency}; nothing otherwise. May be read by any thread;
     * what it reads may be a moment old. It allocates, and costs microseconds.
     */
    default LatencyStatistics latency() {
        return LatencyStatistics.none();
    }

    /**
     * Ends the session: commits, waits for what is in flight as long as the device's deadline allows, and gives queue and memory
     * back. What is in flight is not reported any more. Idempotent; to be called by the owner, or by another thread when the
     * owner will not touch the session again.
     */
    @Override
    void close() throws IOException;
}
