package io.sluice.block;

import io.sluice.block.driver.BounceMemory;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes operations of a session of jobs, piece by piece. Jobs with pieces to begin stand in a queue and take turns; when the session or the bounce memory has no
 * room for the piece whose turn it is, all wait, so that a large piece is not overtaken for ever.
 */
final class JobPieces {
    /** Marks, in the tag of an operation, the read of what a piece does not cover of its blocks; the rest of the tag is the piece. */
    static final long EDGE_TAG = 1L << 33;
    /** Up to so many blocks a piece with partial blocks at both ends is read whole. */
    private static final int WHOLE_READ_BLOCKS = 8;

    private static final ByteBuffer ZEROES = ByteBuffer.allocateDirect(1 << 16).asReadOnlyBuffer();

    private final BlockSession session;
    private final JobTable jobs;
    private final PieceTable pieces;
    private final JobOrder order;
    private final BounceMemory bounce;
    private final JobCounters counters;
    private final int blockShift;
    private final int blockMask;
    private final int blockBytes;
    private final int alignmentMask;
    /** Most blocks of a transfer after which the next one's memory is aligned again. */
    private final long mostDirectBlocks;

    private final IoBoundary boundary;
    /** Memory is aligned again after a multiple of so many blocks, a power of two. */
    private final long alignedBlocks;

    private final long mostTrimBlocks;
    private final long mostZeroBlocks;
    private final int mostBounceBytes;

    /** Jobs with pieces to begin, by {@link JobTable#next}. */
    private int queueHead = JobTable.NONE;

    private int queueTail = JobTable.NONE;
    /** Pieces that were read and are to be written, by {@link PieceTable#next}. */
    private int writeHead = PieceTable.NONE;

    private int writeTail = PieceTable.NONE;
    private final long quarantineWaitNanos;
    private boolean waitsForQuarantine;
    private long quarantineWaitStart;

    /** What a piece has of a job's memory in several places, while it is submitted; made for the first such job. */
    private @Nullable Segments part;

    /**
     * Pieces of jobs, none yet.
     *
     * @param quarantineWaitNanos how long a job waits for bounce memory that operations given up keep
     */
    JobPieces(
            BlockSession session,
            JobTable jobs,
            JobOrder order,
            BounceMemory bounce,
            JobCounters counters,
            long quarantineWaitNanos) {
        this.session = session;
        this.quarantineWaitNanos = quarantineWaitNanos;
        this.jobs = jobs;
        this.order = order;
        this.bounce = bounce;
        this.counters = counters;
        this.pieces = new PieceTable(session.queueDepth());
        Geometry geometry = session.geometry();
        this.blockShift = geometry.blockShift();
        this.blockBytes = geometry.blockBytes();
        this.blockMask = blockBytes - 1;
        this.alignmentMask = geometry.alignmentBytes() - 1;
        this.boundary = geometry.boundary();
        this.alignedBlocks = Math.max(1, geometry.alignmentBytes() >> blockShift);
        this.mostDirectBlocks = geometry.maxTransferBlocks() & -alignedBlocks;
        this.mostTrimBlocks = geometry.maxTrimBlocks();
        this.mostZeroBlocks = geometry.maxZeroBlocks();
        this.mostBounceBytes = (int) Math.min(bounce.largestBytes(), (long) geometry.maxTransferBlocks() << blockShift);
    }

    /**
     * Fails the job whose turn it is when it waits for bounce memory that operations given up keep, nothing is in flight that would give any back, and it
     * has waited so for long enough.
     */
    void failWithoutMemory() {
        if (!bounce.hasQuarantine() || queueHead == JobTable.NONE || session.inFlight() > 0) {
            waitsForQuarantine = false;
            return;
        }
        long now = System.nanoTime();
        if (!waitsForQuarantine) {
            waitsForQuarantine = true;
            quarantineWaitStart = now;
        } else if (now - quarantineWaitStart >= quarantineWaitNanos) {
            waitsForQuarantine = false;
            int job = queueHead;
            long block = (jobs.position(job) + jobs.begun(job)) >> blockShift;
            jobs.fail(
                    job,
                    jobs.begun(job),
                    new DeadlineException(
                            session.toString(),
                            jobs.operation(job),
                            block,
                            1,
                            "the memory to copy through is kept by operations that were given up and not answered since, "
                                    + session.givenUp() + " in all; open another session"));
            begin();
        }
    }

    /** Whether nobody waits for room: what comes now may go to the session at once. */
    boolean idle() {
        return queueHead == JobTable.NONE && writeHead == PieceTable.NONE;
    }

    /** Whether {@link #begin} has something to do. */
    boolean pending() {
        return !idle() || order.mayRelease();
    }

