package io.sluice.partition.table;

import io.sluice.block.BlockDevice;
import io.sluice.block.BlockSession;
import io.sluice.block.SessionOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Partition table of a device, as it was when it was read. Every partition lies within the device and none shares a block with another; entries of
 * which that is not true are not among them, but among the findings.
 *
 * @param device name of the device
 * @param kind which kind of table
 * @param id what identifies the table: the disk GUID of GPT, the disk signature of MBR such as {@code 0x1a2b3c4d}; empty where there is none
 * @param blockBytes size of a logical block, bytes
 * @param blockCount logical blocks of the device
 * @param usable where partitions may be
 * @param extended what holds the logical partitions of an MBR; null where there is none
 * @param partitions in the order of their numbers
 * @param findings what is not as it should be
 */
public record PartitionTable(
        String device,
        TableKind kind,
        String id,
        int blockBytes,
        long blockCount,
        Extent usable,
        @Nullable ExtendedPartition extended,
        List<Partition> partitions,
        List<Finding> findings) {
    private static final int BUFFER_BYTES = 64 << 10;

    public PartitionTable {
        partitions = List.copyOf(partitions);
        findings = List.copyOf(findings);
    }

    /**
     * Reads the table of a device over a session of its own. Writes nothing.
     *
     * @throws PartitionTableException when the device has a table that cannot be used: no copy of a GPT is sound, or an MBR contradicts a GPT
     * @throws IOException when the device cannot be read
     */
    public static PartitionTable read(BlockDevice device) throws IOException {
        int buffer = Math.max(BUFFER_BYTES, device.geometry().blockBytes());
        SessionOptions options =
                SessionOptions.defaults().bufferBytes(buffer).queueDepth(1).label("partition table");
        try (BlockSession session = device.open(options)) {
            return TableReader.read(new SessionBlocks(device.name(), session));
        }
    }

    /**
     * Reads a table over a session, by the thread that owns it. Writes nothing, but overwrites the session's buffer.
     *
     * @param session its window is the device; no operation is in flight
     * @throws PartitionTableException when the device has a table that cannot be used: no copy of a GPT is sound, or an MBR contradicts a GPT
     * @throws IOException when the device cannot be read
     */
    public static PartitionTable read(BlockSession session) throws IOException {
        return TableReader.read(new SessionBlocks(session.toString(), session));
    }

    /** The partition of a number. */
    public Optional<Partition> partition(int number) {
        return partitions.stream()
                .filter(partition -> partition.number() == number)
                .findFirst();
    }

    /** The partition of a number, the extended one, too. */
    Optional<Partition> entry(int number) {
        return withExtended().stream()
                .filter(partition -> partition.number() == number)
                .findFirst();
    }

    /** The partitions and the extended one, which is none of them, in the order of their numbers. */
    public List<Partition> withExtended() {
        if (extended == null) {
            return partitions;
        }
        List<Partition> all = new ArrayList<>(partitions);
        all.add(extended.partition());
        all.sort(Comparator.comparingInt(Partition::number));
        return all;
    }

    /** Whether something of the table is lost or in danger. */
    public boolean isDamaged() {
        return findings.stream().anyMatch(finding -> finding.problem().isDamage());
    }

    /**
     * How many blocks behind a partition, a logical or the extended one, too, belong to nobody, up to the next partition, the next record of a chain, or
     * the end of what is usable.
     */
    public long freeAfter(Partition partition) {
        ExtendedPartition holder = extended != null && extended.holds(partition) ? extended : null;
        Extent within = holder == null ? usable : holder.extent();
        long next = within.lastBlock() + 1;
        for (Partition other : partitions) {
            if (other.firstBlock() > partition.lastBlock()) {
                next = Math.min(next, other.firstBlock());
            }
        }
        for (long taken : holder == null ? starts(extended) : holder.records()) {
            if (taken > partition.lastBlock()) {
                next = Math.min(next, taken);
            }
        }
        return Math.max(0, next - partition.lastBlock() - 1);
    }

    private static List<Long> starts(@Nullable ExtendedPartition extended) {
        return extended == null ? List.of() : List.of(extended.extent().firstBlock());
    }

    /** Blocks within {@link #usable} that no partition has, in their order. An extended partition counts as taken, whatever is free in it. */
    public List<Extent> free() {
        List<Extent> taken = new ArrayList<>();
        partitions.forEach(partition -> taken.add(partition.extent()));
        if (extended != null) {
            taken.add(extended.extent());
        }
        return usable.without(taken);
    }
}
