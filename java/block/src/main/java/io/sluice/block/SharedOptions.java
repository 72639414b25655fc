package io.sluice.block;

import java.util.Objects;

/**
 * How to share a session. Immutable; the methods return changed copies.
 *
 * <p>The defaults: 1024 jobs, half of the session's buffer for bounces, {@link WaitStrategy#adaptive}.
 *
 * @param maxJobs how many jobs may be submitted and not resolved, 1 to 2^20: who submits more waits
 * @param bounceBytes see {@link JobOptions#bounceBytes()}
 * @param waiting what the poller thread does while there is nothing to do
 */
public record SharedOptions(int maxJobs, int bounceBytes, WaitStrategy waiting) {
    private static final SharedOptions DEFAULTS = new SharedOptions(1024, 0, WaitStrategy.adaptive());

    public SharedOptions {
        Objects.requireNonNull(waiting, "waiting");
        if (maxJobs < 1) {
            throw new IllegalArgumentException(maxJobs + " jobs: expected 1 to 2^20");
        }
        JobOptions.check(maxJobs, bounceBytes);
    }

    /** The defaults of the class description. */
    public static SharedOptions defaults() {
        return DEFAULTS;
    }

    /** How many jobs at once. */
    public SharedOptions maxJobs(int value) {
        return new SharedOptions(value, bounceBytes, waiting);
    }

    /** How much of the session's buffer is for bounces, bytes. */
    public SharedOptions bounceBytes(int value) {
        return new SharedOptions(maxJobs, value, waiting);
    }

    /** What to do while there is nothing to do. */
    public SharedOptions waiting(WaitStrategy value) {
        return new SharedOptions(maxJobs, bounceBytes, value);
    }

    JobOptions jobOptions() {
        return new JobOptions(maxJobs, bounceBytes);
    }
}
