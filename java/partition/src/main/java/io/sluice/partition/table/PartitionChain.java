package io.sluice.partition.table;

import io.sluice.partition.table.Finding.Problem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Follows a chain of records, each with a logical partition and a link to the next record, as MBR and AHDI have them in an extended partition. It ends
 * where the chain comes back to a record, leaves the extended partition, or has more records than anybody needs.
 */
final class PartitionChain {
    /** Number of the first logical partition. */
    static final int FIRST_NUMBER = 5;
    /** Most records: the largest number of a partition becomes 255. */
    static final int MOST_RECORDS = 251;

    /**
     * What a record says. Numbers are from 0 up and below 2^32.
     *
     * @param type of its partition; null when it has none
     * @param start of the partition, counted from the record
     * @param count blocks of the partition
     * @param attributes of the partition
     * @param next the next record, counted from the start of the extended partition; {@link #NONE} when this is the last one
     */
    record Link(@Nullable PartitionType type, long start, long count, long attributes, long next) {
        static final long NONE = -1;
    }

    /** Reads records. */
    interface Records {
        /** The record in a block; null when there is none, so that the chain is broken. */
        @Nullable
        Link read(long block) throws IOException;
    }

    private final Extent extended;
    private final Records records;
    private final List<Finding> findings;
    private final Set<Long> visited = new HashSet<>();
    private final List<Long> found = new ArrayList<>();
    private final List<Partition> partitions = new ArrayList<>();

    PartitionChain(Extent extended, Records records, List<Finding> findings) {
        this.extended = extended;
        this.records = records;
        this.findings = findings;
    }

    /** Follows the chain to its end. */
    List<Partition> follow() throws IOException {
        long block = extended.firstBlock();
        int number = FIRST_NUMBER;
        while (true) {
            if (!visited.add(block)) {
                return end("comes back to block " + block);
            }
            if (visited.size() > MOST_RECORDS) {
                return end("has more than " + MOST_RECORDS + " records");
            }
            Link link = records.read(block);
            if (link == null) {
                return end("has no record in block " + block);
            }
            found.add(block);
            if (link.type() != null) {
                add(number++, block, link, link.type());
            }
            if (link.next() == Link.NONE) {
                return checked();
            }
            if (link.next() >= extended.blockCount()) {
                return end("leaves the extended partition after block " + block);
            }
            block = extended.firstBlock() + link.next();
        }
    }

    /** Blocks of the records that were found, in the order of the chain. */
    List<Long> found() {
        return found;
    }

    private List<Partition> end(String why) {
        findings.add(new Finding(
                Problem.CHAIN_BROKEN, "the chain of logical partitions " + why + "; what follows there is not known"));
        return checked();
    }

    private void add(int number, long block, Link link, PartitionType type) {
        Extent extent = new Extent(block + link.start(), Math.max(1, link.count()));
        if (link.start() == 0 || link.count() == 0 || !extended.contains(extent)) {
            refuse(number, link.count() + " blocks at " + extent.firstBlock(), "not within the extended partition");
            return;
        }
        partitions.add(
                new Partition(number, extent.firstBlock(), extent.blockCount(), type, null, "", link.attributes()));
    }

    // Who may write a record may give himself his neighbour's blocks.
    private List<Partition> checked() {
        List<Partition> clear = new ArrayList<>();
        for (Partition partition : partitions) {
            boolean overRecord =
                    visited.stream().anyMatch(block -> partition.extent().contains(block));
            if (overRecord) {
                refuse(
                        partition.number(),
                        "blocks " + partition.firstBlock() + " to " + partition.lastBlock(),
                        "over a record of the chain");
            } else {
                clear.add(partition);
            }
        }
        return Overlaps.refuse(clear, findings);
    }

    private void refuse(int number, String where, String why) {
        findings.add(new Finding(
                Problem.PARTITION_REFUSED,
                "logical partition " + number + " (" + where + ") is " + why + "; it is left out"));
    }
}