    /** A job is to be carried out that need not wait for others. */
    void add(int job) {
        jobs.next(job, JobTable.NONE);
        if (queueTail == JobTable.NONE) {
            queueHead = job;
        } else {
            jobs.next(queueTail, job);
        }
        queueTail = job;
    }

    /** Begins as many pieces as there is room for. */
    void begin() {
        if (bounce.hasQuarantine() && session.givenUp() == 0) {
            bounce.endQuarantine();
        }
        while (writeHead != PieceTable.NONE) {
            // These hold memory that others wait for.
            int piece = writeHead;
            if (!write(piece)) {
                return;
            }
            writeHead = pieces.next(piece);
            if (writeHead == PieceTable.NONE) {
                writeTail = PieceTable.NONE;
            }
        }
        while (true) {
            if (order.mayRelease()) {
                for (int job = order.released(); job != JobTable.NONE; job = order.released()) {
                    add(job);
                }
            }
            int job = queueHead;
            if (job == JobTable.NONE) {
                return;
            }
            if (!jobs.is(job, JobTable.STOPPED) && !jobs.allBegun(job) && !beginPiece(job)) {
                return;
            }
            queueHead = jobs.next(job);
            if (queueHead == JobTable.NONE) {
                queueTail = JobTable.NONE;
            }
            if (jobs.is(job, JobTable.STOPPED) || jobs.allBegun(job)) {
                jobs.set(job, JobTable.SENT);
                order.advanced();
                endIfDone(job);
            } else {
                add(job);
            }
        }
    }

    /** Begins the next piece of a job; returns whether there was room. */
    private boolean beginPiece(int job) {
        if (pieces.full()) {
            return false;
        }
        Operation operation = jobs.operation(job);
        if (operation == Operation.SYNC) {
            return send(job, operation, 0, 0, null, 0, 1);
        }
        long position = jobs.position(job) + jobs.begun(job);
        long left = jobs.length(job) - jobs.begun(job);
        int inBlock = (int) position & blockMask;
        if (operation == Operation.TRIM && (inBlock != 0 || left < blockBytes)) {
            jobs.skip(job, Math.min(left, blockBytes - inBlock));
            return true;
        }
        long most = mostWhole(job, operation);
        if (most > 0 && inBlock == 0 && left >= blockBytes) {
            long blocks = Math.min(most, left >> blockShift);
            if (operation.transfers()) {
                blocks = Math.min(blocks, reach(position >> blockShift));
            }
            IoBuffer memory = operation.transfers() ? jobs.memory(job) : null;
            long offset = operation.transfers() ? jobs.offset(job) + jobs.begun(job) : 0;
            return send(job, operation, position >> blockShift, blocks, memory, offset, blocks << blockShift);
        }
        // What whole blocks can do without a bounce is left to them.
        long room = (long) (most > 0 ? blockBytes : mostBounceBytes) - inBlock;
        long reach = boundary.reach(position >> blockShift);
        // What is bounced has memory that is aligned wherever it ends.
        long upTo = reach > mostBounceBytes >> blockShift ? room : Math.min(room, (reach << blockShift) - inBlock);
        return bounce(job, operation, position, (int) Math.min(left, upTo));
    }

    /** Up to where a transfer is not to reach across a boundary, as far as the memory of the next one is aligned then. */
    private long reach(long block) {
        long reach = boundary.reach(block);
        return (reach & (alignedBlocks - 1)) == 0 ? reach : Long.MAX_VALUE;
    }

    /** Most blocks of an operation that needs no bounce; 0 when it cannot do without. */
    private long mostWhole(int job, Operation operation) {
        return switch (operation) {
            case TRIM -> mostTrimBlocks;
            case WRITE_ZEROES -> mostZeroBlocks;
            default -> jobs.is(job, JobTable.DIRECT) ? mostDirectBlocks : 0;
        };
    }

    private boolean send(
            int job, Operation operation, long block, long count, @Nullable IoBuffer memory, long offset, long length) {
        long start = jobs.begun(job);
        int piece = pieces.add();
        boolean several = operation.transfers() && jobs.is(job, JobTable.SEVERAL);
        try {
            boolean sent = several
                    ? submitPart(job, operation, block, count, length, piece)
                    : session.submit(operation, block, count, memory == null ? bounce.buffer() : memory, offset, piece);
            if (!sent) {
                pieces.remove(piece);
                return false;
            }
        } catch (BlockIoException refused) {
            pieces.remove(piece);
            jobs.fail(job, start, refused);
            return true;
        }
        pieces.set(piece, job, block, count, start, 0, PieceTable.DIRECT);
        jobs.begin(job, length);
        if (operation.transfers()) {
            counters.direct();
        }
        return true;
    }

