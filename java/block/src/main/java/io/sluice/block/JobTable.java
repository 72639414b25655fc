package io.sluice.block;

import io.sluice.block.driver.SlotSegments;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The jobs that were submitted and not resolved: a row for each, flat, so that a job needs no object. */
final class JobTable {
    static final int NONE = -1;

    /** The job is one operation of the session from start to end, and names no memory here. */
    static final int SINGLE = 1 << 3;
    /** It rewrites parts of blocks, so that other writes of these blocks must not come in between. */
    static final int PARTIAL = 1 << 4;
    /** All of its memory but for the parts of blocks at its edges can be reached by the device. */
    static final int DIRECT = 1 << 5;
    /** Nothing more of it is to be begun: it failed or was cancelled. */
    static final int STOPPED = 1 << 6;
    /** It must not begin before others have ended. */
    static final int WAITING = 1 << 7;
    /** It ended and only has to be told so. */
    static final int ENDED = 1 << 8;

    /** No further piece of it will be begun. */
    static final int SENT = 1 << 9;

    /** Its memory lies in several places. */
    static final int SEVERAL = 1 << 10;

    private static final int USED = 1 << 11;
    private static final int KIND = 7;
    private static final Operation[] OPERATIONS = Operation.values();

    private static final int SHIFT = 3;
    private static final int TAG = 0;
    private static final int POSITION = 1;
    private static final int LENGTH = 2;
    private static final int BEGUN = 3;
    private static final int ORDER = 4;
    private static final int DONE_UNTIL = 5;
    private static final int OFFSET = 6;

    private final int rows;
    private final long[] facts;
    private final int[] flags;
    private final int[] pieces;
    private final int[] next;
    private final @Nullable ByteBuffer[] bytes;
    private final @Nullable IoBuffer[] memories;
    private final SlotSegments segments;
    private final @Nullable BlockIoException[] failures;
    private final long[] failedAt;
    private final int[] free;
    private int freeCount;
    private long lastOrder;
    /** Jobs that ended, in that order, by {@link #next}. */
    private int endedHead = NONE;

    private int endedTail = NONE;

    JobTable(int rows) {
        this.rows = rows;
        this.facts = new long[rows << SHIFT];
        this.flags = new int[rows];
        this.pieces = new int[rows];
        this.next = new int[rows];
        this.bytes = new ByteBuffer[rows];
        this.memories = new IoBuffer[rows];
        this.segments = new SlotSegments(rows);
        this.failures = new BlockIoException[rows];
        this.failedAt = new long[rows];
        this.free = new int[rows];
        Arrays.setAll(free, i -> rows - 1 - i);
        this.freeCount = rows;
    }

    int rows() {
        return rows;
    }

    int count() {
        return rows - freeCount;
    }

    /** Takes a row; {@link #NONE} when all are taken. */
    int add(Operation operation, long position, long length, long tag, int flag) {
        if (freeCount == 0) {
            return NONE;
        }
        int row = free[--freeCount];
        int at = row << SHIFT;
        long[] to = facts;
        to[at + TAG] = tag;
        to[at + POSITION] = position;
        to[at + LENGTH] = length;
        to[at + ORDER] = ++lastOrder;
        flags[row] = USED | operation.ordinal() | flag;
        return row;
    }

    /** What jobs of more than one operation need beside that; one that was a single operation is none any more. */
    void addMemory(int row, @Nullable ByteBuffer buffer, @Nullable IoBuffer memory, long offset) {
        int at = row << SHIFT;
        clear(row, SINGLE);
        facts[at + BEGUN] = 0;
        facts[at + DONE_UNTIL] = Long.MAX_VALUE;
        facts[at + OFFSET] = offset;
        pieces[row] = 0;
        bytes[row] = buffer;
        memories[row] = memory;
    }

    /** The same for memory in several places, of which a copy is made. */
    void addMemory(int row, Segments memory) {
        addMemory(row, null, null, 0);
        Segments ignored = segments.hold(row, memory);
        set(row, SEVERAL);
    }

    void remove(int row) {
        if ((flags[row] & SINGLE) == 0) {
            if ((flags[row] & SEVERAL) != 0) {
                Segments ignored = segments.of(row).clear();
            }
            bytes[row] = null;
            memories[row] = null;
            failures[row] = null;
        }
        flags[row] = 0;
        free[freeCount++] = row;
    }

