package io.sluice.nvme;

import io.sluice.pci.DmaMemory;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Pages of memory that PRP lists and SGL segments are written to, handed out to slots one by one. One thread at a time; nothing here allocates but the
 * constructor.
 */
final class ListPages {
    private static final int NONE = -1;

    private final DmaMemory memory;
    private final ByteBuffer bytes;
    private final long deviceAddress;
    private final int pageShift;
    /** For each page the one that the same slot, or nobody, has besides. */
    private final int[] next;

    private final int[] firstOfSlot;
    private int free;
    private int freeCount;

    /**
     * Allocates pages.
     *
     * @param count how many
     * @param slots numbered from 0
     */
    ListPages(PageAllocator allocator, int count, int slots) throws IOException {
        this.pageShift = allocator.pageShift();
        this.memory = allocator.allocate((long) count << pageShift);
        this.bytes = memory.buffer();
        this.deviceAddress = memory.deviceAddress();
        this.next = new int[count];
        this.firstOfSlot = new int[slots];
        for (int page = 0; page < count; page++) {
            next[page] = page - 1;
        }
        for (int slot = 0; slot < slots; slot++) {
            firstOfSlot[slot] = NONE;
        }
        this.free = count - 1;
        this.freeCount = count;
    }

    /** How many {@link #take} can give. */
    int freeCount() {
        return freeCount;
    }

    /** Gives a page to a slot; returns where it starts in {@link #bytes}. There must be one. */
    int take(int slot) {
        int page = free;
        free = next[page];
        freeCount--;
        next[page] = firstOfSlot[slot];
        firstOfSlot[slot] = page;
        return page << pageShift;
    }

    /** Takes the pages of a slot back: the controller does not read them any more. */
    void release(int slot) {
        int page = firstOfSlot[slot];
        firstOfSlot[slot] = NONE;
        while (page != NONE) {
            int following = next[page];
            next[page] = free;
            free = page;
            freeCount++;
            page = following;
        }
    }

    ByteBuffer bytes() {
        return bytes;
    }

    /** The address for the controller of a position in {@link #bytes}. */
    long address(int position) {
        return deviceAddress + position;
    }

    void close() {
        memory.close();
    }
}
