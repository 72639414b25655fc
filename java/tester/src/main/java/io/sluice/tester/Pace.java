package io.sluice.tester;

/**
 * When a workload may submit its next I/O: the closed choice. Without limits it submits whenever there is room.
 *
 * @param iops I/Os a second, 0 = no limit
 * @param bytesPerSecond bytes a second, 0 = no limit; where both are given the slower one counts
 * @param poisson whether the times between I/Os are random, with the limit as their mean, as requests of many independent users are; equal otherwise
 * @param fromDue whether a latency begins when the I/O was due, so that what a slow device keeps waiting counts (no coordinated omission); when it was
 *     submitted otherwise
 * @param thinkNanos how long to rest after each {@code thinkIos}, nanoseconds
 * @param thinkIos I/Os between two rests, at least 1
 */
public record Pace(long iops, long bytesPerSecond, boolean poisson, boolean fromDue, long thinkNanos, int thinkIos) {
    private static final Pace UNLIMITED = new Pace(0, 0, false, true, 0, 1);

    public Pace {
        if (iops < 0 || bytesPerSecond < 0) {
            throw new IllegalArgumentException(
                    "a rate of " + iops + " I/Os and " + bytesPerSecond + " bytes a second: neither can be negative");
        }
        if (thinkNanos < 0 || thinkIos < 1) {
            throw new IllegalArgumentException("a rest of " + thinkNanos + " ns after " + thinkIos + " I/Os");
        }
    }

    /** As fast as it goes. */
    public static Pace unlimited() {
        return UNLIMITED;
    }

    /** So many I/Os a second, evenly, latencies from the time that each was due. */
    public static Pace iops(long iops) {
        return new Pace(iops, 0, false, true, 0, 1);
    }

    /** Whether it never waits. */
    public boolean isUnlimited() {
        return iops == 0 && bytesPerSecond == 0 && thinkNanos == 0;
    }
}
