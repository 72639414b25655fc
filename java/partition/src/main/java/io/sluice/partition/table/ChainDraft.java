package io.sluice.partition.table;

import io.sluice.partition.table.MbrSector.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The chain of logical partitions of an MBR that is being changed. A logical partition has the number of its place in the chain: a new one is put at
 * the end, so that no other gets another number; behind one that is taken out, they move down.
 *
 * <p>The first record is in the first block of the extended partition and stays there; when its partition is taken out, it gets that of the record
 * behind it. So do {@code sfdisk} and {@code parted}, and Linux numbers what they leave in the same way.
 */
final class ChainDraft {
    /** What fdisk and sfdisk know: of a chain of more than that, they would take the rest out at their next change. */
    private static final int MOST_PARTITIONS = 56;

    private static final long MOST_NUMBER = 0xffffffffL;
    private static final int LINK = 0x05;

    /** A record; its partition is counted from its block, and null when it has none. */
    private record Ebr(long block, @Nullable Entry partition) {
        Extent place(Entry of) {
            return new Extent(block + of.start(), of.count());
        }
    }

    private final String device;
    private final int blockBytes;
    private final Extent extended;
    private final long alignBlocks;
    /** Records as they are on the device, by their blocks. */
    private final Map<Long, ByteBuffer> before = new HashMap<>();

    private final List<Ebr> ebrs = new ArrayList<>();
    /** Of records that get another block, what they were, by their new blocks. */
    private final Map<Long, ByteBuffer> moved = new HashMap<>();

    private ChainDraft(Blocks blocks, Extent extended, long alignBlocks) {
        this.device = blocks.device();
        this.blockBytes = blocks.blockBytes();
        this.extended = extended;
        this.alignBlocks = alignBlocks;
    }

    /**
     * Of an extended partition whose chain was followed to its end.
     *
     * @param alignBlocks how far before its partition a new record should be, logical blocks: what a device writes at once is not of both then
     */
    static ChainDraft of(Blocks blocks, ExtendedPartition extended, long alignBlocks) throws IOException {
        ChainDraft draft = new ChainDraft(blocks, extended.extent(), alignBlocks);
        for (long block : extended.records()) {
            ByteBuffer bytes = blocks.read(block, 1);
            draft.before.put(block, bytes);
            draft.ebrs.add(new Ebr(block, MbrSector.get(bytes).logical()));
        }
        return draft;
    }

    /** Of an extended partition that is made. */
    static ChainDraft empty(Blocks blocks, Extent extended, long alignBlocks) {
        ChainDraft draft = new ChainDraft(blocks, extended, alignBlocks);
        draft.ebrs.add(new Ebr(extended.firstBlock(), null));
        return draft;
    }

    /** How many logical partitions there are. */
    int count() {
        return (int) ebrs.stream().filter(ebr -> ebr.partition() != null).count();
    }

    /** The largest number that a logical partition has or can get. */
    int mostNumber() {
        return PartitionChain.FIRST_NUMBER - 1 + Math.max(MOST_PARTITIONS, count());
    }

    /** What the extended partition needs for all that is in it, logical blocks. */
    long leastBlocks() {
        return taken().stream().mapToLong(Extent::lastBlock).max().orElseThrow() - extended.firstBlock() + 1;
    }

    private List<Extent> taken() {
        List<Extent> taken = new ArrayList<>();
        for (Ebr ebr : ebrs) {
            taken.add(new Extent(ebr.block(), 1));
            if (ebr.partition() != null) {
                taken.add(ebr.place(ebr.partition()));
            }
        }
        return taken;
    }

    /** Where a new partition may be: what is free, without a block before it for its record where it needs one. */
    Room room() {
        List<Extent> room = new ArrayList<>();
        for (Extent free : extended.without(taken())) {
            if (lastTakes(free.firstBlock())) {
                room.add(free);
            } else if (free.blockCount() > 1) {
                room.add(Extent.between(free.firstBlock() + 1, free.lastBlock()));
            }
        }
        return new Room(extended, room);
    }

    /** Whether the last record has no partition, and can name one that begins in a block. */
    private boolean lastTakes(long first) {
        Ebr last = ebrs.get(ebrs.size() - 1);
        return last.partition() == null && first > last.block();
    }

