package io.sluice.nvme;

import io.sluice.pci.DmaMemory;
import io.sluice.pci.Interrupt;
import org.jspecify.annotations.Nullable;

/**
 * A session's I/O queue pair and what goes with it.
 *
 * @param trimRanges a range for each slot
 * @param memory what the queues, the ranges and the PRP lists of the session's buffer lie in
 * @param interrupt the completion queue's; null when it is polled
 * @param vector number of that interrupt, negative when there is none
 */
record SessionQueue(
        QueuePair pair,
        TrimRanges trimRanges,
        DmaMemory memory,
        @Nullable Interrupt interrupt,
        int vector) {}
