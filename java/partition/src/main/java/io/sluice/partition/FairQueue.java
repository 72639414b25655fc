package io.sluice.partition;

/**
 * Start-time fair queueing by bytes: of the sessions that have something to send the one goes first whose share is furthest behind. It decides only while the device
 * is not already full of what was sent before, so little is kept in flight while several sessions are at work: {@link #mayFly} bytes, beside which a session
 * that has nothing in flight, and no more than its share, may still send one operation. So whoever comes waits for what is in flight, not for what waits.
 *
 * <p>A session counts as at work for a while after its last operation: one that sends the next when it has seen the answer to the last would otherwise find
 * the device full each time. One thread. Tags of virtual time are compared by their difference, so that they may wrap.
 */
final class FairQueue {
    /** What an operation costs at least, bytes: a device does not do small ones for nothing, and syncs and trims move none. */
    static final int LEAST_COST = 4096;
    /** How finely a byte is divided between weights. */
    static final int SCALE = 1000;
    /** How much others may send before a session that sends nothing is at work no more. */
    private static final long PATIENCE_BYTES = 256L << 20;

    private final long mayFly;
    private long now;
    private long inFlightCost;
    private long sent;

    /**
     * A queue of nobody.
     *
     * @param mayFly how many bytes may be in flight while several sessions are at work
     */
    FairQueue(long mayFly) {
        this(mayFly, 0);
    }

    /** A queue whose clocks stand at a time, as after many years of work. */
    FairQueue(long mayFly, long clocks) {
        this.mayFly = mayFly;
        this.now = clocks;
        this.sent = clocks;
    }

    /** The bytes that an operation counts as. */
    static long cost(long bytes) {
        return Math.max(bytes, LEAST_COST);
    }

    /** A session has something to send. */
    void arrive(Flow flow) {
        flow.arrive(now);
    }

    /** Whether a session is at work. */
    boolean isAtWork(Flow flow) {
        // Asked first, so that a session that rests is noticed whatever else it does.
        boolean recent = flow.sentWithin(PATIENCE_BYTES, sent);
        return recent || flow.isWaiting() || flow.inFlight() > 0;
    }

    /** Whether the first of two is further behind. */
    static boolean isBefore(Flow first, Flow second) {
        return first.start() - second.start() < 0;
    }

    /**
     * Whether the session that is furthest behind may send.
     *
     * @param cost of the operation
     * @param alone whether no other session is at work
     */
    boolean maySend(Flow flow, long cost, boolean alone) {
        return alone
                || inFlightCost == 0
                || inFlightCost + cost <= mayFly
                || (flow.inFlight() == 0 && flow.start() - now <= 0);
    }

    /** The session has sent. */
    void send(Flow flow, long cost) {
        now = flow.start();
        sent += cost;
        inFlightCost += cost;
        flow.send(cost * SCALE, sent);
    }

    /** What a session had sent is done. */
    void complete(Flow flow, long cost) {
        inFlightCost -= cost;
        flow.complete();
    }
}
