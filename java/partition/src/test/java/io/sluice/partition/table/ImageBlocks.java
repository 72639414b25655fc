package io.sluice.partition.table;

import io.sluice.block.BlockIoException;
import io.sluice.block.Operation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;

/** A device in the heap; what was never written is zero. Counts what is done to it. */
final class ImageBlocks implements Blocks {
    private final int blockBytes;
    private final long blockCount;
    private final Map<Long, byte[]> written = new TreeMap<>();
    private long blocksRead;
    private int writes;

    ImageBlocks(int blockBytes, long blockCount) {
        this.blockBytes = blockBytes;
        this.blockCount = blockCount;
    }

    /** The same blocks on a device of another size; those behind its end are gone. */
    ImageBlocks resized(long count) {
        ImageBlocks other = new ImageBlocks(blockBytes, count);
        written.forEach((block, bytes) -> {
            if (block < count) {
                other.written.put(block, bytes.clone());
            }
        });
        return other;
    }

    ImageBlocks copy() {
        return resized(blockCount);
    }

    @Override
    public String device() {
        return "image";
    }

    @Override
    public int blockBytes() {
        return blockBytes;
    }

    @Override
    public long blockCount() {
        return blockCount;
    }

    long blocksRead() {
        return blocksRead;
    }

    int writes() {
        return writes;
    }

    private void check(Operation operation, long first, int count) throws BlockIoException {
        if (first < 0 || count < 1 || first > blockCount - count) {
            throw new BlockIoException(device(), operation, first, count, "outside of the device");
        }
    }

    @Override
    public ByteBuffer read(long first, int count) throws BlockIoException {
        check(Operation.READ, first, count);
        blocksRead += count;
        ByteBuffer bytes = ByteBuffer.allocate(count * blockBytes);
        for (int i = 0; i < count; i++) {
            byte[] block = written.get(first + i);
            if (block != null) {
                bytes.put(i * blockBytes, block);
            }
        }
        return bytes.order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void write(long first, ByteBuffer data) throws BlockIoException {
        int count = data.remaining() / blockBytes;
        check(Operation.WRITE, first, count);
        writes++;
        for (int i = 0; i < count; i++) {
            byte[] block = new byte[blockBytes];
            data.get(data.position() + i * blockBytes, block);
            written.put(first + i, block);
        }
    }

    @Override
    public void sync() {
        // Nothing here is lost.
    }

    /** Changes bytes of the device in place; see {@link ByteBuffer#put(int, byte)} and the like. */
    void edit(long block, java.util.function.Consumer<ByteBuffer> change) {
        try {
            ByteBuffer bytes = read(block, 1);
            change.accept(bytes);
            write(block, bytes);
        } catch (BlockIoException e) {
            throw new AssertionError(e);
        }
    }
}
