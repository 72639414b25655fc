package io.sluice.partition.table;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A partition of a device. It lies within the device: {@code firstBlock + blockCount} does not wrap and is at most the number of the device's blocks.
 *
 * @param number 1 and up as in the names that Linux gives: of GPT the place in the array; of MBR and AHDI 1 to 4 for those of the first sector and 5 and
 *     up for logical ones; 0 for the whole device
 * @param firstBlock first logical block, counted from the start of the device
 * @param blockCount number of logical blocks, at least 1
 * @param type what it is for
 * @param guid unique GUID of the partition (GPT); null where the table has none
 * @param name name of the partition (GPT), empty where there is none
 * @param attributes the 64 attribute bits of GPT; of MBR bit 2 (legacy BIOS bootable) when it is marked active; else 0
 */
public record Partition(
        int number,
        long firstBlock,
        long blockCount,
        PartitionType type,
        @Nullable UUID guid,
        String name,
        long attributes) {
    /** Attribute bit 2 of GPT: legacy BIOS bootable. */
    public static final long BOOTABLE = 1L << 2;

    public Partition {
        if (number < 0 || firstBlock < 0 || blockCount < 1 || firstBlock > Long.MAX_VALUE - blockCount) {
            throw new IllegalArgumentException(
                    "partition " + number + " of " + blockCount + " blocks at " + firstBlock + " cannot be");
        }
    }

    /** Last logical block. */
    public long lastBlock() {
        return firstBlock + blockCount - 1;
    }

    /** Its blocks. */
    public Extent extent() {
        return new Extent(firstBlock, blockCount);
    }
}
