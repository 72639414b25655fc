package io.sluice.partition.table;

import io.sluice.block.BlockDevice;
import io.sluice.block.BlockSession;
import io.sluice.block.SessionOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;

/** Gives a device a GPT for tests of what stands on tables; everything else on the device stays as it is. */
public final class TestTable {
    private final GptImage image;
    private final int blockBytes;
    private final long blockCount;

    /** A table without partitions for a device. */
    public TestTable(BlockDevice device) {
        this.blockBytes = device.geometry().blockBytes();
        this.blockCount = device.geometry().blockCount();
        this.image = new GptImage(blockBytes, blockCount);
    }

    /** The GUID of the partition of a number, unless it is given another. */
    public static UUID guid(int number) {
        return new UUID(0x1234L << 48 | 0x4000, Long.MIN_VALUE | number);
    }

    /** Adds a partition that is called {@code p} and its number. */
    public TestTable with(int number, long first, long count) {
        return with(number, first, count, guid(number), "p" + number);
    }

    /** Adds a partition. */
    public TestTable with(int number, long first, long count, UUID guid, String name) {
        image.entry(number, new GptEntry(GptImage.LINUX, guid, first, first + count - 1, 0, name));
        return this;
    }

    /** Writes the table, both copies of it. */
    public void writeTo(BlockDevice device) throws IOException {
        ImageBlocks blocks = image.build();
        int table = 2 + image.arrayBlocks();
        try (BlockSession session =
                device.open(SessionOptions.defaults().writeable(true).label("test table"))) {
            SessionBlocks target = new SessionBlocks(device.name(), session);
            target.write(0, blocks.read(0, table));
            target.write(blockCount - table + 1, blocks.read(blockCount - table + 1, table - 1));
            target.sync();
        }
    }

    /** Writes zeroes where the tables are. */
    public static void erase(BlockDevice device) throws IOException {
        try (BlockSession session = device.open(SessionOptions.defaults().writeable(true))) {
            SessionBlocks target = new SessionBlocks(device.name(), session);
            ByteBuffer zeroes = ByteBuffer.allocate(34 * device.geometry().blockBytes());
            target.write(0, zeroes.duplicate());
            target.write(device.geometry().blockCount() - 34, zeroes);
        }
    }
}
