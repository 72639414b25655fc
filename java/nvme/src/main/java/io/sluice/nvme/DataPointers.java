package io.sluice.nvme;

import io.sluice.block.Segments;
import java.nio.ByteBuffer;

/**
 * Describes memory in several places to the controller: by PRPs (section 4.3) where every segment but the first begins on a page and every one but the last ends
 * on one, by an SGL (section 4.4) otherwise. One thread at a time; nothing here allocates but the constructor.
 */
final class DataPointers {
    /** Of {@link #describe}: the words are PRPs. */
    static final int PRP = 0;
    /** Of {@link #describe}: the words are an SGL descriptor. */
    static final int SGL = 1;
    /** Of {@link #describe}: neither can be, or the controller does not want it. */
    static final int IMPOSSIBLE = 2;
    /** Of {@link #describe}: no pages are left for the list, until an operation ends. */
    static final int NO_ROOM = 3;

    private static final int DESCRIPTOR_SHIFT = 4;
    /** Types of descriptors with an address, in the descriptor's last byte; that of a Data Block is 0. */
    private static final long SEGMENT = 0x20L << 56;

    private static final long LAST_SEGMENT = 0x30L << 56;

    private final ListPages pages;
    private final SglRules sgl;
    private final int pageShift;
    private final long pageBytes;
    private final long pageMask;
    private long first;
    private long second;

    // Where the list goes on.
    private int slot;
    private int at;
    private int left;

    /**
     * Descriptions in pages.
     *
     * @param sgl when SGLs are used, and how many descriptors one may have
     */
    DataPointers(ListPages pages, SglRules sgl, int pageShift) {
        this.pages = pages;
        this.sgl = sgl;
        this.pageShift = pageShift;
        this.pageBytes = 1L << pageShift;
        this.pageMask = pageBytes - 1;
    }

    /** How many pages a list of so many PRP entries takes at most. */
    static int listPages(long entries, int pageShift) {
        long inPage = (1L << pageShift) / Long.BYTES - 1;
        return (int) ((entries + inPage - 1) / inPage);
    }

    /** How many pages an SGL of so many descriptors takes at most. */
    static int segmentPages(int descriptors, int pageShift) {
        int inPage = (1 << pageShift >> DESCRIPTOR_SHIFT) - 1;
        return (descriptors + inPage - 1) / inPage;
    }

    /**
     * Writes what describes segments, and keeps its pages for the slot until {@link #release}.
     *
     * @param segments of {@link NvmeMemory} that is reachable
     */
    int describe(int forSlot, Segments segments) {
        slot = forSlot;
        if (sgl.use() != SglUse.ALWAYS) {
            long entries = prpEntries(segments);
            if (entries > 0) {
                return describeByPrps(segments, entries);
            }
        }
        return sgl.use() == SglUse.NEVER ? IMPOSSIBLE : describeBySgl(segments);
    }

    /** PRP1, or the address of the SGL descriptor, of what was described last. */
    long first() {
        return first;
    }

    /** PRP2, or the rest of the SGL descriptor. */
    long second() {
        return second;
    }

    /** The slot's command is complete. */
    void release(int ofSlot) {
        pages.release(ofSlot);
    }

    private static long address(Segments segments, int index) {
        return ((NvmeMemory) segments.memory(index)).deviceAddress() + segments.offset(index);
    }

    /** How many pages the segments touch; 0 when PRPs cannot describe them. */
    private long prpEntries(Segments segments) {
        int last = segments.count() - 1;
        long entries = 0;
        for (int i = 0; i <= last; i++) {
            long start = address(segments, i);
            long end = start + segments.length(i);
            if ((i > 0 && (start & pageMask) != 0) || (i < last && (end & pageMask) != 0)) {
                return 0;
            }
            entries += ((end - 1) >>> pageShift) - (start >>> pageShift) + 1;
        }
        return entries;
    }

    private int describeByPrps(Segments segments, long entries) {
        first = address(segments, 0);
        second = 0;
        long more = entries - 1;
        if (more > 1) {
            if (pages.freeCount() < listPages(more, pageShift)) {
                return NO_ROOM;
            }
            beginPage();
            second = pages.address(at);
        }
        for (int i = 0; i < segments.count(); i++) {
            long start = address(segments, i);
            long end = start + segments.length(i);
            long page = i == 0 ? (start & -pageBytes) + pageBytes : start;
            for (; page < end; page += pageBytes) {
                if (entries == 2) {
                    second = page;
                } else {
                    putEntry(page, more--);
                }
            }
        }
        return PRP;
    }

    /** The last entry of a page is a pointer to the next one where more than one entry is still to come. */
    private void putEntry(long page, long stillToCome) {
        ByteBuffer list = pages.bytes();
        if (left == Long.BYTES && stillToCome > 1) {
            int pointer = at;
            beginPage();
            list.putLong(pointer, pages.address(at));
        }
        list.putLong(at, page);
        at += Long.BYTES;
        left -= Long.BYTES;
    }

    private void beginPage() {
        at = pages.take(slot);
        left = (int) pageBytes;
    }

    private int describeBySgl(Segments segments) {
        int descriptors = segments.count();
        if (descriptors == 1) {
            first = address(segments, 0);
            second = segments.length(0);
            return SGL;
        }
        if (descriptors > sgl.mostDescriptors()) {
            return IMPOSSIBLE;
        }
        if (pages.freeCount() < segmentPages(descriptors, pageShift)) {
            return NO_ROOM;
        }
        ByteBuffer list = pages.bytes();
        beginPage();
        first = pages.address(at);
        second = pointerTail(descriptors);
        for (int i = 0; i < descriptors; i++) {
            int stillToCome = descriptors - i;
            if (left == 1 << DESCRIPTOR_SHIFT && stillToCome > 1) {
                int pointer = at;
                beginPage();
                list.putLong(pointer, pages.address(at));
                list.putLong(pointer + 8, pointerTail(stillToCome));
            }
            list.putLong(at, address(segments, i));
            list.putLong(at + 8, segments.length(i));
            at += 1 << DESCRIPTOR_SHIFT;
            left -= 1 << DESCRIPTOR_SHIFT;
        }
        return SGL;
    }

    /** Length and type of a descriptor that points to a segment with the first of so many descriptors. */
    private long pointerTail(int descriptors) {
        long bytes = (long) descriptors << DESCRIPTOR_SHIFT;
        return bytes <= pageBytes ? LAST_SEGMENT | bytes : SEGMENT | pageBytes;
    }
}
