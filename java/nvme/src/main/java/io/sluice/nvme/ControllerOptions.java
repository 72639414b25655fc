package io.sluice.nvme;

import java.time.Duration;

/**
 * How to open a controller. Immutable; the methods return changed copies.
 *
 * <p>The defaults: 64 I/O queue pairs asked for, 60 s for an admin command, 5 s for a shutdown at least, PRPs, shadow doorbells.
 *
 * @param ioQueuePairs I/O queue pairs to ask the controller for, 1 to 65535; it may grant fewer
 * @param adminDeadline how long an admin command may take
 * @param shutdownDeadline how long the controller may take to shut down, unless it asks for longer itself (RTD3E)
 * @param scatterGatherLists describe data by SGLs rather than PRPs, where the controller offers them
 * @param shadowDoorbells keep doorbells in memory, where the controller offers it (Doorbell Buffer Config): controllers in software
 *     do, for which a store to a register is dear
 */
public record ControllerOptions(
        int ioQueuePairs,
        Duration adminDeadline,
        Duration shutdownDeadline,
        boolean scatterGatherLists,
        boolean shadowDoorbells) {
    private static final ControllerOptions DEFAULTS =
            new ControllerOptions(64, Duration.ofSeconds(60), Duration.ofSeconds(5), false, true);

    public ControllerOptions {
        if (ioQueuePairs < 1 || ioQueuePairs > 65535) {
            throw new IllegalArgumentException(ioQueuePairs + " I/O queue pairs: expected 1 to 65535");
        }
        if (adminDeadline.isNegative() || adminDeadline.isZero() || shutdownDeadline.isNegative()) {
            throw new IllegalArgumentException(
                    "deadlines " + adminDeadline + " and " + shutdownDeadline + ": expected more than nothing");
        }
    }

    /** The defaults of the class description. */
    public static ControllerOptions defaults() {
        return DEFAULTS;
    }

    /** I/O queue pairs to ask for. */
    public ControllerOptions ioQueuePairs(int value) {
        return new ControllerOptions(value, adminDeadline, shutdownDeadline, scatterGatherLists, shadowDoorbells);
    }

    /** How long an admin command may take. */
    public ControllerOptions adminDeadline(Duration value) {
        return new ControllerOptions(ioQueuePairs, value, shutdownDeadline, scatterGatherLists, shadowDoorbells);
    }

    /** How long a shutdown may take. */
    public ControllerOptions shutdownDeadline(Duration value) {
        return new ControllerOptions(ioQueuePairs, adminDeadline, value, scatterGatherLists, shadowDoorbells);
    }

    /** Whether to describe data by SGLs where the controller offers them. */
    public ControllerOptions scatterGatherLists(boolean value) {
        return new ControllerOptions(ioQueuePairs, adminDeadline, shutdownDeadline, value, shadowDoorbells);
    }

    /** Whether to keep doorbells in memory where the controller offers it. */
    public ControllerOptions shadowDoorbells(boolean value) {
        return new ControllerOptions(ioQueuePairs, adminDeadline, shutdownDeadline, scatterGatherLists, value);
    }
}
