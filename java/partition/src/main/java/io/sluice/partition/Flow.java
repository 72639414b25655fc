package io.sluice.partition;

/**
 * What one session has had of a shared queue, for {@link FairQueue}: its operations carry tags of virtual time, in which a session of weight 1 advances by a byte for
 * each byte it moves, and one of weight w by the w-th part.
 */
final class Flow {
    private volatile int weight;
    /** The virtual time at which the oldest waiting operation starts. */
    private long start;
    /** The virtual time at which what was sent so far ends. */
    private long finish;

    private boolean waiting;
    private int inFlight;
    /** How many bytes all flows together had sent when this one sent last; far in the past before it sends first. */
    private long lastSent = Long.MIN_VALUE / 2;

    Flow(int weight) {
        this.weight = weight;
    }

    int weight() {
        return weight;
    }

    void weight(int value) {
        weight = value;
    }

    long start() {
        return start;
    }

    boolean isWaiting() {
        return waiting;
    }

    int inFlight() {
        return inFlight;
    }

    long lastSent() {
        return lastSent;
    }

    /** An operation waits where none did: it starts now, or when the last one's share is used up. */
    void arrive(long now) {
        if (!waiting) {
            waiting = true;
            start = now - finish > 0 ? now : finish;
        }
    }

    void leave() {
        waiting = false;
    }

    void send(long cost, long sent) {
        waiting = false;
        inFlight++;
        lastSent = sent;
        finish = start + cost / weight;
    }

    void complete() {
        inFlight--;
    }
}
