package io.sluice.tester;

/** Says when the next I/O of a workload is due. One thread; allocates nothing. */
final class Pacer {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double TWO_TO_53 = 0x1p53;

    private final Pace pace;
    private final double nanosPerIo;
    private final double nanosPerByte;
    private final boolean replaying;
    private long random;
    private long begin;
    private double offset;
    private long due;
    private int iosToRest;

    Pacer(Workload workload) {
        pace = workload.pace();
        nanosPerIo = pace.iops() == 0 ? 0 : NANOS_PER_SECOND / pace.iops();
        nanosPerByte = pace.bytesPerSecond() == 0 ? 0 : NANOS_PER_SECOND / pace.bytesPerSecond();
        replaying = workload.access() instanceof Access.Replay replay && replay.paced();
        random = workload.seed() * 0x2545_f491_4f6c_dd1dL | 1;
    }

    /** Whether a workload never waits, and this is not needed. */
    static boolean isNeeded(Workload workload) {
        return !workload.pace().isUnlimited() || (workload.access() instanceof Access.Replay replay && replay.paced());
    }

    /** The first I/O is due now. */
    void begin(long now) {
        begin = now;
        offset = 0;
        due = now;
        iosToRest = pace.thinkIos();
    }

    /** When the next I/O is due, as {@link System#nanoTime()}. A replay is due as its trace says. */
    long due() {
        return due;
    }

    /** Another I/O was submitted; says when the one after it is due. */
    void submitted(long now, int bytes) {
        double wait = Math.max(nanosPerIo, nanosPerByte * bytes);
        if (pace.poisson()) {
            random = Requests.step(random);
            wait *= -Math.log(((random >>> 11) + 1) / TWO_TO_53);
        }
        offset += wait;
        due = begin + (long) offset;
        if (pace.thinkNanos() > 0 && --iosToRest == 0) {
            iosToRest = pace.thinkIos();
            long rested = now + pace.thinkNanos();
            if (rested - due > 0) {
                // Resting is not being late: what is due later is counted from here.
                offset += rested - due;
                due = rested;
            }
        }
    }

    /** In a replay: when the request is due that was made so long after the first one. */
    void replay(long nanos) {
        if (replaying) {
            due = begin + nanos;
        }
    }

    boolean replaying() {
        return replaying;
    }

    /** Whether latencies begin when I/Os were due. */
    boolean fromDue() {
        return pace.fromDue();
    }
}
