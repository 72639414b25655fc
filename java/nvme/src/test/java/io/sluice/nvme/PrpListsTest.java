package io.sluice.nvme;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A controller that reads the lists by the rules of section 4.3 finds the pages that were meant, and reads nothing else. */
class PrpListsTest {
    private static final long LISTS = 0x7_0000_0000L;
    private static final long BUFFER = 0x9_8000_0000L;

    @ParameterizedTest(name = "pages of 2^{0} bytes, {1} in the buffer")
    @CsvSource({"12, 700", "12, 257", "12, 256", "12, 1", "13, 640"})
    void everyTransferOfABufferIsDescribed(int pageShift, int pages) {
        Walker walker = new Walker(pageShift, (long) pages << pageShift);
        for (int start = 1; start < pages; start++) {
            for (int count = 2; count <= pages - start; count++) {
                walker.walk(start, count);
            }
        }
    }

    @ParameterizedTest(name = "pages of 2^{0} bytes, {1} in the buffer")
    @CsvSource({"12, 262144", "12, 5000", "13, 9000", "16, 16384", "16, 9000"})
    void largeBuffersAreDescribedAtRandomPlaces(int pageShift, int pages) {
        long seed = 20260101L + pages;
        Random random = new Random(seed);
        Walker walker = new Walker(pageShift, (long) pages << pageShift);
        for (int i = 0; i < 1500; i++) {
            int start = 1 + random.nextInt(pages - 2);
            int most = Math.min(pages - start, 20_000);
            walker.walk(start, 2 + random.nextInt(most - 1));
        }
    }

    @ParameterizedTest(name = "pages of 2^{0} bytes")
    @CsvSource({"12", "13", "16"})
    void transfersThatEndOnOrBesideAPointerAreDescribed(int pageShift) {
        int entries = 1 << (pageShift - 3);
        int pages = 4 * entries;
        Walker walker = new Walker(pageShift, (long) pages << pageShift);
        for (int lists = 1; lists <= 3; lists++) {
            for (int off = -3; off <= 3; off++) {
                int end = lists * (entries - 1) + off;
                for (int start : new int[] {1, 2, entries / 2 - 1, entries / 2, entries / 2 + 1}) {
                    if (end - start >= 2) {
                        walker.walk(start, end - start);
                        walker.walk(start, end - start + entries / 2);
                    }
                }
            }
        }
    }

    @Test
    void listsBeginAtTheirOffsetInTheMemory() {
        int bytes = (int) PrpLists.bytes(64 << 12, 12);
        ByteBuffer memory = ByteBuffer.allocate(bytes + 8192).order(ByteOrder.LITTLE_ENDIAN);

        PrpLists lists = PrpLists.write(memory, 8192, LISTS, BUFFER, 64 << 12, 12);

        assertThat(lists.address(3, 2)).isEqualTo(LISTS + 8192 + 3 * 8);
        assertThat(memory.getLong(8192 + 3 * 8)).isEqualTo(BUFFER + (3 << 12));
        for (int at = 0; at < 8192; at += 8) {
            assertThat(memory.getLong(at)).isZero();
        }
    }

    /** Reads lists as a controller does. */
    private static final class Walker {
        private final int pageShift;
        private final ByteBuffer memory;
        private final PrpLists lists;

        Walker(int pageShift, long bufferBytes) {
            this.pageShift = pageShift;
            this.memory = ByteBuffer.allocate((int) PrpLists.bytes(bufferBytes, pageShift))
                    .order(ByteOrder.LITTLE_ENDIAN);
            this.lists = PrpLists.write(memory, 0, LISTS, BUFFER, bufferBytes, pageShift);
        }

        void walk(int start, int count) {
            long at = lists.address(start, count);
            long lastInPage = (1L << pageShift) - 8;
            int found = 0;
            while (found < count) {
                long entry = memory.getLong((int) (at - LISTS));
                if ((at & lastInPage) == lastInPage && count - found > 1) {
                    if ((entry & ((1L << pageShift) - 1)) != 0) {
                        throw new AssertionError("pointer to 0x" + Long.toHexString(entry) + " is no page");
                    }
                    at = entry;
                    continue;
                }
                if (entry != BUFFER + ((long) (start + found) << pageShift)) {
                    throw new AssertionError("transfer of " + count + " pages from " + start + ": entry " + found
                            + " is 0x" + Long.toHexString(entry));
                }
                found++;
                at += 8;
            }
        }
    }
}
