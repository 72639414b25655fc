package io.sluice.uring;

import io.sluice.block.BlockIoException;
import io.sluice.block.Geometry;
import io.sluice.linux.OpenFile;
import io.sluice.linux.Ring;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** What stands behind a path: a file, a block device or an NVMe character device, opened. Any thread may call. */
sealed interface Node extends Closeable permits FileNode, BlockNode, NvmeNode {
    /** What it is like as a device. */
    Geometry geometry();

    /**
     * The file that sessions use.
     *
     * @param writing whether for writing too
     * @throws BlockIoException when it must not be written to now: the message names who uses it
     */
    OpenFile file(boolean writing) throws IOException;

    /** Whether its operations are commands of its own driver, in large entries. */
    boolean passesCommands();

    /** Bytes of memory that {@link #commands} needs for each slot. */
    int slotBytes();

    /**
     * The commands of a session.
     *
     * @param others a ring for what is no transfer
     * @param registered whether the session's memory is the rings' registered buffer
     * @param memory {@link #slotBytes} for each slot
     * @param memoryAddress of its first byte
     * @param fallback told when something has to be done another way
     */
    Commands commands(
            Ring transfers,
            Ring others,
            boolean registered,
            ByteBuffer memory,
            long memoryAddress,
            Consumer<String> fallback);

    @Override
    void close();
}
