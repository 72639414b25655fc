package io.sluice.nvme;

/**
 * What of what a controller offers for speed is in use: what it offers, the options want, and it took when it was opened.
 *
 * @param shadowDoorbells whether doorbells of I/O queues stand in memory (Doorbell Buffer Config, section 5.7)
 * @param sglUse when data is described by SGLs rather than PRPs; {@link SglUse#NEVER} on a controller that has none
 */
public record InUse(boolean shadowDoorbells, SglUse sglUse) {}
