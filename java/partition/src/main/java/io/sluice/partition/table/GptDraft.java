package io.sluice.partition.table;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A GPT that is being changed. */
final class GptDraft implements TableDraft {
    private static final int NEW_ENTRY_COUNT = 128;

    private final Blocks blocks;
    private final ByteBuffer array;
    private GptHeader primary;
    private GptHeader backup;
    /** Which copy is read until the other one is written. */
    private final boolean backupCounts;
    /** What block 0 is to be; null when it stays. */
    private @Nullable ByteBuffer mbr;

    private boolean wipesSignatures;

    private GptDraft(Blocks blocks, ByteBuffer array, GptHeader primary, GptHeader backup, boolean backupCounts) {
        this.blocks = blocks;
        this.array = array;
        this.primary = primary;
        this.backup = backup;
        this.backupCounts = backupCounts;
    }

    /** Of a table both copies of which are sound and the same. */
    static GptDraft of(Blocks blocks, GptCopies copies) {
        GptCopy primary = Objects.requireNonNull(copies.primary());
        return new GptDraft(
                blocks,
                copied(primary),
                primary.header(),
                Objects.requireNonNull(copies.backup()).header(),
                false);
    }

    /**
     * Of a table one copy of which is sound, laid out for the device as it is.
     *
     * @throws PartitionTableException when a partition is not within what is left of the device
     */
    static GptDraft fitted(Blocks blocks, GptCopies copies) throws PartitionTableException {
        GptCopy valid = Objects.requireNonNull(copies.valid());
        GptHeader header = valid.header();
        int arrayBlocks = header.arrayBlocks(blocks.blockBytes());
        long end = blocks.blockCount() - 1;
        boolean fromPrimary = copies.primary() != null;
        // The array of the primary has its place; of a backup, only the usual one is sure to be free.
        long entries = fromPrimary ? header.entriesBlock() : GptCopies.PRIMARY_BLOCK + 1;
        long lastUsable = end - arrayBlocks - 1;
        if (entries + arrayBlocks > header.firstUsable() || lastUsable < header.firstUsable()) {
            throw new PartitionTableException(
                    blocks.device(),
                    "there is no room for both copies of the GPT's " + header.entryCount() + " entries around block "
                            + header.firstUsable() + ", where partitions begin");
        }
        return new GptDraft(
                blocks,
                copied(valid),
                layout(header, GptCopies.PRIMARY_BLOCK, end, entries, lastUsable),
                layout(header, end, GptCopies.PRIMARY_BLOCK, lastUsable + 1, lastUsable),
                !fromPrimary);
    }