    private boolean submitPart(int job, Operation operation, long block, long count, long length, int piece)
            throws BlockIoException {
        Segments of = part;
        if (of == null) {
            of = new Segments(Segments.MOST);
            part = of;
        }
        try {
            return session.submit(operation, block, count, of.part(jobs.segments(job), jobs.begun(job), length), piece);
        } finally {
            Segments ignored = of.clear();
        }
    }

    private boolean bounce(int job, Operation operation, long position, int wanted) {
        int inBlock = (int) position & blockMask;
        int length = wanted;
        boolean changes = operation != Operation.READ;
        boolean partialStart = inBlock != 0;
        boolean partialEnd = ((inBlock + length) & blockMask) != 0;
        if (changes && partialStart && partialEnd && inBlock + length > WHOLE_READ_BLOCKS << blockShift) {
            // One read for a piece is enough: the partial block at the end becomes a piece of its own.
            length -= (inBlock + length) & blockMask;
            partialEnd = false;
        }
        int count = (inBlock + length + blockMask) >> blockShift;
        int offset = bounce.take(count << blockShift);
        if (offset < 0) {
            return false;
        }
        int piece = pieces.add();
        long block = position >> blockShift;
        pieces.set(piece, job, block, count, jobs.begun(job), length, offset);
        boolean sent;
        try {
            if (!changes) {
                sent = session.submit(Operation.READ, block, count, bounce.buffer(), offset, piece);
            } else if (partialStart || partialEnd) {
                // The block at the start, or at the end where its memory is aligned; else all of them.
                int last = count - 1;
                boolean onlyLast = !partialStart && ((last << blockShift) & alignmentMask) == 0;
                int first = onlyLast ? last : 0;
                int blocks = onlyLast || !partialEnd ? 1 : count;
                sent = session.submit(
                        Operation.READ,
                        block + first,
                        blocks,
                        bounce.buffer(),
                        offset + ((long) first << blockShift),
                        EDGE_TAG | piece);
            } else {
                sent = fill(piece) && submitWrite(piece);
            }
        } catch (BlockIoException refused) {
            jobs.fail(job, jobs.begun(job), refused);
            release(piece);
            return true;
        }
        if (!sent) {
            boolean failed = jobs.is(job, JobTable.STOPPED);
            release(piece);
            return failed;
        }
        jobs.begin(job, length);
        counters.bounced(length);
        if (changes && (partialStart || partialEnd)) {
            counters.rewritten();
        }
        return true;
    }

    private void release(int piece) {
        if (pieces.bounce(piece) >= 0) {
            bounce.giveBack(pieces.bounce(piece), (int) pieces.count(piece) << blockShift);
        }
        pieces.remove(piece);
    }

    private boolean submitWrite(int piece) throws BlockIoException {
        Operation operation = jobs.operation(pieces.job(piece));
        return session.submit(
                operation == Operation.WRITE_ZEROES ? Operation.WRITE : operation,
                pieces.block(piece),
                pieces.count(piece),
                bounce.buffer(),
                pieces.bounce(piece),
                piece);
    }

    /** Sends the write of a piece whose blocks were read and filled; returns whether there was room. */
    private boolean write(int piece) {
        int job = pieces.job(piece);
        if (jobs.is(job, JobTable.STOPPED)) {
            endPieceUndone(piece);
            return true;
        }
        try {
            return submitWrite(piece);
        } catch (BlockIoException refused) {
            jobs.fail(job, pieces.start(piece), refused);
            endPiece(piece);
            return true;
        }
    }

    /** An operation of a piece is complete. */
    void completed(long tag) {
        int piece = (int) tag;
        int job = pieces.job(piece);
        if ((tag & EDGE_TAG) != 0) {
            edgesRead(piece, job);
            return;
        }
        if (pieces.length(piece) > 0 && jobs.operation(job) == Operation.READ) {
            copyOut(piece, job);
        }
        endPiece(piece);
    }

    private void edgesRead(int piece, int job) {
        if (jobs.is(job, JobTable.STOPPED)) {
            endPieceUndone(piece);
            return;
        }
        if (!fill(piece)) {
            endPiece(piece);
            return;
        }
        pieces.next(piece, PieceTable.NONE);
        if (writeTail == PieceTable.NONE) {
            writeHead = piece;
        } else {
            pieces.next(writeTail, piece);
        }
        writeTail = piece;
    }

