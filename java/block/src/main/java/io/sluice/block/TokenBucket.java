package io.sluice.block;

/**
 * Lets a {@link Rate} pass. Something passes while there is a token, and takes as many as it is large: the bucket may then owe some, so that what is larger
 * than a burst passes too, and is paid for afterwards. One thread; the clock is read only when there is no token left.
 */
final class TokenBucket {
    private static final double NANOS_PER_SECOND = 1e9;

    private double perNano;
    private double burst;
    private double tokens;
    private long filled;

    /** A full bucket. */
    TokenBucket(Rate rate, long now) {
        set(rate);
        this.tokens = burst;
        this.filled = now;
    }

    private void set(Rate rate) {
        this.perNano = rate.perSecond() / NANOS_PER_SECOND;
        this.burst = rate.burst();
    }

    /** Goes on with another rate: what is there stays there, and so does what is owed. */
    void change(Rate rate, long now) {
        fill(now);
        set(rate);
        this.tokens = Math.min(tokens, burst);
    }

    boolean isEmpty() {
        return tokens <= 0;
    }

    void fill(long now) {
        tokens = Math.min(burst, tokens + (now - filled) * perNano);
        filled = now;
    }

    void take(long count) {
        tokens -= count;
    }

    /** How long after the last {@link #fill} it has a token again, nanoseconds; 0 when it has one. */
    long emptyNanos() {
        return tokens > 0 ? 0 : (long) (-tokens / perNano) + 1;
    }
}
