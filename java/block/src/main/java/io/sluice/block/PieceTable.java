package io.sluice.block;

import java.util.Arrays;

/** The pieces of jobs that are begun and not ended: a row for each, flat, so that a piece needs no object. */
final class PieceTable {
    static final int NONE = -1;
    /** In place of an offset in the bounce memory: nothing of the piece goes through it. */
    static final int DIRECT = -1;

    private final int[] jobs;
    private final long[] blocks;
    private final long[] counts;
    private final long[] starts;
    private final int[] lengths;
    private final int[] bounces;
    private final int[] next;
    private final int[] free;
    private int freeCount;

    PieceTable(int rows) {
        this.jobs = new int[rows];
        this.blocks = new long[rows];
        this.counts = new long[rows];
        this.starts = new long[rows];
        this.lengths = new int[rows];
        this.bounces = new int[rows];
        this.next = new int[rows];
        this.free = new int[rows];
        Arrays.setAll(free, i -> rows - 1 - i);
        this.freeCount = rows;
        Arrays.fill(jobs, JobTable.NONE);
    }

    boolean full() {
        return freeCount == 0;
    }

    int rows() {
        return jobs.length;
    }

    /** Takes a row; there must be one. */
    int add() {
        return free[--freeCount];
    }

    /**
     * Says what is in a row.
     *
     * @param start where in the job the piece starts, bytes
     * @param length bytes of the job that go through the bounce memory, 0 when none do
     * @param bounce offset in the buffer, or {@link #DIRECT}
     */
    void set(int row, int job, long block, long count, long start, int length, int bounce) {
        jobs[row] = job;
        blocks[row] = block;
        counts[row] = count;
        starts[row] = start;
        lengths[row] = length;
        bounces[row] = bounce;
    }

    void remove(int row) {
        jobs[row] = JobTable.NONE;
        free[freeCount++] = row;
    }

    /** The job that the piece belongs to; {@link JobTable#NONE} when the row is free. */
    int job(int row) {
        return jobs[row];
    }

    long block(int row) {
        return blocks[row];
    }

    long count(int row) {
        return counts[row];
    }

    long start(int row) {
        return starts[row];
    }

    int length(int row) {
        return lengths[row];
    }

    int bounce(int row) {
        return bounces[row];
    }

    /** The bounce memory of the piece is not given back when the piece ends. */
    void forgetBounce(int row) {
        bounces[row] = DIRECT;
    }

    int next(int row) {
        return next[row];
    }

    void next(int row, int other) {
        next[row] = other;
    }
}
