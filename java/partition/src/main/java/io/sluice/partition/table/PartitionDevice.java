package io.sluice.partition.table;

import io.sluice.block.BlockDevice;
import io.sluice.block.BlockSession;
import io.sluice.block.Geometry;
import io.sluice.block.InvalidRequestException;
import io.sluice.block.Operation;
import io.sluice.block.SessionOptions;
import java.io.IOException;

/**
 * A partition as a device: its sessions are sessions of the whole device with a window on it, and as fast. Closing it closes the whole device. Who else
 * uses the partition is not known here. All methods may be called from any thread.
 */
public final class PartitionDevice implements BlockDevice {
    private final BlockDevice whole;
    private final Partition partition;

    private PartitionDevice(BlockDevice whole, Partition partition) {
        this.whole = whole;
        this.partition = partition;
    }

    /**
     * Reads the table of a device and takes a partition of it.
     *
     * @param whole belongs to what is returned
     * @param number of the partition; 0 is the whole of a device without a table
     * @throws PartitionTableException when there is no such partition; the message says which there are
     */
    public static PartitionDevice open(BlockDevice whole, int number) throws IOException {
        PartitionTable table = PartitionTable.read(whole);
        Partition partition = table.partition(number).orElseThrow(() -> missing(table, number));
        return new PartitionDevice(whole, partition);
    }

    private static PartitionTableException missing(PartitionTable table, int number) {
        String there = table.kind() == TableKind.NONE
                ? "it has no partition table"
                : table.partitions().isEmpty()
                        ? "its table " + table.kind() + " has none"
                        : "its table " + table.kind() + " has "
                                + String.join(
                                        ", ",
                                        table.partitions().stream()
                                                .map(partition -> Integer.toString(partition.number()))
                                                .toList());
        return new PartitionTableException(table.device(), "there is no partition " + number + ": " + there);
    }

    /** Where it is on the whole device, and what it is. */
    public Partition partition() {
        return partition;
    }

    @Override
    public String name() {
        return whole.name() + "/p" + partition.number();
    }

    @Override
    public Geometry geometry() {
        return whole.geometry().window(partition.firstBlock(), partition.blockCount(), true);
    }

    @Override
    public BlockSession open(SessionOptions options) throws IOException {
        long first = options.firstBlock();
        long there = partition.blockCount();
        long count = options.blockCount() == 0 ? there - first : options.blockCount();
        if (count <= 0 || count > there || first > there - count) {
            throw new InvalidRequestException(
                    name(),
                    Operation.READ,
                    first,
                    options.blockCount(),
                    "the window of a session must lie within the partition, which has " + there + " blocks");
        }
        return whole.open(options.window(partition.firstBlock() + first, count));
    }

    @Override
    public void acknowledgeDataLoss() {
        whole.acknowledgeDataLoss();
    }

    @Override
    public void close() throws IOException {
        whole.close();
    }

    @Override
    public String toString() {
        return name() + " " + partition.blockCount() + " blocks at " + partition.firstBlock();
    }
}
