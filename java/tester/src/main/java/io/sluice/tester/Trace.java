package io.sluice.tester;

import io.sluice.block.Operation;
import java.util.Arrays;

/** Requests that were made once and are to be made again: what, where, how much and when. Immutable. */
public final class Trace {
    private static final Operation[] OPERATIONS = Operation.values();

    private final String name;
    private final byte[] operations;
    private final long[] positions;
    private final int[] lengths;
    private final long[] nanos;

    private Trace(String name, byte[] operations, long[] positions, int[] lengths, long[] nanos) {
        this.name = name;
        this.operations = operations;
        this.positions = positions;
        this.lengths = lengths;
        this.nanos = nanos;
    }

    /** What messages call it. */
    public String name() {
        return name;
    }

    /** How many requests it has. */
    public int size() {
        return operations.length;
    }

    /** What a request does. */
    public Operation operation(int index) {
        return OPERATIONS[operations[index]];
    }

    /** Where a request begins, bytes; 0 for a sync. */
    public long position(int index) {
        return positions[index];
    }

    /** How many bytes a request has, at most 2^30; 0 for a sync. */
    public int length(int index) {
        return lengths[index];
    }

    /** When a request was made, nanoseconds since the first one; never less than the one before. */
    public long nanos(int index) {
        return nanos[index];
    }

    /** Whether a request changes blocks. */
    boolean changes() {
        for (byte operation : operations) {
            if (OPERATIONS[operation].changes()) {
                return true;
            }
        }
        return false;
    }

    boolean has(Operation wanted) {
        for (byte operation : operations) {
            if (operation == wanted.ordinal()) {
                return true;
            }
        }
        return false;
    }

    /** The largest request that needs memory, bytes. */
    int largestTransfer() {
        int most = 0;
        for (int i = 0; i < operations.length; i++) {
            if (OPERATIONS[operations[i]].transfers()) {
                most = Math.max(most, lengths[i]);
            }
        }
        return most;
    }

    /** Collects requests in the order of their times. One thread. */
    public static final class Builder {
        private final String name;
        private byte[] operations = new byte[1024];
        private long[] positions = new long[1024];
        private int[] lengths = new int[1024];
        private long[] nanos = new long[1024];
        private int count;

        /** A trace that messages call so. */
        public Builder(String name) {
            this.name = name;
        }

        /**
         * One more request.
         *
         * @param atNanos when, since any moment that is the same for all
         * @param position bytes; ignored for a sync
         * @param length bytes, 1 to 2^30; ignored for a sync
         */
        public Builder add(long atNanos, Operation operation, long position, long length) {
            boolean sync = operation == Operation.SYNC;
            if (!sync && (length < 1 || length > Sizes.LARGEST || position < 0 || position > Long.MAX_VALUE - length)) {
                throw new IllegalArgumentException(length + " bytes at " + position
                        + ": expected 1 to 2^30 bytes at a place that is not negative");
            }
            if (count == operations.length) {
                grow();
            }
            operations[count] = (byte) operation.ordinal();
            positions[count] = sync ? 0 : position;
            lengths[count] = sync ? 0 : (int) length;
            nanos[count] = count == 0 ? atNanos : Math.max(atNanos, nanos[count - 1]);
            count++;
            return this;
        }

        private void grow() {
            int larger = Math.multiplyExact(count, 2);
            operations = Arrays.copyOf(operations, larger);
            positions = Arrays.copyOf(positions, larger);
            lengths = Arrays.copyOf(lengths, larger);
            nanos = Arrays.copyOf(nanos, larger);
        }

        /** The trace. */
        public Trace build() {
            long[] since = new long[count];
            for (int i = 0; i < count; i++) {
                since[i] = nanos[i] - nanos[0];
            }
            return new Trace(
                    name,
                    Arrays.copyOf(operations, count),
                    Arrays.copyOf(positions, count),
                    Arrays.copyOf(lengths, count),
                    since);
        }
    }
}