    boolean used(int row) {
        return flags[row] != 0;
    }

    Operation operation(int row) {
        return OPERATIONS[flags[row] & KIND];
    }

    boolean is(int row, int flag) {
        return (flags[row] & flag) != 0;
    }

    void set(int row, int flag) {
        flags[row] |= flag;
    }

    void clear(int row, int flag) {
        flags[row] &= ~flag;
    }

    long tag(int row) {
        return facts[(row << SHIFT) + TAG];
    }

    long position(int row) {
        return facts[(row << SHIFT) + POSITION];
    }

    long length(int row) {
        return facts[(row << SHIFT) + LENGTH];
    }

    /** How many of its bytes, from the start on, belong to pieces that were begun. */
    long begun(int row) {
        return facts[(row << SHIFT) + BEGUN];
    }

    void begin(int row, long length) {
        facts[(row << SHIFT) + BEGUN] += length;
        pieces[row]++;
    }

    /** How many of its pieces are begun and not ended. */
    int pieces(int row) {
        return pieces[row];
    }

    void endPiece(int row) {
        pieces[row]--;
    }

    /** Passes bytes for which nothing is to be done. */
    void skip(int row, long length) {
        facts[(row << SHIFT) + BEGUN] += length;
    }

    /** Whether every byte belongs to a piece that was begun. */
    boolean allBegun(int row) {
        return is(row, SINGLE) || begun(row) == length(row);
    }

    /** Whether one job was submitted before another. */
    boolean before(int row, int other) {
        return facts[(row << SHIFT) + ORDER] < facts[(other << SHIFT) + ORDER];
    }

    long offset(int row) {
        return facts[(row << SHIFT) + OFFSET];
    }

    @Nullable
    ByteBuffer bytes(int row) {
        return bytes[row];
    }

    @Nullable
    IoBuffer memory(int row) {
        return memories[row];
    }

    /** The memory of a job that has it in several places. */
    Segments segments(int row) {
        return segments.of(row);
    }

    /** Whether a job of more than one operation that has not ended names a memory. */
    boolean name(IoBuffer memory) {
        for (int row = 0; row < rows; row++) {
            if ((flags[row] & (USED | SINGLE | ENDED)) == USED
                    && (memories[row] == memory
                            || (is(row, SEVERAL) && segments.of(row).name(memory)))) {
                return true;
            }
        }
        return false;
    }

    int next(int row) {
        return next[row];
    }

    void next(int row, int other) {
        next[row] = other;
    }

    /** The bytes from one on are not done: nothing more of the job is begun. */
    void stop(int row, long at) {
        set(row, STOPPED);
        int until = (row << SHIFT) + DONE_UNTIL;
        facts[until] = Math.min(facts[until], at);
    }

    /** A part that starts at a byte of the job failed. */
    void fail(int row, long at, BlockIoException failure) {
        BlockIoException known = failures[row];
        if (known == null) {
            failures[row] = failure;
        } else if (at < failedAt[row]) {
            failures[row] = suppressing(failure, known);
        } else {
            failures[row] = suppressing(known, failure);
            at = failedAt[row];
        }
        failedAt[row] = at;
        stop(row, at);
    }

    private static BlockIoException suppressing(BlockIoException first, BlockIoException other) {
        if (first != other) {
            first.addSuppressed(other);
        }
        return first;
    }

    @Nullable
    BlockIoException failure(int row) {
        return failures[row];
    }

    /** Nothing of the job is under way and nothing more of it will be: it only has to be told so. */
    void end(int row) {
        set(row, ENDED);
        next[row] = NONE;
        if (endedTail == NONE) {
            endedHead = row;
        } else {
            next[endedTail] = row;
        }
        endedTail = row;
    }

    /** The job that ended first and is still here; {@link #NONE} when there is none. */
    int ended() {
        return endedHead;
    }

    /** Takes {@link #ended} out of the queue of those that ended. */
    void takeEnded() {
        endedHead = next[endedHead];
        if (endedHead == NONE) {
            endedTail = NONE;
        }
    }

    /** How many bytes from the start on are done, once no piece is left. */
    long done(int row) {
        return Math.min(begun(row), facts[(row << SHIFT) + DONE_UNTIL]);
    }
}
