package io.sluice.nvme;

import java.nio.ByteBuffer;

/**
 * The PRP lists of a buffer (section 4.3), written once when the buffer is made: a transfer only picks the place in a list
 * that starts with its second page. Nothing is written per command, however large.
 *
 * <p>That works because the buffer is contiguous for the controller, so that the entry for a page never changes, and because
 * PRP2 may point into the middle of a list page. What does change with the transfer is the meaning of a list page's last
 * entry: it is a pointer to the next list page when more than one entry is still needed, and an ordinary entry when it is the
 * last one. Hence two kinds of lists:
 *
 * <ul>
 *   <li><b>Short</b> lists never reach that last entry. Page k holds the entries from k * E/2 on (E = entries of a page), so
 *       each entry stands in the first half of some page and at least E/2 follow it there.
 *   <li><b>Chained</b> lists, for more entries than that, hold E - 1 entries a page and a pointer. A transfer that would end
 *       exactly on the entry where the pointer is must not use them; so there are two, shifted against each other by half
 *       a page, and at most one of them is unfit.
 * </ul>
 */
final class PrpLists {
    private final int pageShift;
    private final int entriesShift;
    private final int entries;
    private final long shortLists;
    private final long[] chained = new long[2];

    private PrpLists(int pageShift, long listsAddress, int bufferPages) {
        this.pageShift = pageShift;
        this.entriesShift = pageShift - 3;
        this.entries = 1 << entriesShift;
        this.shortLists = listsAddress;
        this.chained[0] = shortLists + ((long) shortPages(bufferPages) << pageShift);
        this.chained[1] = chained[0] + ((long) chainedPages(bufferPages, 0) << pageShift);
    }

    /** How many bytes of list pages a buffer needs. */
    static long bytes(long bufferBytes, int pageShift) {
        PrpLists lists = new PrpLists(pageShift, 0, pages(bufferBytes, pageShift));
        int pages = pages(bufferBytes, pageShift);
        return lists.chained[1] + ((long) lists.chainedPages(pages, 1) << pageShift);
    }

    /**
     * Writes the lists.
     *
     * @param memory where the lists go, {@link #bytes} from {@code offset} on, which is the start of a page
     * @param memoryAddress address of {@code memory} for the controller
     * @param bufferAddress address of the buffer for the controller, the start of a page
     */
    static PrpLists write(
            ByteBuffer memory, int offset, long memoryAddress, long bufferAddress, long bufferBytes, int pageShift) {
        int pages = pages(bufferBytes, pageShift);
        PrpLists lists = new PrpLists(pageShift, memoryAddress + offset, pages);
        int half = lists.entries >> 1;
        int at = offset;
        for (int page = 0; page < lists.shortPages(pages); page++, at += 1 << pageShift) {
            for (int i = 0; i < lists.entries && page * half + i < pages; i++) {
                memory.putLong(at + 8 * i, bufferAddress + ((long) (page * half + i) << pageShift));
            }
        }
        for (int kind = 0; kind < 2; kind++) {
            for (int page = 0; page < lists.chainedPages(pages, kind); page++, at += 1 << pageShift) {
                for (int i = 0; i < lists.entries - 1; i++) {
                    long index = (long) page * (lists.entries - 1) + i - lists.shift(kind);
                    if (index >= 0 && index < pages) {
                        memory.putLong(at + 8 * i, bufferAddress + (index << pageShift));
                    }
                }
                memory.putLong(at + (1 << pageShift) - 8, memoryAddress + at + (1L << pageShift));
            }
        }
        return lists;
    }

    /**
     * The address for PRP2 of a transfer.
     *
     * @param page page of the buffer that the first entry of the list is to name
     * @param count how many entries, 2 or more
     */
    long address(int page, int count) {
        int half = entries >> 1;
        if (count <= half) {
            int listPage = page >> (entriesShift - 1);
            return shortLists + ((long) listPage << pageShift) + 8L * (page & half - 1);
        }
        int kind = endsOnPointer(page, count, 0) ? 1 : 0;
        int position = page + shift(kind);
        int listPage = position / (entries - 1);
        return chained[kind] + ((long) listPage << pageShift) + 8L * (position - listPage * (entries - 1));
    }

    /** Whether the last of the entries would stand where the pointer to the next list page is. */
    private boolean endsOnPointer(int page, int count, int kind) {
        int place = (page + shift(kind)) % (entries - 1);
        return (place + count) % (entries - 1) == 1;
    }

    private int shift(int kind) {
        return kind == 0 ? 0 : entries >> 1;
    }

    private int shortPages(int bufferPages) {
        int half = entries >> 1;
        return (bufferPages + half - 1) / half;
    }

    private int chainedPages(int bufferPages, int kind) {
        // A buffer that the short lists cover whole needs no chained ones.
        return bufferPages <= entries >> 1 ? 0 : (bufferPages + shift(kind) + entries - 2) / (entries - 1);
    }

    private static int pages(long bufferBytes, int pageShift) {
        return (int) ((bufferBytes + (1L << pageShift) - 1) >> pageShift);
    }
}