    /** Adds a partition at the end of the chain, in a place within {@link #room}. */
    void add(Extent place, int type) throws PartitionTableException {
        requireUnderstood();
        boolean last = lastTakes(place.firstBlock());
        long block = last ? ebrs.remove(ebrs.size() - 1).block() : recordBefore(place.firstBlock());
        ebrs.add(new Ebr(block, new Entry(0, type, place.firstBlock() - block, place.blockCount())));
    }

    private long recordBefore(long first) {
        Extent gap = extended.without(taken()).stream()
                .filter(free -> free.contains(first - 1))
                .findFirst()
                .orElseThrow();
        return Math.max(gap.firstBlock(), first - alignBlocks);
    }

    /** Takes a partition out. */
    void remove(int number) throws PartitionTableException {
        requireUnderstood();
        int at = at(number);
        if (at > 0) {
            ebrs.remove(at);
            return;
        }
        long first = ebrs.get(0).block();
        Ebr next = ebrs.size() == 1 ? new Ebr(first, null) : ebrs.remove(1);
        ebrs.set(0, new Ebr(first, next.partition() == null ? null : countedFrom(first, next, next.partition())));
    }

    private Entry countedFrom(long block, Ebr ebr, Entry partition) throws PartitionTableException {
        long start = ebr.block() + partition.start() - block;
        if (start > MOST_NUMBER) {
            throw refusal("the logical partition of the record in block " + ebr.block()
                    + " is not within the extended partition; delete that first");
        }
        return new Entry(partition.flag(), partition.type(), start, partition.count());
    }

    /** Changes the number of blocks of a partition. */
    void resize(int number, long blockCount) throws PartitionTableException {
        Entry entry = partition(number);
        set(number, new Entry(entry.flag(), entry.type(), entry.start(), blockCount));
    }

    /** Changes the type of a partition. */
    void type(int number, int type) throws PartitionTableException {
        Entry entry = partition(number);
        set(number, new Entry(entry.flag(), type, entry.start(), entry.count()));
    }

    private int at(int number) {
        int left = number - PartitionChain.FIRST_NUMBER;
        for (int at = 0; at < ebrs.size(); at++) {
            if (ebrs.get(at).partition() != null && left-- == 0) {
                return at;
            }
        }
        throw new IllegalArgumentException(device + ": there is no logical partition " + number);
    }

    private Entry partition(int number) {
        return Objects.requireNonNull(ebrs.get(at(number)).partition());
    }

    private void set(int number, Entry partition) throws PartitionTableException {
        requireUnderstood();
        int at = at(number);
        ebrs.set(at, new Ebr(ebrs.get(at).block(), partition));
    }

    /** Linux makes a partition of each entry of a record, other programs of the first one alone: the numbers behind it are not the same to all. */
    private void requireUnderstood() throws PartitionTableException {
        for (Map.Entry<Long, ByteBuffer> record : before.entrySet()) {
            if (!MbrSector.get(record.getValue()).isOneOfChain()) {
                throw refusal("the record of a logical partition in block " + record.getKey()
                        + " has more than a partition and a link; not all programs give the partitions behind it the"
                        + " same numbers, so mend that with fdisk first");
            }
        }
    }

    /**
     * Has all that was taken out go at once, when the first record that changes is written: those behind it that change, too, or lead to such, get other
     * blocks, to which nothing leads before.
     *
     * @throws PartitionTableException when there is no block for one of them
     */
    void removeAtOnce() throws PartitionTableException {
        int first = 0;
        while (first < ebrs.size() && !changes(first)) {
            first++;
        }
        int last = ebrs.size() - 1;
        while (last > first && !changes(last)) {
            last--;
        }
        for (int at = first + 1; at <= last; at++) {
            Ebr ebr = ebrs.get(at);
            Entry partition = ebr.partition();
            // One without a partition can be anywhere.
            long place = partition == null
                    ? extended.lastBlock() + 1
                    : ebr.place(partition).firstBlock();
            long block = blockBefore(place);
            moved.put(block, Objects.requireNonNull(before.get(ebr.block())));
            ebrs.set(at, new Ebr(block, partition == null ? null : countedFrom(block, ebr, partition)));
        }
    }

