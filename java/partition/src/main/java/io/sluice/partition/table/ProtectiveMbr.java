package io.sluice.partition.table;

import io.sluice.partition.table.Finding.Problem;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** The MBR beside a GPT: UEFI specification 2.10, section 5.2.3. */
final class ProtectiveMbr {
    private static final long MOST_COUNT = 0xffffffffL;

    private ProtectiveMbr() {}

    /**
     * Compares the MBR with a GPT that is sound.
     *
     * @param partitions of the GPT
     * @throws PartitionTableException when the MBR has a partition of its own
     */
    static void check(Blocks blocks, ByteBuffer sector, List<Partition> partitions, List<Finding> findings)
            throws PartitionTableException {
        MbrSector mbr = MbrSector.get(sector);
        boolean signed = MbrSector.isSigned(sector) && mbr.hasLegalFlags();
        if (!signed || !(mbr.isProtective() || mbr.hasData())) {
            findings.add(new Finding(
                    Problem.PROTECTIVE_MBR_MISSING,
                    "there is no protective MBR in block 0, so that other programs may take the device for empty;"
                            + " 'repair' writes one"));
            return;
        }
        for (int i = 0; i < MbrSector.ENTRY_COUNT; i++) {
            MbrSector.Entry entry = mbr.entries().get(i);
            if (!entry.isUsed() || entry.isProtective()) {
                continue;
            }
            if (!mbr.isProtective() || !isAmong(partitions, entry)) {
                throw new PartitionTableException(
                        blocks.device(),
                        "the device has two tables that contradict each other: the GPT, and an MBR whose partition "
                                + (i + 1) + " (type 0x" + Integer.toHexString(entry.type()) + ", " + entry.count()
                                + " blocks at " + entry.start()
                                + ") is none of the GPT's; remove the one that is out of date with a program that made it"
                                + " (sgdisk --zap, or wipefs)");
            }
        }
        if (mbr.hasData()) {
            findings.add(new Finding(
                    Problem.HYBRID_MBR, "the MBR is a hybrid: it has partitions of the GPT as its own, too"));
        } else {
            checkSize(blocks, mbr, findings);
        }
    }

    private static boolean isAmong(List<Partition> partitions, MbrSector.Entry entry) {
        return partitions.stream()
                .anyMatch(partition ->
                        partition.firstBlock() == entry.start() && partition.blockCount() == entry.count());
    }

    private static void checkSize(Blocks blocks, MbrSector mbr, List<Finding> findings) {
        MbrSector.Entry entry = mbr.entries().stream()
                .filter(MbrSector.Entry::isProtective)
                .findFirst()
                .orElseThrow();
        long wanted = Math.min(blocks.blockCount() - 1, MOST_COUNT);
        if (entry.start() != 1 || (entry.count() != wanted && entry.count() != MOST_COUNT)) {
            findings.add(new Finding(
                    Problem.PROTECTIVE_MBR_SIZE,
                    "the protective MBR covers " + entry.count() + " blocks from block " + entry.start()
                            + ", where it should be " + wanted + " from block 1; 'repair' corrects it"));
        }
    }

    /**
     * A protective MBR in the place of what was in the block. The code of a boot loader, and all behind the record, stay.
     *
     * @param before block 0 as it was
     */
    static ByteBuffer over(ByteBuffer before, long blockCount) {
        ByteBuffer block = ByteBuffer.allocate(before.limit()).order(ByteOrder.LITTLE_ENDIAN);
        block.put(0, before, 0, before.limit());
        for (int at = MbrSector.DISK_SIGNATURE_AT; at < MbrSector.SIGNATURE_AT; at++) {
            block.put(at, (byte) 0);
        }
        int at = MbrSector.ENTRIES_AT;
        // Cylinder, head and sector: of the second sector, and "larger than that can say".
        block.put(at + 2, (byte) 2).put(at + 4, (byte) MbrSector.PROTECTIVE);
        block.put(at + 5, (byte) 0xff).put(at + 6, (byte) 0xff).put(at + 7, (byte) 0xff);
        block.putInt(at + 8, 1).putInt(at + 12, (int) Math.min(blockCount - 1, MOST_COUNT));
        return block.putShort(MbrSector.SIGNATURE_AT, MbrSector.SIGNATURE);
    }
}
