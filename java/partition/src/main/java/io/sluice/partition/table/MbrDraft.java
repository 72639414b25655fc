package io.sluice.partition.table;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/** An MBR that is being changed: the four entries of its first block, which is written at once. */
final class MbrDraft implements TableDraft {
    private static final long MOST_BLOCK = 0xffffffffL;
    /** Cylinder, head and sector that say: see the block numbers. */
    private static final int NO_CHS = 0xfffffe;

    private final String device;
    private final ByteBuffer sector;

    private MbrDraft(String device, ByteBuffer sector) {
        this.device = device;
        this.sector = sector;
    }

    /** Of what is in block 0, which has a table. */
    static MbrDraft of(String device, ByteBuffer sector) {
        return new MbrDraft(device, sector);
    }

    /** A new one, without partitions. */
    static MbrDraft empty(String device, int blockBytes) {
        ByteBuffer sector = ByteBuffer.allocate(blockBytes).order(ByteOrder.LITTLE_ENDIAN);
        sector.putInt(MbrSector.DISK_SIGNATURE_AT, new SecureRandom().nextInt() | 1);
        sector.putShort(MbrSector.SIGNATURE_AT, MbrSector.SIGNATURE);
        return new MbrDraft(device, sector);
    }

    private static int at(int number) {
        return MbrSector.ENTRIES_AT + (number - 1) * MbrSector.ENTRY_BYTES;
    }

    @Override
    public int mostNumber() {
        return MbrSector.ENTRY_COUNT;
    }

    @Override
    public boolean isUsed(int number) {
        return MbrSector.get(sector).entries().get(number - 1).isUsed();
    }

    @Override
    public void add(Partition partition) throws PartitionTableException {
        if (!partition.name().isEmpty() || partition.guid() != null) {
            throw new PartitionTableException(device, "an MBR has no names and no GUIDs of partitions; a GPT does");
        }
        remove(partition.number());
        type(partition.number(), partition.type());
        int at = at(partition.number());
        sector.put(at + 1, (byte) NO_CHS).putShort(at + 2, (short) (NO_CHS >> 8));
        sector.put(at + 5, (byte) NO_CHS).putShort(at + 6, (short) (NO_CHS >> 8));
        sector.putInt(at + 8, (int) partition.firstBlock());
        resize(partition.number(), partition.blockCount());
    }

    @Override
    public void remove(int number) {
        sector.put(at(number), new byte[MbrSector.ENTRY_BYTES]);
    }

    @Override
    public void resize(int number, long blockCount) throws PartitionTableException {
        if (blockCount > MOST_BLOCK) {
            throw new PartitionTableException(
                    device, "a partition of an MBR has at most 2^32-1 blocks; a GPT allows more");
        }
        sector.putInt(at(number) + 12, (int) blockCount);
    }

    @Override
    public void name(int number, String name) throws PartitionTableException {
        throw new PartitionTableException(device, "an MBR has no names of partitions; a GPT does");
    }

    @Override
    public void type(int number, PartitionType type) throws PartitionTableException {
        if (!(type instanceof PartitionType.Mbr mbr)) {
            throw new PartitionTableException(
                    device, "type " + type.code() + " is none of an MBR, which has 0x01 to 0xFF");
        }
        if (mbr.id() == MbrSector.PROTECTIVE || new MbrSector.Entry(0, mbr.id(), 1, 1).isExtended()) {
            throw new PartitionTableException(
                    device,
                    "type " + type.code() + " is not of a partition with data: extended partitions are made with fdisk,"
                            + " protective ones belong to a GPT");
        }
        sector.put(at(number) + 4, (byte) mbr.id());
    }

    @Override
    public WritePlan plan() {
        return new WritePlan().stage().write(0, sector);
    }

    /** Block 0 as it is to be. */
    ByteBuffer sector() {
        return sector;
    }
}
