package io.sluice.partition.table;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;
import java.util.function.Consumer;

/** Makes devices with a GPT whose checksums are right, whatever else is not. */
final class GptImage {
    static final UUID LINUX = UUID.fromString("0FC63DAF-8483-4772-8E79-3D69D8477DE4");
    static final UUID DISK = UUID.fromString("11111111-2222-4333-8444-555555555555");

    private final int blockBytes;
    private final long blockCount;
    private int entryBytes = 128;
    private int entryCount = 128;
    private int headerBytes = 92;
    private ByteBuffer array = entries();
    private Consumer<ByteBuffer> primaryChange = header -> {};
    private Consumer<ByteBuffer> backupChange = header -> {};

    GptImage(int blockBytes, long blockCount) {
        this.blockBytes = blockBytes;
        this.blockCount = blockCount;
    }

    private ByteBuffer entries() {
        return ByteBuffer.allocate(entryCount * entryBytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Before the first entry is made. */
    GptImage array(int count, int bytes) {
        entryCount = count;
        entryBytes = bytes;
        array = entries();
        return this;
    }

    GptImage headerBytes(int bytes) {
        headerBytes = bytes;
        return this;
    }

    /** What is to be another way in the header of the primary; its checksum is made after that. */
    GptImage primary(Consumer<ByteBuffer> change) {
        primaryChange = change;
        return this;
    }

    GptImage backup(Consumer<ByteBuffer> change) {
        backupChange = change;
        return this;
    }

    GptImage both(Consumer<ByteBuffer> change) {
        return primary(change).backup(change);
    }

    GptImage partition(int number, long first, long last) {
        return partition(number, first, last, new UUID(number, number));
    }

    GptImage partition(int number, long first, long last, UUID guid) {
        return entry(number, new GptEntry(LINUX, guid, first, last, 0, "p" + number));
    }

    GptImage entry(int number, GptEntry entry) {
        entry.put(array, (number - 1) * entryBytes);
        return this;
    }

    /** Blocks of the array. */
    int arrayBlocks() {
        return (array.limit() + blockBytes - 1) / blockBytes;
    }

    long firstUsable() {
        return 2L + arrayBlocks();
    }

    long lastUsable() {
        return blockCount - 2 - arrayBlocks();
    }

    ImageBlocks build() {
        ImageBlocks blocks = new ImageBlocks(blockBytes, blockCount);
        ByteBuffer padded = ByteBuffer.allocate(arrayBlocks() * blockBytes);
        padded.put(0, array, 0, array.limit());
        try {
            blocks.write(0, ProtectiveMbr.over(blocks.read(0, 1), blockCount));
            blocks.write(2, padded);
            blocks.write(1, header(1, blockCount - 1, 2, primaryChange));
            blocks.write(lastUsable() + 1, padded);
            blocks.write(blockCount - 1, header(blockCount - 1, 1, lastUsable() + 1, backupChange));
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
        return blocks;
    }

    private ByteBuffer header(long block, long other, long entriesBlock, Consumer<ByteBuffer> change) {
        GptHeader header = new GptHeader(
                headerBytes,
                block,
                other,
                firstUsable(),
                lastUsable(),
                DISK,
                entriesBlock,
                entryCount,
                entryBytes,
                GptCopy.crc(array));
        ByteBuffer bytes = header.toBlock(blockBytes);
        change.accept(bytes);
        return seal(bytes);
    }

    /** Gives a header the checksum that fits. */
    static ByteBuffer seal(ByteBuffer header) {
        int size = header.getInt(12);
        return size < 20 || size > header.limit() ? header : header.putInt(16, GptHeader.crc(header, size));
    }
}
