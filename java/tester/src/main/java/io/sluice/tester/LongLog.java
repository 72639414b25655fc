package io.sluice.tester;

import java.util.Arrays;

/** Rows of numbers that are written down one after the other and read when all is over. One thread. */
public final class LongLog {
    private final int columns;
    private long[] values = new long[1024];
    private int count;

    LongLog(int columns) {
        this.columns = columns;
    }

    void add(long value) {
        if (count == values.length) {
            values = Arrays.copyOf(values, Math.multiplyExact(count, 2));
        }
        values[count++] = value;
    }

    void clear() {
        count = 0;
    }

    /** How many rows there are. */
    public int rows() {
        return count / columns;
    }

    /** A number of a row. */
    public long get(int row, int column) {
        return values[row * columns + column];
    }
}
