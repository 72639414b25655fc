package io.sluice.partition.table;

import java.util.List;

/**
 * Where a new partition may be.
 *
 * @param within what partitions of its sort share
 * @param free what is free of that, in order
 */
record Room(Extent within, List<Extent> free) {
    /** For all but the logical partitions of a table. */
    static Room of(PartitionTable table) {
        return new Room(table.usable(), table.free());
    }
}
