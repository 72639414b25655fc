package io.sluice.nvme;

/**
 * What of what a controller offers for speed is in use: what it offers, the options want, and it took when it was opened.
 *
 * @param shadowDoorbells whether doorbells of I/O queues stand in memory (Doorbell Buffer Config, section 5.7)
 * @param memoryBufferQueues whether submission queues lie in the controller memory buffer, as far as it has room for them (section 4.7)
 * @param hostMemoryBytes how much memory is lent to the controller (Host Memory Buffer, section 8.9), bytes
 * @param priorities whether the controller weighs sessions by their priorities (section 4.13.2); they take turns otherwise
 * @param sglUse when data is described by SGLs rather than PRPs; {@link SglUse#NEVER} on a controller that has none
 */
public record InUse(
        boolean shadowDoorbells, boolean memoryBufferQueues, long hostMemoryBytes, boolean priorities, SglUse sglUse) {}
