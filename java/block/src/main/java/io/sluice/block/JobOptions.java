package io.sluice.block;

/**
 * How to carry out jobs. Immutable; the methods return changed copies.
 *
 * <p>The defaults: as many jobs as the session has operations in flight, half of the session's buffer for bounces.
 *
 * @param maxJobs how many jobs can be submitted and not resolved, 1 to 2^20; 0 = {@link BlockSession#queueDepth()}
 * @param bounceBytes how much of the session's buffer, from its end, the jobs use for data that the device cannot move to or from where it is to be: other
 *     memory than the session's, and parts of blocks; bytes, 1 to 2^30, rounded up to whole blocks; 0 = half of the buffer
 */
public record JobOptions(int maxJobs, int bounceBytes) {
    private static final JobOptions DEFAULTS = new JobOptions(0, 0);

    public JobOptions {
        check(maxJobs, bounceBytes);
    }

    static void check(int maxJobs, int bounceBytes) {
        if (maxJobs < 0 || maxJobs > 1 << 20) {
            throw new IllegalArgumentException(maxJobs + " jobs: expected 1 to 2^20, or 0 for the default");
        }
        if (bounceBytes < 0 || bounceBytes > 1 << 30) {
            throw new IllegalArgumentException(
                    bounceBytes + " bytes for bounces: expected 1 to 2^30, or 0 for the default");
        }
    }

    /** The defaults of the class description. */
    public static JobOptions defaults() {
        return DEFAULTS;
    }

    /** How many jobs at once. */
    public JobOptions maxJobs(int value) {
        return new JobOptions(value, bounceBytes);
    }

    /** How much of the session's buffer is for bounces, bytes. */
    public JobOptions bounceBytes(int value) {
        return new JobOptions(maxJobs, value);
    }
}
