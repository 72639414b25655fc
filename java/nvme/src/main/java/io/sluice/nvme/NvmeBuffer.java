package io.sluice.nvme;

import io.sluice.pci.DmaMemory;
import java.io.IOException;

/** Memory that a session allocated, with PRP lists for whatever part of it a transfer names. */
final class NvmeBuffer extends NvmeMemory {
    private final PrpLists lists;
    private final int pageShift;

    /**
     * A buffer over the start of its memory.
     *
     * @param size bytes, which is what the lists cover: the memory itself may be larger
     */
    NvmeBuffer(NvmeSession session, DmaMemory memory, int size, PrpLists lists, int pageShift) {
        super(session, AdminQueue.slice(memory.buffer(), 0, size), memory);
        this.lists = lists;
        this.pageShift = pageShift;
    }

    /** Allocates a buffer of whole pages and, behind it, its lists. */
    static NvmeBuffer allocate(NvmeSession session, PageAllocator allocator, int size) throws IOException {
        int pageShift = allocator.pageShift();
        DmaMemory memory = allocator.allocate(size + PrpLists.bytes(size, pageShift));
        long address = memory.deviceAddress();
        return new NvmeBuffer(
                session,
                memory,
                size,
                PrpLists.write(memory.buffer(), size, address, address, size, pageShift),
                pageShift);
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
            case 1 -> deviceAddress() + ((long) (firstPage + 1) << pageShift);
            default -> lists.address(firstPage + 1, more);
        };
    }
}