    /** The last block before another that nobody has, and nobody had before: what is taken out keeps its data until it is out. */
    private long blockBefore(long place) throws PartitionTableException {
        List<Extent> all = new ArrayList<>(taken());
        for (Map.Entry<Long, ByteBuffer> record : before.entrySet()) {
            Ebr old = new Ebr(record.getKey(), MbrSector.get(record.getValue()).logical());
            all.add(new Extent(old.block(), 1));
            if (old.partition() != null) {
                all.add(old.place(old.partition()));
            }
        }
        return extended.without(all).stream()
                .filter(free -> free.firstBlock() < place)
                .reduce((nearer, farther) -> farther)
                .map(free -> Math.min(free.lastBlock(), place - 1))
                .orElseThrow(() ->
                        refusal("no block before block " + place + " is free for the record of the logical partition"
                                + " there, so that these cannot be deleted at once; delete one after the other, the largest number"
                                + " first"));
    }

    /** Whether a record is to be written. */
    private boolean changes(int at) {
        Ebr ebr = ebrs.get(at);
        MbrSector was = sector(ebr);
        return was == null || !isAsBefore(ebr) || !Objects.equals(was.link(), link(at));
    }

    private @Nullable Entry link(int at) {
        return at + 1 < ebrs.size() ? link(ebrs.get(at), ebrs.get(at + 1)) : null;
    }

    /**
     * Adds what is to be written: every record in a stage of its own, those at the end of the chain first. Whatever is linked is there then, and what was
     * taken out is not overwritten. So the chain leads to its end at any time.
     *
     * @throws PartitionTableException when a record is within a partition, whose data it would overwrite
     */
    void addTo(WritePlan plan) throws PartitionTableException {
        for (int at = ebrs.size() - 1; at >= 0; at--) {
            if (changes(at)) {
                Ebr ebr = ebrs.get(at);
                requireNobodys(ebr.block());
                plan.stage().write(ebr.block(), bytes(ebr, link(at)));
            }
        }
    }

    private @Nullable MbrSector sector(Ebr ebr) {
        ByteBuffer bytes = before.get(ebr.block());
        return bytes == null ? null : MbrSector.get(bytes);
    }

    private boolean isAsBefore(Ebr ebr) {
        MbrSector was = sector(ebr);
        return was != null && Objects.equals(was.logical(), ebr.partition());
    }

    /** The link to the next record, over that and its partition; one that leads there already stays as long as the partition does. */
    private @Nullable Entry link(Ebr ebr, Ebr next) {
        long start = next.block() - extended.firstBlock();
        MbrSector was = sector(ebr);
        Entry old = was == null ? null : was.link();
        if (old != null && old.start() == start && isAsBefore(next)) {
            return old;
        }
        Entry partition = next.partition();
        long count = partition == null ? 1 : Math.min(MOST_NUMBER, partition.start() + partition.count());
        return new Entry(0, LINK, start, count);
    }

    private void requireNobodys(long block) throws PartitionTableException {
        Extent record = new Extent(block, 1);
        for (Ebr ebr : ebrs) {
            if (ebr.partition() != null && ebr.place(ebr.partition()).overlaps(record)) {
                throw refusal("the record in block " + block + " is in the logical partition at block "
                        + ebr.place(ebr.partition()).firstBlock() + "; delete that first");
            }
        }
    }

    private ByteBuffer bytes(Ebr ebr, @Nullable Entry link) {
        ByteBuffer bytes = ByteBuffer.allocate(blockBytes).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer was = moved.getOrDefault(ebr.block(), before.get(ebr.block()));
        if (was != null) {
            bytes.put(0, was, 0, blockBytes);
        }
        for (int at = MbrSector.ENTRIES_AT; at < MbrSector.SIGNATURE_AT; at++) {
            bytes.put(at, (byte) 0);
        }
        if (ebr.partition() != null) {
            MbrSector.put(bytes, 0, ebr.partition());
        }
        if (link != null) {
            MbrSector.put(bytes, 1, link);
        }
        return bytes.putShort(MbrSector.SIGNATURE_AT, MbrSector.SIGNATURE);
    }

    private PartitionTableException refusal(String reason) {
        return new PartitionTableException(device, reason);
    }
}
