package io.sluice.partition.table;

import io.sluice.partition.table.Finding.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes partitions of the root sector of Atari's hard-disk interface, version 3.00: four entries of a flag, three characters and two big-endian
 * numbers, and chains of root sectors in partitions of the type XGM. It has no signature: what is taken for one has an entry in use, and none that
 * makes no sense.
 */
final class AhdiReader {
    private static final int ENTRY_COUNT = 4;
    private static final int ENTRIES_AT = 0x1c6;
    private static final int ENTRY_BYTES = 12;
    private static final int EXISTS = 1;
    private static final int ACTIVE = 0x80;
    private static final String EXTENDED = "XGM";

    /**
     * An entry. Numbers are from 0 up, and unchecked.
     *
     * @param id what the partition is for
     * @param start first sector
     * @param count number of sectors
     */
    private record Entry(int flag, String id, long start, long count) {
        static Entry get(ByteBuffer sector, int index) {
            int at = ENTRIES_AT + index * ENTRY_BYTES;
            byte[] id = new byte[3];
            sector.get(at + 1, id);
            return new Entry(
                    sector.get(at) & 0xff,
                    new String(id, StandardCharsets.ISO_8859_1),
                    Integer.toUnsignedLong(sector.getInt(at + 4)),
                    Integer.toUnsignedLong(sector.getInt(at + 8)));
        }

        boolean exists() {
            return (flag & EXISTS) != 0;
        }

        boolean isExtended() {
            return exists() && id.equals(EXTENDED);
        }

        long attributes() {
            return (flag & ACTIVE) != 0 ? Partition.BOOTABLE : 0;
        }

        boolean makesSense(long blockCount) {
            return id.chars().allMatch(c -> (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
                    && start > 0
                    && count > 0
                    && start + count <= blockCount;
        }
    }

    private final Blocks blocks;
    private final List<Finding> findings;

    AhdiReader(Blocks blocks, List<Finding> findings) {
        this.blocks = blocks;
        this.findings = findings;
    }

    private static ByteBuffer bigEndian(ByteBuffer sector) {
        return sector.duplicate().order(ByteOrder.BIG_ENDIAN);
    }

    /** Whether the first block of a device is such a sector. */
    static boolean isRoot(ByteBuffer block, long blockCount) {
        // Sectors of 512 bytes are all that it knows.
        if (block.limit() != 512) {
            return false;
        }
        boolean any = false;
        for (int i = 0; i < ENTRY_COUNT; i++) {
            Entry entry = Entry.get(bigEndian(block), i);
            if (entry.exists()) {
                any = true;
                if (!entry.makesSense(blockCount)) {
                    return false;
                }
            }
        }
        return any;
    }

    /** Reads a table whose first block is one. */
    PartitionTable read(ByteBuffer root) throws IOException {
        List<Partition> entries = new ArrayList<>();
        for (int i = 0; i < ENTRY_COUNT; i++) {
            Entry entry = Entry.get(bigEndian(root), i);
            if (entry.exists()) {
                entries.add(new Partition(
                        i + 1,
                        entry.start(),
                        entry.count(),
                        new PartitionType.Ahdi(entry.id()),
                        null,
                        "",
                        entry.attributes()));
            }
        }
        List<Partition> partitions = new ArrayList<>();
        Partition extended = null;
        for (Partition partition : Overlaps.refuse(entries, findings)) {
            if (!partition.type().code().equals(EXTENDED)) {
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
                TableKind.AHDI,
                "",
                blocks.blockBytes(),
                blocks.blockCount(),
                MbrReader.usable(blocks.blockCount()),
                holder,
                partitions,
                findings);
    }

    // The first entry is the partition, the second one the link.
    private PartitionChain.@Nullable Link link(long block) throws IOException {
        ByteBuffer sector = bigEndian(blocks.read(block, 1));
        Entry data = Entry.get(sector, 0);
        Entry next = Entry.get(sector, 1);
        if (!data.exists() || data.isExtended()) {
            return null;
        }
        return new PartitionChain.Link(
                new PartitionType.Ahdi(data.id()),
                data.start(),
                data.count(),
                data.attributes(),
                next.isExtended() ? next.start() : PartitionChain.Link.NONE);
    }
}
