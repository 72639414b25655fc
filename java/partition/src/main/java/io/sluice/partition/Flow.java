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
    /** Whether the two times below count: not before it sends first, and not after it rested. */
    private boolean atWork;
    /** How many bytes all flows together had sent when this one sent last. */
    private long lastSent;

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

    /**
     * Whether others have sent less than so many bytes since this one sent last. Once they have sent more, what it had is forgotten: a session that was idle
     * for any length of time starts as a new one does, and no difference of two clocks grows until it wraps.
     */
    boolean sentWithin(long bytes, long sent) {
        atWork = atWork && sent - lastSent < bytes;
        return atWork;
    }

    /** An operation waits where none did: it starts now, or when the last one's share is used up. */
    void arrive(long now) {
        if (!waiting) {
            waiting = true;
            start = !atWork || now - finish > 0 ? now : finish;
        }
    }

    void leave() {
        waiting = false;
    }

    void send(long cost, long sent) {
        waiting = false;
        inFlight++;
        atWork = true;
        lastSent = sent;
        finish = start + cost / weight;
    }

    void complete() {
        inFlight--;
    }
}
