package io.sluice.partition;

import io.sluice.block.IoBuffer;
import java.nio.ByteBuffer;
import java.util.BitSet;

/** The buffer of the one session under a multiplexer, handed out piece by piece for data on its way. One thread; a piece is whole pages. */
final class StagingMemory {
    private static final int PAGE_SHIFT = 12;

    private final IoBuffer buffer;
    private final ByteBuffer bytes;
    private final int pages;
    private final BitSet taken;
    private int next;

    StagingMemory(IoBuffer buffer) {
        this.buffer = buffer;
        this.bytes = buffer.bytes();
        this.pages = buffer.size() >> PAGE_SHIFT;
        this.taken = new BitSet(pages);
    }

    IoBuffer buffer() {
        return buffer;
    }

    ByteBuffer bytes() {
        return bytes;
    }

    /** Takes a piece; returns its offset in the buffer, negative when there is none until another is given back. */
    int take(int size) {
        int wanted = pagesOf(size);
        int found = find(next, pages, wanted);
        if (found < 0) {
            found = find(0, Math.min(pages, next + wanted - 1), wanted);
            if (found < 0) {
                return -1;
            }
        }
        taken.set(found, found + wanted);
        next = found + wanted;
        return found << PAGE_SHIFT;
    }

    private int find(int from, int to, int wanted) {
        int at = taken.nextClearBit(from);
        while (at + wanted <= to) {
            int end = taken.nextSetBit(at);
            if (end < 0 || end - at >= wanted) {
                return at;
            }
            at = taken.nextClearBit(end);
        }
        return -1;
    }

    void giveBack(int offset, int size) {
        int first = offset >> PAGE_SHIFT;
        taken.clear(first, first + pagesOf(size));
    }

    private static int pagesOf(int size) {
        return (size + (1 << PAGE_SHIFT) - 1) >> PAGE_SHIFT;
    }
}
