package io.sluice.partition.table;

import io.sluice.partition.table.Finding.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds out which table a device has. */
final class TableReader {
    /** File systems whose own first block is in the place of an MBR. */
    private static final Set<String> BOOT_SECTORS = Set.of("vfat", "exfat", "ntfs");

    private final Blocks blocks;
    private final List<Finding> findings = new ArrayList<>();

    private TableReader(Blocks blocks) {
        this.blocks = blocks;
    }

    static PartitionTable read(Blocks blocks) throws IOException {
        return new TableReader(blocks).read();
    }

    private PartitionTable read() throws IOException {
        ByteBuffer first = blocks.read(0, 1);
        MbrSector mbr = MbrSector.get(first);
        boolean signed = MbrSector.isSigned(first) && mbr.hasLegalFlags();
        boolean protective = signed && mbr.isProtective();
        boolean otherTable = signed && !protective && mbr.hasData();
        GptCopies copies = GptCopies.read(blocks);
        GptCopy valid = copies.valid();
        if (valid == null && (protective || (copies.signed() && !otherTable))) {
            throw new PartitionTableException(
                    blocks.device(), "it has a GPT, and neither copy of it is sound: " + copies.faults());
        }
        Optional<FileSystem> found = FileSystemProbe.probe(blocks, Extent.between(0, blocks.blockCount() - 1));
        // A backup alone, beside something else, was forgotten by who made that.
        boolean current = copies.primary() != null || protective || !(otherTable || found.isPresent());
        if (valid != null && current) {
            return gpt(copies, valid, first);
        }
        if (valid != null) {
            findings.add(new Finding(
                    Problem.STALE_GPT,
                    "block " + valid.header().block() + " has the backup of a GPT that was there before"));
        }
        // The first block of a FAT or an NTFS has the signature, too; so may a boot loader in front of any file system.
        boolean bootSector =
                found.isPresent() && BOOT_SECTORS.contains(found.get().type());
        // Behind a table in the only block, nothing can be a partition.
        boolean room = blocks.blockCount() > 1;
        if (signed && room && !bootSector && (otherTable || found.isEmpty())) {
            return new MbrReader(blocks, mbr, findings).read();
        }
        if (found.isEmpty() && AhdiReader.isRoot(first, blocks.blockCount())) {
            return new AhdiReader(blocks, findings).read(first);
        }
        return none();
    }

    private PartitionTable gpt(GptCopies copies, GptCopy valid, ByteBuffer first) throws IOException {
        copies.report(blocks, findings);
        List<Partition> partitions = new GptEntries(valid, blocks.blockCount(), findings).partitions();
        ProtectiveMbr.check(blocks, first, partitions, findings);
        GptHeader header = valid.header();
        return new PartitionTable(
                blocks.device(),
                TableKind.GPT,
                Guids.text(header.diskGuid()),
                blocks.blockBytes(),
                blocks.blockCount(),
                Extent.between(header.firstUsable(), Math.min(header.lastUsable(), blocks.blockCount() - 1)),
                null,
                partitions,
                findings);
    }

    private PartitionTable none() {
        Extent all = Extent.between(0, blocks.blockCount() - 1);
        Partition whole = new Partition(0, 0, blocks.blockCount(), new PartitionType.Whole(), null, "", 0);
        return new PartitionTable(
                blocks.device(),
                TableKind.NONE,
                "",
                blocks.blockBytes(),
                blocks.blockCount(),
                all,
                null,
                List.of(whole),
                findings);
    }
}
