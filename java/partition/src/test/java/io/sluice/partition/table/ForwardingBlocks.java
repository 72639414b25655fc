package io.sluice.partition.table;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Other blocks, to be changed in some point. */
abstract class ForwardingBlocks implements Blocks {
    private final Blocks blocks;

    ForwardingBlocks(Blocks blocks) {
        this.blocks = blocks;
    }

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
        return blocks.read(first, count);
    }

    @Override
    public void write(long first, ByteBuffer data) throws IOException {
        blocks.write(first, data);
    }

    @Override
    public void sync() throws IOException {
        blocks.sync();
    }
}
