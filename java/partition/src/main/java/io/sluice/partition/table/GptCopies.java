package io.sluice.partition.table;

import io.sluice.partition.table.Finding.Problem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a device has of a GPT: the primary copy at its start, the backup at its end.
 *
 * @param primary null when it is damaged or not there
 * @param backup null when it is damaged or not there
 * @param signed whether the primary's place begins as a header does, sound or not
 * @param primaryFaults what is wrong with the primary
 * @param backupFaults what is wrong with the backup
 */
record GptCopies(
        @Nullable GptCopy primary,
        @Nullable GptCopy backup,
        boolean signed,
        List<String> primaryFaults,
        List<String> backupFaults) {
    static final long PRIMARY_BLOCK = 1;
    /** The protective MBR, two headers, two arrays of a block each and a block for a partition. */
    static final long LEAST_BLOCKS = 6;

    /** Reads both. */
    static GptCopies read(Blocks blocks) throws IOException {
        List<String> primaryFaults = new ArrayList<>();
        List<String> backupFaults = new ArrayList<>();
        if (blocks.blockCount() < LEAST_BLOCKS) {
            primaryFaults.add("the device has " + blocks.blockCount() + " blocks, too few for a GPT");
            return new GptCopies(null, null, false, primaryFaults, backupFaults);
        }
        long end = blocks.blockCount() - 1;
        boolean signed = GptHeader.isSigned(blocks.read(PRIMARY_BLOCK, 1));
        GptCopy primary = GptCopy.read(blocks, PRIMARY_BLOCK, primaryFaults);
        if (primary != null && !endsWell(primary.header(), end)) {
            primaryFaults.add("header in block 1: partitions from block "
                    + primary.header().firstUsable() + " to " + primary.header().lastUsable()
                    + ", behind the backup or the end of the device");
            primary = null;
        }
        GptCopy backup = null;
        if (primary != null && isElsewhere(primary.header().otherBlock(), end)) {
            backup = readBackup(blocks, primary.header().otherBlock(), backupFaults);
        }
        if (backup == null) {
            backup = readBackup(blocks, end, backupFaults);
        }
        return new GptCopies(primary, backup, signed, primaryFaults, backupFaults);
    }

    // Beyond the end of the device is only right for what was written when the device was larger.
    private static boolean endsWell(GptHeader header, long end) {
        return header.firstUsable() <= end && Long.compareUnsigned(header.lastUsable(), header.otherBlock()) < 0;
    }

    private static boolean isElsewhere(long block, long end) {
        return block > PRIMARY_BLOCK && block < end;
    }

    private static @Nullable GptCopy readBackup(Blocks blocks, long block, List<String> faults) throws IOException {
        GptCopy copy = GptCopy.read(blocks, block, faults);
        if (copy != null && copy.header().lastUsable() >= block) {
            faults.add("header in block " + block + ": partitions up to block "
                    + copy.header().lastUsable() + ", where the header itself is");
            return null;
        }
        return copy;
    }

    /** The copy that counts: the primary where it is sound. */
    @Nullable
    GptCopy valid() {
        return primary != null ? primary : backup;
    }

    /** Whether what one copy is made of is also the other's. */
    private boolean sharesBlocks(int blockBytes) {
        GptHeader first = Objects.requireNonNull(primary).header();
        GptHeader second = Objects.requireNonNull(backup).header();
        Extent firstArray = new Extent(first.entriesBlock(), first.arrayBlocks(blockBytes));
        Extent secondArray = new Extent(second.entriesBlock(), second.arrayBlocks(blockBytes));
        return firstArray.overlaps(secondArray) || firstArray.overlaps(new Extent(second.block(), 1));
    }

    /** What is wrong with both, for a message. */
    String faults() {
        return String.join("; ", primaryFaults) + "; backup: " + String.join("; ", backupFaults);
    }

    /** Tells what is wrong though one of them is sound. */
    void report(Blocks blocks, List<Finding> findings) {
        long end = blocks.blockCount() - 1;
        if (primary == null) {
            findings.add(new Finding(
                    Problem.PRIMARY_DAMAGED,
                    "the first copy of the GPT is damaged (" + String.join("; ", primaryFaults)
                            + "); this is the backup's table, and 'repair' restores the first copy from it"));
            return;
        }
        GptHeader header = primary.header();
        if (header.lastUsable() > end) {
            findings.add(new Finding(
                    Problem.DEVICE_SHRANK,
                    "the GPT was made for a device that ends at block " + Long.toUnsignedString(header.otherBlock())
                            + "; this one ends at block " + end));
        }
        if (backup == null) {
            findings.add(new Finding(
                    Problem.BACKUP_DAMAGED,
                    "the backup of the GPT is damaged (" + String.join("; ", backupFaults)
                            + "); 'repair' writes it anew from the first copy"));
        } else if (sharesBlocks(blocks.blockBytes())) {
            findings.add(new Finding(
                    Problem.BACKUP_DAMAGED,
                    "the backup of the GPT has blocks of the first copy as its own; 'repair' gives it others"));
        } else if (!header.describesSame(backup.header())
                || backup.header().otherBlock() != PRIMARY_BLOCK
                || backup.header().block() != header.otherBlock()) {
            findings.add(new Finding(
                    Problem.COPIES_DIFFER,
                    "the backup of the GPT in block " + backup.header().block()
                            + " is sound but says something else than the first copy, which counts; 'repair' makes it"
                            + " the same"));
        }
        if (header.otherBlock() < end && header.otherBlock() > PRIMARY_BLOCK) {
            findings.add(new Finding(
                    Problem.DEVICE_GREW,
                    "the backup of the GPT is in block " + header.otherBlock() + " and not in the last one, " + end
                            + ": the device grew; 'repair' moves it to the end and makes the new blocks usable"));
        }
    }
}
