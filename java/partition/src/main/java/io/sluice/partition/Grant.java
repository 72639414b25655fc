package io.sluice.partition;

import io.sluice.partition.table.Extent;
import io.sluice.partition.table.Partition;

/**
 * What somebody got.
 *
 * @param label who
 * @param policy by which policy
 * @param partition of which partition, as the table had it then
 * @param window which blocks, counted from the start of the mediator's device
 * @param writeable whether they may change them
 * @param sharesQueue whether the session shares a queue of the device with others
 */
public record Grant(
        String label, Policy policy, Partition partition, Extent window, boolean writeable, boolean sharesQueue) {}
