package io.sluice.partition.table;

import io.sluice.partition.table.Finding.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What mends the chain of logical partitions of an MBR: one block, written at once. A record that lacks nothing but its signature gets that; otherwise the chain
 * ends with the last record that was found. The partitions that are known keep their numbers and places.
 *
 * @param block that is written
 * @param bytes of it
 * @param told what that does, in words
 */
record ChainRepair(long block, ByteBuffer bytes, String told) {
    /** Blocks of which one is read as something else. */
    private record Changed(Blocks blocks, long block, ByteBuffer bytes) implements Blocks {
        @Override
        public String device() {
            return blocks.device();
        }

        @Override
        public int blockBytes() {
            return blocks.blockBytes();
        }

        @Override
        public long blockCount() {
            return blocks.blockCount();
        }

        @Override
        public ByteBuffer read(long first, int count) throws IOException {
            ByteBuffer read = blocks.read(first, count);
            if (first <= block && block < first + count) {
                read.put((int) (block - first) * blockBytes(), bytes, 0, blockBytes());
            }
            return read;
        }

        @Override
        public void write(long first, ByteBuffer data) {
            throw new UnsupportedOperationException("only to be read");
        }

        @Override
        public void sync() {
            throw new UnsupportedOperationException("only to be read");
        }
    }

    static boolean isBroken(PartitionTable table) {
        return table.findings().stream().anyMatch(finding -> finding.problem() == Problem.CHAIN_BROKEN);
    }

    /**
     * Finds it.
     *
     * @param table whose chain is broken
     * @throws PartitionTableException when there is none that leaves everything else as it is
     */
    static ChainRepair of(Blocks blocks, PartitionTable table, ExtendedPartition extended) throws IOException {
        List<Long> records = extended.records();
        if (records.size() >= PartitionChain.MOST_RECORDS) {
            throw new PartitionTableException(
                    blocks.device(),
                    "the chain of logical partitions has more records than there are numbers, and those behind are not known;"
                            + " mend that with fdisk");
        }
        Long last = records.isEmpty() ? null : records.get(records.size() - 1);
        long next = last == null ? extended.extent().firstBlock() : next(blocks, extended, last);
        ChainRepair signed = records.contains(next) ? null : signed(blocks, extended, next);
        if (signed != null && signed.isSound(blocks, table)) {
            return signed;
        }
        ChainRepair cut = last == null ? empty(blocks, next) : cut(blocks, last, next);
        if (cut.isSound(blocks, table)) {
            return cut;
        }
        throw new PartitionTableException(
                blocks.device(),
                "the chain of logical partitions cannot be mended so that those that are known stay what they are; mend that"
                        + " with fdisk");
    }

    private static long next(Blocks blocks, ExtendedPartition extended, long last) throws IOException {
        MbrSector.Entry link =
                Objects.requireNonNull(MbrSector.get(blocks.read(last, 1)).link());
        return extended.extent().firstBlock() + link.start();
    }

    private static @Nullable ChainRepair signed(Blocks blocks, ExtendedPartition extended, long block)
            throws IOException {
        if (!extended.extent().contains(block)) {
            return null;
        }
        ByteBuffer bytes = blocks.read(block, 1);
        MbrSector sector = MbrSector.get(bytes);
        return sector.hasLegalFlags() && sector.isOneOfChain() && sector.logical() != null
                ? new ChainRepair(
                        block,
                        bytes.putShort(MbrSector.SIGNATURE_AT, MbrSector.SIGNATURE),
                        "the record of a logical partition in block " + block + " has its signature again")
                : null;
    }

    private static ChainRepair empty(Blocks blocks, long block) {
        ByteBuffer bytes = ByteBuffer.allocate(blocks.blockBytes()).order(ByteOrder.LITTLE_ENDIAN);
        return new ChainRepair(
                block,
                bytes.putShort(MbrSector.SIGNATURE_AT, MbrSector.SIGNATURE),
                "the chain of logical partitions has an empty record in block " + block
                        + ", where there was none; no partition was known");
    }

    private static ChainRepair cut(Blocks blocks, long last, long next) throws IOException {
        ByteBuffer bytes = blocks.read(last, 1);
        List<MbrSector.Entry> entries = MbrSector.get(bytes).entries();
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i).isExtended()) {
                bytes.put(MbrSector.ENTRIES_AT + i * MbrSector.ENTRY_BYTES, new byte[MbrSector.ENTRY_BYTES]);
            }
        }
        return new ChainRepair(
                last,
                bytes,
                "the chain of logical partitions ends with the record in block " + last + ", which led to block " + next
                        + "; what else may have been behind it is not known, and its place counts as free");
    }

    private boolean isSound(Blocks blocks, PartitionTable before) throws IOException {
        PartitionTable after = TableReader.read(new Changed(blocks, block, bytes));
        return !isBroken(after)
                && refused(after) <= refused(before)
                && after.partitions().containsAll(before.partitions());
    }

    private static long refused(PartitionTable table) {
        return table.findings().stream()
                .filter(finding -> finding.problem() == Problem.PARTITION_REFUSED)
                .count();
    }

    WritePlan plan() {
        return new WritePlan().stage().write(block, bytes);
    }
}
