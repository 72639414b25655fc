package io.sluice.partition.table;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The blocks of a device, for who has little to read and wants it in order. */
interface Blocks {
    /** Name of the device in messages. */
    String device();

    /** Size of a block, bytes. */
    int blockBytes();

    /** Number of blocks. */
    long blockCount();

    /**
     * Reads blocks.
     *
     * @return new memory, little-endian, from position 0 to its limit
     * @throws IOException also when the blocks do not lie within the device
     */
    ByteBuffer read(long first, int count) throws IOException;

    /** Writes what remains of {@code data}, whole blocks, from block {@code first} on. It may be lost with power until {@link #sync}. */
    void write(long first, ByteBuffer data) throws IOException;

    /** Makes everything that was written durable. */
    void sync() throws IOException;
}
