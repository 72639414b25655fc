package io.sluice.nvme;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How to open a controller. Immutable; the methods return changed copies.
 *
 * <p>The defaults: 64 I/O queue pairs asked for, 60 s for an admin command, 5 s for a shutdown at least, SGLs where PRPs do not do, shadow
 * doorbells, queues in host memory, no host memory for the controller, sessions that take turns. What a controller does not offer is left away,
 * whatever stands here; {@link NvmeController#inUse} tells what came of it.
 *
 * @param ioQueuePairs I/O queue pairs to ask the controller for, 1 to 65535; it may grant fewer
 * @param adminDeadline how long an admin command may take
 * @param shutdownDeadline how long the controller may take to shut down, unless it asks for longer itself (RTD3E)
 * @param sglUse when data is described by SGLs, where the controller offers them
 * @param shadowDoorbells keep doorbells in memory, where the controller offers it (Doorbell Buffer Config): controllers in software
 *     do, and it pays where a store to a register leaves a virtual machine or ends in another program. Where registers are memory too, as those of an emulated
 *     controller in this process, there is nothing to gain: the fence that each doorbell then needs made reads one at a time 8 % fewer, 32 at a time no fewer
 * @param memoryBufferQueues put submission queues into the controller memory buffer, where there is one that takes them: the controller
 *     fetches commands from its own memory, and each store of an entry goes across the bus
 * @param maxHostMemoryBytes most memory to lend the controller for its own use (Host Memory Buffer), bytes, 0 to 2^40; it gets no more than it
 *     prefers, and none when this is less than it can do with
 * @param priorityWeights let the controller choose among submission queues by the priorities of their sessions (weighted round robin with
 *     urgent priority class), where it offers that; null = they take turns
 */
public record ControllerOptions(
        int ioQueuePairs,
        Duration adminDeadline,
        Duration shutdownDeadline,
        SglUse sglUse,
        boolean shadowDoorbells,
        boolean memoryBufferQueues,
        long maxHostMemoryBytes,
        @Nullable PriorityWeights priorityWeights) {
    private static final ControllerOptions DEFAULTS = new ControllerOptions(
            64, Duration.ofSeconds(60), Duration.ofSeconds(5), SglUse.WHERE_NEEDED, true, false, 0, null);

    public ControllerOptions {
        if (ioQueuePairs < 1 || ioQueuePairs > 65535) {
            throw new IllegalArgumentException(ioQueuePairs + " I/O queue pairs: expected 1 to 65535");
        }
        if (adminDeadline.isNegative() || adminDeadline.isZero() || shutdownDeadline.isNegative()) {
            throw new IllegalArgumentException(
                    "deadlines " + adminDeadline + " and " + shutdownDeadline + ": expected more than nothing");
        }
        if (maxHostMemoryBytes < 0 || maxHostMemoryBytes > 1L << 40) {
            throw new IllegalArgumentException(maxHostMemoryBytes + " bytes of memory to lend: expected 0 to 2^40");
        }
    }

    /** The defaults of the class description. */
    public static ControllerOptions defaults() {
        return DEFAULTS;
    }

    /** I/O queue pairs to ask for. */
    public ControllerOptions ioQueuePairs(int value) {
        return new ControllerOptions(
                value,
                adminDeadline,
                shutdownDeadline,
                sglUse,
                shadowDoorbells,
                memoryBufferQueues,
                maxHostMemoryBytes,
                priorityWeights);
    }

    /** How long an admin command may take. */
    public ControllerOptions adminDeadline(Duration value) {
        return new ControllerOptions(
                ioQueuePairs,
                value,
                shutdownDeadline,
                sglUse,
                shadowDoorbells,
                memoryBufferQueues,
                maxHostMemoryBytes,
                priorityWeights);
    }

    /** How long a shutdown may take. */
    public ControllerOptions shutdownDeadline(Duration value) {
        return new ControllerOptions(
                ioQueuePairs,
                adminDeadline,
                value,
                sglUse,
                shadowDoorbells,
                memoryBufferQueues,
                maxHostMemoryBytes,
                priorityWeights);
    }

    /** When data is described by SGLs. */
    public ControllerOptions sglUse(SglUse value) {
        return new ControllerOptions(
                ioQueuePairs,
                adminDeadline,
                shutdownDeadline,
                value,
                shadowDoorbells,
                memoryBufferQueues,
                maxHostMemoryBytes,
                priorityWeights);
    }

    /** Whether to keep doorbells in memory where the controller offers it. */
    public ControllerOptions shadowDoorbells(boolean value) {
        return new ControllerOptions(
                ioQueuePairs,
                adminDeadline,
                shutdownDeadline,
                sglUse,
                value,
                memoryBufferQueues,
                maxHostMemoryBytes,
                priorityWeights);
    }

    /** Whether to put submission queues into the controller's own memory where it has some. */
    public ControllerOptions memoryBufferQueues(boolean value) {
        return new ControllerOptions(
                ioQueuePairs,
                adminDeadline,
                shutdownDeadline,
                sglUse,
                shadowDoorbells,
                value,
                maxHostMemoryBytes,
                priorityWeights);
    }

    /** Most memory to lend the controller, bytes. */
    public ControllerOptions maxHostMemoryBytes(long value) {
        return new ControllerOptions(
                ioQueuePairs,
                adminDeadline,
                shutdownDeadline,
                sglUse,
                shadowDoorbells,
                memoryBufferQueues,
                value,
                priorityWeights);
    }

    /** Weights of the sessions' priorities; null = all sessions take turns. */
    public ControllerOptions priorityWeights(@Nullable PriorityWeights value) {
        return new ControllerOptions(
                ioQueuePairs,
                adminDeadline,
                shutdownDeadline,
                sglUse,
                shadowDoorbells,
                memoryBufferQueues,
                maxHostMemoryBytes,
                value);
    }
}
