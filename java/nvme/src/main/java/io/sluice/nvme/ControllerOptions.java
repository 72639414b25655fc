package io.sluice.nvme;

import java.time.Duration;

/**
 * How to open a controller. Immutable; the methods return changed copies.
 *
 * <p>The defaults: 64 I/O queue pairs asked for, 60 s for an admin command, 5 s for a shutdown at least, SGLs where PRPs do not do, shadow
 * doorbells.
 *
 * @param ioQueuePairs I/O queue pairs to ask the controller for, 1 to 65535; it may grant fewer
 * @param adminDeadline how long an admin command may take
 * @param shutdownDeadline how long the controller may take to shut down, unless it asks for longer itself (RTD3E)
 * @param sglUse when data is described by SGLs, where the controller offers them
 * @param shadowDoorbells keep doorbells in memory, where the controller offers it (Doorbell Buffer Config): controllers in software
 *     do, for which a store to a register is dear
 */
public record ControllerOptions(
        int ioQueuePairs, Duration adminDeadline, Duration shutdownDeadline, SglUse sglUse, boolean shadowDoorbells) {
    private static final ControllerOptions DEFAULTS =
            new ControllerOptions(64, Duration.ofSeconds(60), Duration.ofSeconds(5), SglUse.WHERE_NEEDED, true);

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
        return new ControllerOptions(value, adminDeadline, shutdownDeadline, sglUse, shadowDoorbells);
    }

    /** How long an admin command may take. */
    public ControllerOptions adminDeadline(Duration value) {
        return new ControllerOptions(ioQueuePairs, value, shutdownDeadline, sglUse, shadowDoorbells);
    }

    /** How long a shutdown may take. */
    public ControllerOptions shutdownDeadline(Duration value) {
        return new ControllerOptions(ioQueuePairs, adminDeadline, value, sglUse, shadowDoorbells);
    }

    /** When data is described by SGLs. */
    public ControllerOptions sglUse(SglUse value) {
        return new ControllerOptions(ioQueuePairs, adminDeadline, shutdownDeadline, value, shadowDoorbells);
    }

    /** Whether to keep doorbells in memory where the controller offers it. */
    public ControllerOptions shadowDoorbells(boolean value) {
        return new ControllerOptions(ioQueuePairs, adminDeadline, shutdownDeadline, sglUse, value);
    }
}
