package io.sluice.partition.table;

import java.util.List;

/**
 * The partition that holds the logical ones of an MBR or AHDI. It is not among the partitions of its table: nobody has its blocks as a whole.
 *
 * @param partition its number, place and type
 * @param records blocks of the records of its chain, in their order; each says where a logical partition is, and which record is next
 */
public record ExtendedPartition(Partition partition, List<Long> records) {
    public ExtendedPartition {
        records = List.copyOf(records);
    }

    /** Its blocks. */
    public Extent extent() {
        return partition.extent();
    }

    /** Whether a partition is a logical one of it. */
    public boolean holds(Partition other) {
        return other.number() >= PartitionChain.FIRST_NUMBER && extent().contains(other.extent());
    }
}
