package io.sluice.partition.table;

import io.sluice.partition.table.MbrSector.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/** An MBR that is being changed: the four entries of its first block, which is written at once, and the chain of its logical partitions. */
final class MbrDraft implements TableDraft {
    private static final long MOST_BLOCK = 0xffffffffL;

    private final Blocks blocks;
    private final long alignBlocks;
    private final ByteBuffer before;
    private final ByteBuffer sector;
    /** Of the extended partition; 0 when there is none. */
    private int extended;

    private @Nullable ChainDraft chain;

    private MbrDraft(Blocks blocks, ByteBuffer sector, long alignBlocks) {
        this.blocks = blocks;
        this.alignBlocks = alignBlocks;
        this.before = sector;
        this.sector = ByteBuffer.allocate(sector.limit()).order(ByteOrder.LITTLE_ENDIAN);
        this.sector.put(0, sector, 0, sector.limit());
    }

    /**
     * Of a table as it was read.
     *
     * @param alignBlocks see {@link ChainDraft#of}
     */
    static MbrDraft of(Blocks blocks, PartitionTable table, long alignBlocks) throws IOException {
        MbrDraft draft = new MbrDraft(blocks, blocks.read(0, 1), alignBlocks);
        ExtendedPartition holder = table.extended();
        if (holder != null) {
            draft.extended = holder.partition().number();
            draft.chain = ChainDraft.of(blocks, holder, alignBlocks);
        }
        return draft;
    }

    /** Block 0 of a new one, without partitions. */
    static ByteBuffer empty(int blockBytes) {
        ByteBuffer sector = ByteBuffer.allocate(blockBytes).order(ByteOrder.LITTLE_ENDIAN);
        sector.putInt(MbrSector.DISK_SIGNATURE_AT, new SecureRandom().nextInt() | 1);
        return sector.putShort(MbrSector.SIGNATURE_AT, MbrSector.SIGNATURE);
    }

    private static int at(int number) {
        return MbrSector.ENTRIES_AT + (number - 1) * MbrSector.ENTRY_BYTES;
    }

    private Entry entry(int number) {
        return MbrSector.get(sector).entries().get(number - 1);
    }

    /** The chain that has a number; null for the four of the first block. */
    private @Nullable ChainDraft chain(int number) {
        return number >= PartitionChain.FIRST_NUMBER ? chain : null;
    }

    @Override
    public int mostNumber() {
        return chain == null ? MbrSector.ENTRY_COUNT : chain.mostNumber();
    }

    @Override
    public boolean isUsed(int number) {
        ChainDraft logical = chain(number);
        return logical == null ? entry(number).isUsed() : number < PartitionChain.FIRST_NUMBER + logical.count();
    }

    @Override
    public Room room(int number, PartitionTable table) {
        ChainDraft logical = chain(number);
        return logical == null ? Room.of(table) : logical.room();
    }

    @Override
    public void add(Partition partition) throws PartitionTableException {
        if (!partition.name().isEmpty() || partition.guid() != null) {
            throw refusal("an MBR has no names and no GUIDs of partitions; a GPT does");
        }
        int type = id(partition.type());
        requireNameable(partition.blockCount());
        if (MbrSector.Entry.isExtended(type) && chain != null) {
            throw refusal("partition " + extended + " is the extended one already, and there is one alone");
        }
        ChainDraft logical = chain(partition.number());
        if (logical != null) {
            requireData(type);
            int next = PartitionChain.FIRST_NUMBER + logical.count();
            if (partition.number() != next) {
                throw refusal("logical partitions have numbers without gaps, and the next one is " + next);
            }
            logical.add(partition.extent(), type);
            return;
        }
        if (MbrSector.Entry.isExtended(type)) {
            extended = partition.number();
            chain = ChainDraft.empty(blocks, partition.extent(), alignBlocks);
        } else {
            requireData(type);
        }
        MbrSector.put(
                sector, partition.number() - 1, new Entry(0, type, partition.firstBlock(), partition.blockCount()));
    }

    @Override
    public void remove(int number) throws PartitionTableException {
        ChainDraft logical = chain(number);
        if (logical != null) {
            logical.remove(number);
            return;
        }
        if (entry(number).isExtended()) {
            if (chain == null || number != extended) {
                throw refusal(
                        "partition " + number + " is an extended one that makes no sense, and what it holds is not"
                                + " known; it is deleted with fdisk");
            }
            if (chain.count() > 0) {
                int last = PartitionChain.FIRST_NUMBER + chain.count() - 1;
                throw refusal("partition " + number + " holds the logical partitions " + PartitionChain.FIRST_NUMBER
                        + " to " + last + "; delete those with it");
            }
            extended = 0;
            chain = null;
        }
        sector.put(at(number), new byte[MbrSector.ENTRY_BYTES]);
    }

    @Override
    public void removedAll() throws PartitionTableException {
        if (chain != null) {
            chain.removeAtOnce();
        }
    }

    @Override
    public void resize(int number, long blockCount) throws PartitionTableException {
        requireNameable(blockCount);
        ChainDraft logical = chain(number);
        if (logical != null) {
            logical.resize(number, blockCount);
            return;
        }
        if (chain != null && number == extended && blockCount < chain.leastBlocks()) {
            throw refusal("partition " + number + " needs " + chain.leastBlocks()
                    + " blocks for the logical partitions in it");
        }
        Entry entry = entry(number);
        MbrSector.put(sector, number - 1, new Entry(entry.flag(), entry.type(), entry.start(), blockCount));
    }

    private void requireNameable(long blockCount) throws PartitionTableException {
        if (blockCount > MOST_BLOCK) {
            throw refusal("a partition of an MBR has at most 2^32-1 blocks; a GPT allows more");
        }
    }

    @Override
    public void name(int number, String name) throws PartitionTableException {
        throw refusal("an MBR has no names of partitions; a GPT does");
    }

    @Override
    public void type(int number, PartitionType type) throws PartitionTableException {
        int id = id(type);
        ChainDraft logical = chain(number);
        if (logical != null) {
            requireData(id);
            logical.type(number, id);
            return;
        }
        if (number != extended) {
            requireData(id);
        } else if (!MbrSector.Entry.isExtended(id)) {
            throw refusal("partition " + number + " is the extended one, and type " + type.code()
                    + " is not of such; delete it and create another");
        }
        sector.put(at(number) + 4, (byte) id);
    }

    private int id(PartitionType type) throws PartitionTableException {
        if (type instanceof PartitionType.Mbr mbr) {
            return mbr.id();
        }
        throw refusal("type " + type.code() + " is none of an MBR, which has 0x01 to 0xFF");
    }

    private void requireData(int id) throws PartitionTableException {
        String type = "type " + new PartitionType.Mbr(id).code() + " is not of a partition with data: ";
        if (MbrSector.Entry.isExtended(id)) {
            throw refusal(type + "an extended partition is created as such, and is one of the numbers 1 to 4");
        }
        if (id == MbrSector.PROTECTIVE) {
            throw refusal(type + "it belongs to a GPT");
        }
    }

    /** The chain before what leads to it: an extended partition has a first record as soon as there is one. */
    @Override
    public WritePlan plan() throws PartitionTableException {
        WritePlan plan = new WritePlan();
        if (chain != null) {
            chain.addTo(plan);
        }
        return sector.equals(before) ? plan : plan.stage().write(0, sector);
    }

    private PartitionTableException refusal(String reason) {
        return new PartitionTableException(blocks.device(), reason);
    }
}
