package io.sluice.partition.table;

import io.sluice.partition.table.Finding.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes partitions of a master boot record and the chain in its extended partition. */
final class MbrReader {
    private final Blocks blocks;
    private final MbrSector sector;
    private final List<Finding> findings;

    MbrReader(Blocks blocks, MbrSector sector, List<Finding> findings) {
        this.blocks = blocks;
        this.sector = sector;
        this.findings = findings;
    }

    PartitionTable read() throws IOException {
        List<Partition> first = Overlaps.refuse(primaries(), findings);
        List<Partition> partitions = new ArrayList<>();
        Partition extended = null;
        for (Partition partition : first) {
            if (!sector.entries().get(partition.number() - 1).isExtended()) {
                partitions.add(partition);
            } else if (extended == null) {
                extended = partition;
            } else {
                findings.add(new Finding(
                        Problem.PARTITION_REFUSED,
                        "partition " + partition.number() + " is a second extended partition; it is left out"));
            }
        }
        ExtendedPartition holder = null;
        if (extended != null) {
            PartitionChain chain = new PartitionChain(extended.extent(), this::link, findings);
            partitions.addAll(chain.follow());
            holder = new ExtendedPartition(extended, chain.found());
        }
        return new PartitionTable(
                blocks.device(),
                TableKind.MBR,
                sector.id(),
                blocks.blockBytes(),
                blocks.blockCount(),
                usable(blocks.blockCount()),
                holder,
                partitions,
                findings);
    }

    /** What an MBR can name, without its own block, of a device that has another one. */
    static Extent usable(long blockCount) {
        return Extent.between(1, Math.min(blockCount, 1L << 32) - 1);
    }

    private List<Partition> primaries() {
        List<Partition> primaries = new ArrayList<>();
        for (int i = 0; i < MbrSector.ENTRY_COUNT; i++) {
            MbrSector.Entry entry = sector.entries().get(i);
            if (!entry.isUsed()) {
                continue;
            }
            // Both terms are below 2^32.
            if (entry.start() == 0 || entry.start() + entry.count() > blocks.blockCount()) {
                findings.add(new Finding(
                        Problem.PARTITION_REFUSED,
                        "partition " + (i + 1) + " of " + entry.count() + " blocks at " + entry.start() + " is not"
                                + " within the device of " + blocks.blockCount() + " blocks; it is left out"));
                continue;
            }
            primaries.add(new Partition(
                    i + 1,
                    entry.start(),
                    entry.count(),
                    new PartitionType.Mbr(entry.type()),
                    null,
                    "",
                    attributes(entry)));
        }
        return primaries;
    }

    private static long attributes(MbrSector.Entry entry) {
        return entry.flag() == MbrSector.ACTIVE ? Partition.BOOTABLE : 0;
    }

    private PartitionChain.@Nullable Link link(long block) throws IOException {
        ByteBuffer bytes = blocks.read(block, 1);
        if (!MbrSector.isSigned(bytes)) {
            return null;
        }
        MbrSector.Entry data = MbrSector.get(bytes).logical();
        MbrSector.Entry next = MbrSector.get(bytes).link();
        return new PartitionChain.Link(
                data == null ? null : new PartitionType.Mbr(data.type()),
                data == null ? 0 : data.start(),
                data == null ? 0 : data.count(),
                data == null ? 0 : attributes(data),
                next == null ? PartitionChain.Link.NONE : next.start());
    }
}
