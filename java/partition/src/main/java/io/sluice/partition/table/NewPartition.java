package io.sluice.partition.table;

import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A partition to be made. Immutable; the methods return changed copies.
 *
 * <p>The defaults: the lowest number that is free, in the largest extent that is free, all of it, aligned, no name, a random GUID.
 *
 * @param type what it is for, of the kind of the table
 * @param number 0 = the lowest that is free
 * @param firstBlock 0 = the first aligned one of the largest free extent
 * @param blockCount logical blocks; 0 = up to the last aligned block of the free extent
 * @param alignBlocks what {@code firstBlock} must be a multiple of, logical blocks; 0 = what suits the device and is at least 1 MiB
 * @param logical of MBR alone: whether it is to be a logical one, in the extended partition. So is one with a number from 5, one that begins there, and one
 *     for which none of the other four numbers or no other place is free
 * @param name of GPT alone
 * @param guid of GPT alone; null = a random one
 */
public record NewPartition(
        PartitionType type,
        int number,
        long firstBlock,
        long blockCount,
        long alignBlocks,
        boolean logical,
        String name,
        @Nullable UUID guid) {
    public NewPartition {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(name, "name");
        if (number < 0 || firstBlock < 0 || blockCount < 0 || alignBlocks < 0) {
            throw new IllegalArgumentException("partition " + number + " of " + blockCount + " blocks at " + firstBlock
                    + ", aligned to " + alignBlocks + ": none of them can be negative");
        }
    }

    /** The defaults of the class description. */
    public static NewPartition of(PartitionType type) {
        return new NewPartition(type, 0, 0, 0, 0, false, "", null);
    }

    /** Its number, from 1. */
    public NewPartition number(int value) {
        return new NewPartition(type, value, firstBlock, blockCount, alignBlocks, logical, name, guid);
    }

    /** Its first logical block. */
    public NewPartition firstBlock(long value) {
        return new NewPartition(type, number, value, blockCount, alignBlocks, logical, name, guid);
    }

    /** Its number of logical blocks. */
    public NewPartition blockCount(long value) {
        return new NewPartition(type, number, firstBlock, value, alignBlocks, logical, name, guid);
    }

    /** What its first block must be a multiple of, logical blocks. */
    public NewPartition alignBlocks(long value) {
        return new NewPartition(type, number, firstBlock, blockCount, value, logical, name, guid);
    }

    /** Whether it is to be a logical one. */
    public NewPartition logical(boolean value) {
        return new NewPartition(type, number, firstBlock, blockCount, alignBlocks, value, name, guid);
    }

    /** Its name. */
    public NewPartition name(String value) {
        return new NewPartition(type, number, firstBlock, blockCount, alignBlocks, logical, value, guid);
    }

    /** Its unique GUID. */
    public NewPartition guid(UUID value) {
        return new NewPartition(type, number, firstBlock, blockCount, alignBlocks, logical, name, value);
    }
}
