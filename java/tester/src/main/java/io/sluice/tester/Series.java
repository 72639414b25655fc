package io.sluice.tester;

import io.sluice.block.Operation;

/** Writes down how a run went over time: what was done in each interval, and each I/O where wanted. The thread of the workload. */
public final class Series {
    /** Columns of the time series: when the interval ended (nanoseconds since the start), the operation, I/Os, bytes, and the sum of their latencies (nanoseconds). */
    public static final int END = 0;

    public static final int OPERATION = 1;
    public static final int IOS = 2;
    public static final int BYTES = 3;
    public static final int NANOS = 4;
    static final int COLUMNS = 5;

    /** Columns of the log: when an I/O completed (nanoseconds since the start), how long it took (nanoseconds), the operation, bytes, and where on the device. */
    public static final int COMPLETED = 0;

    public static final int LATENCY = 1;
    public static final int LOGGED_OPERATION = 2;
    public static final int LENGTH = 3;
    public static final int POSITION = 4;
    static final int LOG_COLUMNS = 5;

    private static final Operation[] OPERATIONS = Operation.values();

    private final long intervalNanos;
    private final LongLog series = new LongLog(COLUMNS);
    private final LongLog log = new LongLog(LOG_COLUMNS);
    private final long[] ios = new long[OPERATIONS.length];
    private final long[] bytes = new long[OPERATIONS.length];
    private final long[] nanos = new long[OPERATIONS.length];
    private long begin;
    private long next;

    Series(long intervalNanos) {
        this.intervalNanos = intervalNanos == 0 ? Long.MAX_VALUE : intervalNanos;
    }

    void begin(long now) {
        begin = now;
        next = intervalNanos;
        series.clear();
        log.clear();
        for (Operation operation : OPERATIONS) {
            forget(operation.ordinal());
        }
    }

    void done(int operation, int length, long latency, long now) {
        // An I/O that ends after an interval belongs to the next.
        pass(now);
        ios[operation]++;
        bytes[operation] += length;
        nanos[operation] += latency;
    }

    void log(int operation, int length, long position, long latency, long now) {
        log.add(now - begin);
        log.add(latency);
        log.add(operation);
        log.add(length);
        log.add(position);
    }

    private void pass(long now) {
        while (now - begin >= next) {
            for (int i = 0; i < ios.length; i++) {
                if (ios[i] > 0) {
                    row(next, i);
                }
            }
            next += intervalNanos;
        }
    }

    /** The last interval, which may be shorter. */
    void end(long now) {
        pass(now);
        for (int i = 0; i < ios.length; i++) {
            if (ios[i] > 0) {
                row(now - begin, i);
            }
        }
    }

    private void row(long at, int operation) {
        series.add(at);
        series.add(operation);
        series.add(ios[operation]);
        series.add(bytes[operation]);
        series.add(nanos[operation]);
        forget(operation);
    }

    private void forget(int operation) {
        ios[operation] = 0;
        bytes[operation] = 0;
        nanos[operation] = 0;
    }

    LongLog rows() {
        return series;
    }

    LongLog log() {
        return log;
    }
}