    /** An operation of a piece failed. */
    void failed(long tag, BlockIoException failure) {
        int piece = (int) tag;
        jobs.fail(pieces.job(piece), pieces.start(piece), failure);
        if (failure instanceof DeadlineException && pieces.bounce(piece) >= 0) {
            // The device may still read or write it: in another piece's hands it would carry the wrong data.
            bounce.quarantine(pieces.bounce(piece), (int) pieces.count(piece) << blockShift);
            pieces.forgetBounce(piece);
        }
        endPiece(piece);
    }

    private void endPieceUndone(int piece) {
        jobs.stop(pieces.job(piece), pieces.start(piece));
        endPiece(piece);
    }

    private void endPiece(int piece) {
        int job = pieces.job(piece);
        release(piece);
        jobs.endPiece(job);
        endIfDone(job);
    }

    /** Ends a job of which no piece is left, unless it still stands in the queue. */
    private void endIfDone(int job) {
        if (jobs.pieces(job) == 0 && jobs.is(job, JobTable.SENT) && !jobs.is(job, JobTable.ENDED)) {
            end(job);
        }
    }

    private void end(int job) {
        order.ended(job);
        jobs.end(job);
    }

    /** Begins nothing more of a job. */
    void cancel(int job) {
        jobs.stop(job, jobs.begun(job));
        if (jobs.is(job, JobTable.WAITING)) {
            end(job);
        }
    }

    /** The session is lost: what is under way will not be reported, and nothing else can begin. */
    void lose(BlockIoException failure) {
        for (int piece = 0; piece < pieces.rows(); piece++) {
            int job = pieces.job(piece);
            if (job != JobTable.NONE) {
                jobs.stop(job, pieces.start(piece));
                release(piece);
                jobs.endPiece(job);
            }
        }
        queueHead = JobTable.NONE;
        queueTail = JobTable.NONE;
        writeHead = PieceTable.NONE;
        writeTail = PieceTable.NONE;
        for (int job = 0; job < jobs.rows(); job++) {
            if (jobs.used(job) && !jobs.is(job, JobTable.ENDED)) {
                if (jobs.is(job, JobTable.SINGLE)) {
                    jobs.addMemory(job, null, null, 0);
                }
                // Where the job has a failure of its own, that is noted in this one, which is not to be shared then.
                jobs.fail(job, jobs.done(job), jobs.failure(job) == null ? failure : new BlockIoException(failure, ""));
                end(job);
            }
        }
    }

    /** Copies bytes of the job, or zeroes, into the bounce memory of a piece; returns whether it could. */
    private boolean fill(int piece) {
        int job = pieces.job(piece);
        int at = pieces.bounce(piece) + inBlock(piece, job);
        int length = pieces.length(piece);
        long start = pieces.start(piece);
        try {
            if (jobs.operation(job) == Operation.WRITE_ZEROES) {
                for (int done = 0; done < length; done += ZEROES.capacity()) {
                    bounce.bytes().put(at + done, ZEROES, 0, Math.min(length - done, ZEROES.capacity()));
                }
            } else if (jobs.is(job, JobTable.SEVERAL)) {
                jobs.segments(job).copyTo(start, bounce.bytes(), at, length);
            } else {
                bounce.bytes().put(at, bytes(job), (int) (jobs.offset(job) + start), length);
            }
            return true;
        } catch (InternalError | RuntimeException unreachable) {
            memoryUnreachable(piece, job, unreachable);
            return false;
        }
    }

    private void copyOut(int piece, int job) {
        int at = pieces.bounce(piece) + inBlock(piece, job);
        int length = pieces.length(piece);
        long start = pieces.start(piece);
        try {
            if (jobs.is(job, JobTable.SEVERAL)) {
                jobs.segments(job).copyFrom(start, bounce.bytes(), at, length);
            } else {
                bytes(job).put((int) (jobs.offset(job) + start), bounce.bytes(), at, length);
            }
        } catch (InternalError | RuntimeException unreachable) {
            memoryUnreachable(piece, job, unreachable);
        }
    }

    private int inBlock(int piece, int job) {
        return (int) (jobs.position(job) + pieces.start(piece)) & blockMask;
    }

    private ByteBuffer bytes(int job) {
        return Objects.requireNonNull(jobs.bytes(job), "a job that is copied has bytes");
    }

    /**
     * The caller's memory can be a mapping that its other side cut short, or a segment of an arena that was closed or that no thread but another may touch. That
     * is the affair of this job, and of nobody else whose jobs the session has.
     */
    private void memoryUnreachable(int piece, int job, Throwable cause) {
        BlockIoException failure = new BlockIoException(
                session.toString(),
                jobs.operation(job),
                pieces.block(piece),
                pieces.count(piece),
                "the memory of the job cannot be reached: " + cause.getMessage());
        failure.initCause(cause);
        jobs.fail(job, pieces.start(piece), failure);
    }
}
