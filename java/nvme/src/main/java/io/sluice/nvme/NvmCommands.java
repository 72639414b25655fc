package io.sluice.nvme;

import io.sluice.block.Operation;
import java.nio.LongBuffer;

/**
 * Writes commands of the NVM command set (section 6) in place into a submission queue. Blocks are the namespace's; for each command a slot was acquired.
 *
 * <p>Of an entry's sixteen doublewords those that no command here uses are zero from the beginning and stay so (section 4.2): 2 to 5, which are reserved
 * and the metadata pointer, and 14 and 15.
 */
final class NvmCommands {
    private static final int FLUSH = 0x00;
    private static final int WRITE = 0x01;
    private static final int READ = 0x02;
    private static final int WRITE_ZEROES = 0x08;
    private static final int DATASET_MANAGEMENT = 0x09;
    private static final long FORCE_UNIT_ACCESS = 1L << 30;
    private static final long DEALLOCATE = 1L << 2;
    /** PSDT 01b: data is described by an SGL. */
    private static final long USES_SGL = 1 << 14;

    private final QueuePair queue;
    private final LongBuffer submissions;
    private final TrimRanges trimRanges;
    private final long namespace;
    /** Doublewords 0 and 1 of the transfers that PRPs describe, but for the command identifier. */
    private final long readHeader;

    private final long writeHeader;

    NvmCommands(QueuePair queue, int namespaceId, TrimRanges trimRanges) {
        this.queue = queue;
        this.submissions = queue.submissions();
        this.trimRanges = trimRanges;
        this.namespace = (long) namespaceId << 32;
        this.readHeader = READ | namespace;
        this.writeHeader = WRITE | namespace;
    }

    /**
     * A transfer.
     *
     * @param first PRP1, or the address in an SGL descriptor
     * @param second PRP2, or length and type of that descriptor
     * @param sgl whether they are an SGL descriptor
     */
    void transfer(int commandId, Operation operation, long block, long count, long first, long second, boolean sgl) {
        long header = operation == Operation.READ ? readHeader : writeHeader;
        long flags = operation == Operation.WRITE_DURABLE ? FORCE_UNIT_ACCESS : 0;
        push(commandId, sgl ? header | USES_SGL : header, first, second, block, (count - 1) | flags);
    }

    void trim(int slot, long block, long count) {
        push(
                queue.commandId(slot),
                DATASET_MANAGEMENT | namespace,
                trimRanges.write(slot, block, count),
                0,
                DEALLOCATE << 32,
                0);
    }

    void writeZeroes(int slot, long block, long count) {
        push(queue.commandId(slot), WRITE_ZEROES | namespace, 0, 0, block, count - 1);
    }

    void flush(int slot) {
        push(queue.commandId(slot), FLUSH | namespace, 0, 0, 0, 0);
    }

    private void push(int commandId, long header, long first, long second, long dwords10And11, long dwords12And13) {
        LongBuffer entry = submissions;
        int at = queue.entry();
        try {
            entry.put(at, header | ((long) commandId << 16));
            entry.put(at + 3, first);
            entry.put(at + 4, second);
            entry.put(at + 5, dwords10And11);
            entry.put(at + 6, dwords12And13);
        } catch (InternalError functionGone) {
            // The queue lies in memory of the function (see ControllerMemory), which was removed: the command is in
            // flight for ever, and
            // whoever polls for it finds out why.
            return;
        }
        queue.push();
    }
}