    /**
     * A new one, without partitions, whatever was there before.
     *
     * @param backupCounts whether what was there before is the backup of another GPT
     * @throws PartitionTableException when the device is too small
     */
    static GptDraft empty(Blocks blocks, boolean backupCounts) throws PartitionTableException {
        ByteBuffer array = ByteBuffer.allocate(NEW_ENTRY_COUNT * GptHeader.LEAST_ENTRY_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        int arrayBlocks = (array.limit() + blocks.blockBytes() - 1) / blocks.blockBytes();
        long end = blocks.blockCount() - 1;
        long firstUsable = GptCopies.PRIMARY_BLOCK + 1 + arrayBlocks;
        long lastUsable = end - arrayBlocks - 1;
        if (lastUsable < firstUsable) {
            throw new PartitionTableException(
                    blocks.device(),
                    "a device of " + blocks.blockCount() + " blocks has no room for a GPT, which takes "
                            + (3 + 2L * arrayBlocks));
        }
        GptHeader header = new GptHeader(
                GptHeader.LEAST_BYTES,
                GptCopies.PRIMARY_BLOCK,
                end,
                firstUsable,
                lastUsable,
                UUID.randomUUID(),
                GptCopies.PRIMARY_BLOCK + 1,
                NEW_ENTRY_COUNT,
                GptHeader.LEAST_ENTRY_BYTES,
                0);
        GptDraft draft = new GptDraft(
                blocks,
                array,
                header,
                layout(header, end, GptCopies.PRIMARY_BLOCK, lastUsable + 1, lastUsable),
                backupCounts);
        ByteBuffer nothing = ByteBuffer.allocate(blocks.blockBytes());
        draft.mbr = ProtectiveMbr.over(nothing, blocks.blockCount());
        draft.wipesSignatures = true;
        return draft;
    }

    private static ByteBuffer copied(GptCopy copy) {
        ByteBuffer array = ByteBuffer.allocate(copy.header().arrayBytes()).order(ByteOrder.LITTLE_ENDIAN);
        return array.put(0, copy.array(), 0, array.limit());
    }

    private static GptHeader layout(GptHeader of, long block, long other, long entries, long lastUsable) {
        return new GptHeader(
                of.headerBytes(),
                block,
                other,
                of.firstUsable(),
                lastUsable,
                of.diskGuid(),
                entries,
                of.entryCount(),
                of.entryBytes(),
                of.entriesCrc());
    }

    /** Replaces block 0. */
    void mbr(ByteBuffer sector) {
        mbr = sector;
    }

    /**
     * Refuses a table with a partition outside of what is usable.
     *
     * @param otherwise what else there is to do about it
     */
    void requireUsable(String otherwise) throws PartitionTableException {
        for (int number = 1; number <= mostNumber(); number++) {
            GptEntry entry = entry(number);
            if (entry.isUsed() && Long.compareUnsigned(entry.lastBlock(), primary.lastUsable()) > 0) {
                throw new PartitionTableException(
                        blocks.device(),
                        "partition " + number + " reaches to block " + Long.toUnsignedString(entry.lastBlock())
                                + ", and the last usable one is " + primary.lastUsable() + "; " + otherwise);
            }
        }
    }

    private int at(int number) {
        return (number - 1) * primary.entryBytes();
    }

    private GptEntry entry(int number) {
        return GptEntry.get(array, at(number));
    }

    @Override
    public int mostNumber() {
        return primary.entryCount();
    }

    @Override
    public boolean isUsed(int number) {
        return entry(number).isUsed();
    }

    @Override
    public Room room(int number, PartitionTable table) {
        return Room.of(table);
    }

    @Override
    public void add(Partition partition) throws PartitionTableException {
        remove(partition.number());
        new GptEntry(
                        guid(partition.type()),
                        partition.guid() == null ? UUID.randomUUID() : partition.guid(),
                        partition.firstBlock(),
                        partition.lastBlock(),
                        partition.attributes(),
                        "")
                .put(array, at(partition.number()));
        name(partition.number(), partition.name());
    }

    @Override
    public void remove(int number) {
        array.put(at(number), new byte[primary.entryBytes()]);
    }

    /** Nothing more: an array is written as a whole. */
    @Override
    public void removedAll() {}

    @Override
    public void resize(int number, long blockCount) {
        GptEntry entry = entry(number);
        array.putLong(at(number) + 40, entry.firstBlock() + blockCount - 1);
    }

    @Override
    public void name(int number, String name) throws PartitionTableException {
        if (name.length() > GptEntry.NAME_UNITS) {
            throw new PartitionTableException(
                    blocks.device(),
                    "a name of " + name.length() + " UTF-16 code units: there is room for " + GptEntry.NAME_UNITS);
        }
        if (!ByteWindow.shown(name).equals(name)) {
            throw new PartitionTableException(
                    blocks.device(),
                    "a name has no control characters, no halves of characters and no spaces at its end");
        }
        GptEntry entry = entry(number);
        new GptEntry(entry.type(), entry.guid(), entry.firstBlock(), entry.lastBlock(), entry.attributes(), name)
                .put(array, at(number));
    }

    @Override
    public void type(int number, PartitionType type) throws PartitionTableException {
        Guids.put(array, at(number), guid(type));
    }

    private UUID guid(PartitionType type) throws PartitionTableException {
        if (type instanceof PartitionType.Gpt gpt && !gpt.guid().equals(Guids.ZERO)) {
            return gpt.guid();
        }
        throw new PartitionTableException(
                blocks.device(), "type " + type.code() + " is none of a GPT, which has GUIDs other than zero");
    }

    /**
     * The copy that does not count is written first. Until the last block of it is there it is none, since its checksums are wrong; from then on
     * there are two, and the one that counts can be taken apart.
     *
     * <p>In between, block 0 becomes protective: before that, another table there would contradict the GPT at its start; with only a backup there is
     * no GPT yet where another table is, and a whole one where block 0 says so.
     */
    @Override
    public WritePlan plan() {
        WritePlan plan = new WritePlan();
        GptHeader first = sealed(primary);
        GptHeader last = sealed(backup);
        if (backupCounts) {
            addMbr(plan);
            addCopy(plan, first);
            addCopy(plan, last);
        } else {
            addCopy(plan, last);
            addMbr(plan);
            addCopy(plan, first);
        }
        if (wipesSignatures) {
            long from = primary.firstUsable();
            long to = Math.min(primary.lastUsable(), FileSystemProbe.SIGNATURES_BYTES / blocks.blockBytes());
            if (from <= to) {
                plan.stage().write(from, ByteBuffer.allocate((int) (to - from + 1) * blocks.blockBytes()));
            }
        }
        return plan;
    }

    private void addMbr(WritePlan plan) {
        if (mbr != null) {
            plan.stage().write(0, mbr);
        }
    }

    private void addCopy(WritePlan plan, GptHeader header) {
        ByteBuffer padded = ByteBuffer.allocate(header.arrayBlocks(blocks.blockBytes()) * blocks.blockBytes());
        padded.put(0, array, 0, array.limit());
        plan.stage().write(header.entriesBlock(), padded).write(header.block(), header.toBlock(blocks.blockBytes()));
    }

    private GptHeader sealed(GptHeader header) {
        return new GptHeader(
                header.headerBytes(),
                header.block(),
                header.otherBlock(),
                header.firstUsable(),
                header.lastUsable(),
                header.diskGuid(),
                header.entriesBlock(),
                header.entryCount(),
                header.entryBytes(),
                GptCopy.crc(array));
    }
}
