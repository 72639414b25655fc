package io.sluice.nvme;

import io.sluice.block.IoBuffer;
import io.sluice.pci.DmaMemory;
import java.nio.ByteBuffer;

/** A session's memory: where the controller sees it, and its PRP lists. */
final class NvmeBuffer implements IoBuffer {
    private final DmaMemory memory;
    private final ByteBuffer bytes;
    private final PrpLists lists;
    private final long deviceAddress;
    private final int pageShift;
    private final int size;

    /**
     * A buffer over the start of its memory.
     *
     * @param size bytes, which is what the lists cover: the memory itself may be larger
     */
    NvmeBuffer(DmaMemory memory, int size, PrpLists lists, int pageShift) {
        this.memory = memory;
        this.bytes = AdminQueue.slice(memory.buffer(), 0, size);
        this.lists = lists;
        this.deviceAddress = memory.deviceAddress();
        this.pageShift = pageShift;
        this.size = size;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public ByteBuffer bytes() {
        return bytes;
    }

    long deviceAddress() {
        return deviceAddress;
    }

    /**
     * PRP2 of a transfer (section 4.3): nothing when it lies within one page, the second page when it lies within two, a PRP list
     * otherwise.
     *
     * @param offset of the transfer in the buffer, bytes
     * @param bytes its length, at least 1
     */
    long secondEntry(long offset, long bytes) {
        int firstPage = (int) (offset >> pageShift);
        int more = (int) ((offset + bytes - 1) >> pageShift) - firstPage;
        return switch (more) {
            case 0 -> 0;
            case 1 -> deviceAddress + ((long) (firstPage + 1) << pageShift);
            default -> lists.address(firstPage + 1, more);
        };
    }

    void close() {
        memory.close();
    }
}
