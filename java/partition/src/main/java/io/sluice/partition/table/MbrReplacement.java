package io.sluice.partition.table;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A new MBR in the place of whatever was there. */
final class MbrReplacement {
    private final Blocks blocks;

    MbrReplacement(Blocks blocks) {
        this.blocks = blocks;
    }

    /**
     * As long as a header of a GPT is left, that counts: an MBR without partitions is not meant against it. So the first block is written first, and
     * then the headers are wiped, the backup's last; and only then what they speak of, and what marks a file system.
     *
     * @throws PartitionTableException when the device has no block behind the table
     */
    WritePlan plan() throws IOException {
        if (blocks.blockCount() < 2) {
            throw new PartitionTableException(
                    blocks.device(), "a device of 1 block has no room for a partition behind an MBR");
        }
        WritePlan plan = new WritePlan();
        int blockBytes = blocks.blockBytes();
        List<Long> backups = backups();
        plan.stage().write(0, MbrDraft.empty(blockBytes));
        plan.stage().write(GptCopies.PRIMARY_BLOCK, ByteBuffer.allocate(blockBytes));
        for (long backup : backups) {
            plan.stage().write(backup, ByteBuffer.allocate(blockBytes));
        }
        long behind = GptCopies.PRIMARY_BLOCK + 1;
        long end = Math.min(blocks.blockCount(), FileSystemProbe.SIGNATURES_BYTES / blockBytes);
        if (end > behind) {
            plan.stage().write(behind, ByteBuffer.allocate((int) (end - behind) * blockBytes));
        }
        return plan;
    }

    private List<Long> backups() throws IOException {
        long end = blocks.blockCount() - 1;
        List<Long> found = new ArrayList<>();
        if (end > GptCopies.PRIMARY_BLOCK) {
            GptCopies copies = GptCopies.read(blocks);
            if (copies.backup() != null && copies.backup().header().block() != end) {
                found.add(copies.backup().header().block());
            }
            if (GptHeader.isSigned(blocks.read(end, 1))) {
                found.add(end);
            }
        }
        return found;
    }
}
