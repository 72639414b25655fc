package io.sluice.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.block.RamDevice;
import io.sluice.emulator.RawHost.Entry;
import io.sluice.pci.DmaMap;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** PRPs and SGLs, right and wrong ones. */
class DataPointerTest {
    private static final int BLOCK = 512;
    private static final int PAGE = 4096;
    private static final long LIST = RawHost.DATA + (4 << 20);
    private static final long NOWHERE = 1L << 50;
    private RawHost host;
    private final byte[] data = new byte[3 << 20];

    @BeforeEach
    void enable() throws IOException {
        host = RawHost.enabled(EmulatedController.builder()
                .namespace(new RamDevice("ram", BLOCK, 1 << 16))
                .maxTransferShift(0)
                .build());
        new Random(1).nextBytes(data);
        // What is on the device: the data, written page by page.
        host.fill(RawHost.DATA, data);
        for (int page = 0; page < data.length / PAGE; page++) {
            assertThat(host.io(Entry.of(Opcode.WRITE)
                                    .namespace(1)
                                    .pointer1(RawHost.DATA + (long) page * PAGE)
                                    .blocks(page * 8L, 8))
                            .status())
                    .isZero();
        }
        host.fill(RawHost.DATA, new byte[4 << 20]);
    }

    @AfterEach
    void close() {
        host.close();
    }

    private int read(int bytes, long first, long second) {
        return host.io(Entry.of(Opcode.READ)
                        .namespace(1)
                        .blocks(0, bytes / BLOCK)
                        .pointer1(first)
                        .pointer2(second))
                .status();
    }

    private void list(long address, long... entries) {
        for (int i = 0; i < entries.length; i++) {
            host.bytes().putLong(RawHost.at(address) + 8 * i, entries[i]);
        }
    }

    private static long page(int number) {
        return RawHost.DATA + (long) number * PAGE;
    }

    private void assertRead(long address, int from, int bytes) {
        assertThat(host.bytes().slice(RawHost.at(address), bytes).mismatch(ByteBuffer.wrap(data, from, bytes)))
                .isEqualTo(-1);
    }

    @Test
    void oneAndTwoPagesNeedNoList() {
        assertThat(read(PAGE, page(3), NOWHERE)).isZero();
        assertRead(page(3), 0, PAGE);
        assertThat(read(2 * PAGE, page(9), page(5))).isZero();
        assertRead(page(9), 0, PAGE);
        assertRead(page(5), PAGE, PAGE);
        assertThat(read(PAGE, page(20) + 1024, page(30))).isZero();
        assertRead(page(20) + 1024, 0, 3072);
        assertRead(page(30), 3072, 1024);
    }

    @Test
    void aListMayBeginAnywhereInItsPage() {
        list(LIST + PAGE - 24, page(1), page(4), page(2));
        assertThat(read(4 * PAGE, page(7), LIST + PAGE - 24)).isZero();
        assertRead(page(7), 0, PAGE);
        assertRead(page(1), PAGE, PAGE);
        assertRead(page(4), 2 * PAGE, PAGE);
        assertRead(page(2), 3 * PAGE, PAGE);
    }

    @Test
    void theLastEntryOfAFullPageLeadsToTheNext() {
        // From the second last entry on: one page, then the pointer.
        list(LIST + PAGE - 16, page(1), LIST + 3 * PAGE);
        list(LIST + 3 * PAGE, page(4), page(2));
        assertThat(read(4 * PAGE, page(7), LIST + PAGE - 16)).isZero();
        assertRead(page(1), PAGE, PAGE);
        assertRead(page(4), 2 * PAGE, PAGE);
        assertRead(page(2), 3 * PAGE, PAGE);
        // From the last entry on: nothing but the pointer.
        list(LIST + PAGE - 8, LIST + 3 * PAGE);
        assertThat(read(3 * PAGE, page(8), LIST + PAGE - 8)).isZero();
        assertRead(page(8), 0, PAGE);
        assertRead(page(4), PAGE, PAGE);
    }

    @Test
    void aLongTransferFollowsManyLists() {
        int pages = data.length / PAGE;
        long at = LIST;
        int inPage = 0;
        for (int i = 1; i < pages; i++) {
            if (inPage == 511 && i < pages - 1) {
                host.bytes().putLong(RawHost.at(at) + 8 * 511, at + PAGE);
                at += PAGE;
                inPage = 0;
            }
            host.bytes().putLong(RawHost.at(at) + 8 * inPage++, page(pages - 1 - i));
        }
        assertThat(read(data.length, page(pages - 1), LIST)).isZero();
        for (int i = 0; i < pages; i++) {
            assertRead(page(pages - 1 - i), i * PAGE, PAGE);
        }
    }

    @Test
    void pagesThatAreNotAlignedAreRefused() {
        assertThat(read(PAGE, page(1) + 2, 0)).isEqualTo(Status.PRP_OFFSET_INVALID);
        assertThat(read(2 * PAGE, page(1), page(2) + 4)).isEqualTo(Status.PRP_OFFSET_INVALID);
        assertThat(read(4 * PAGE, page(1), LIST + 4)).isEqualTo(Status.PRP_OFFSET_INVALID);
        list(LIST, page(1), page(2) + 8, page(3));
        assertThat(read(4 * PAGE, page(1), LIST)).isEqualTo(Status.PRP_OFFSET_INVALID);
        list(LIST + PAGE - 8, LIST + 3 * PAGE + 8);
        assertThat(read(3 * PAGE, page(1), LIST + PAGE - 8)).isEqualTo(Status.PRP_OFFSET_INVALID);
    }

    @Test
    void memoryThatIsNotThereIsATransferError() {
        assertThat(read(PAGE, NOWHERE, 0)).isEqualTo(Status.DATA_TRANSFER_ERROR);
        assertThat(read(PAGE, 0, 0)).isEqualTo(Status.DATA_TRANSFER_ERROR);
        assertThat(read(PAGE, -PAGE, 0)).isEqualTo(Status.DATA_TRANSFER_ERROR);
        assertThat(read(2 * PAGE, page(1), NOWHERE)).isEqualTo(Status.DATA_TRANSFER_ERROR);
        assertThat(read(4 * PAGE, page(1), NOWHERE)).isEqualTo(Status.DATA_TRANSFER_ERROR);
        list(LIST, page(1), NOWHERE, page(3));
        assertThat(read(4 * PAGE, page(1), LIST)).isEqualTo(Status.DATA_TRANSFER_ERROR);
        list(LIST + PAGE - 8, NOWHERE);
        assertThat(read(3 * PAGE, page(1), LIST + PAGE - 8)).isEqualTo(Status.DATA_TRANSFER_ERROR);
        // A page at the very end of the memory, and one byte beyond.
        long end = RawHost.MEMORY + RawHost.MEMORY_BYTES;
        assertThat(read(PAGE, end - PAGE, 0)).isZero();
        assertThat(read(PAGE, end - PAGE + BLOCK, end)).isEqualTo(Status.DATA_TRANSFER_ERROR);
    }

    @Test
    void aListThatLeadsToItselfEnds() {
        for (int i = 0; i < 511; i++) {
            host.bytes().putLong(RawHost.at(LIST) + 8 * i, page(i));
        }
        host.bytes().putLong(RawHost.at(LIST) + 8 * 511, LIST);
        // The same pages again and again: legal, since the list is read as often as there is data.
        assertThat(read(1200 * BLOCK * 8, page(600), LIST)).isZero();
    }

    @Test
    void dataMayCrossFromOnePieceOfMemoryIntoTheNext() {
        ByteBuffer more = ByteBuffer.allocateDirect(PAGE);
        host.memory(host.memory().with(RawHost.MEMORY + RawHost.MEMORY_BYTES, more, true));
        long end = RawHost.MEMORY + RawHost.MEMORY_BYTES;
        assertThat(descriptor(2048, end - 1024, 2048, 0x00)).isZero();
        assertRead(end - 1024, 0, 1024);
        assertThat(more.slice(0, 1024).mismatch(ByteBuffer.wrap(data, 1024, 1024)))
                .isEqualTo(-1);
    }

    @Test
    void memoryThatTheControllerMayNotWriteIsNotWritten() {
        ByteBuffer secret = ByteBuffer.allocateDirect(PAGE);
        host.memory(host.memory().with(NOWHERE, secret, false));
        assertThat(read(PAGE, NOWHERE, 0)).isEqualTo(Status.DATA_TRANSFER_ERROR);
        assertThat(secret.mismatch(ByteBuffer.allocate(PAGE))).isEqualTo(-1);
        assertThat(host.io(Entry.of(Opcode.WRITE).namespace(1).blocks(0, 8).pointer1(NOWHERE))
                        .status())
                .isZero();
    }

    @Test
    void memoryThatWasTakenAwayIsNotReachedAnyMore() {
        ByteBuffer more = ByteBuffer.allocateDirect(PAGE);
        DmaMap before = host.memory();
        host.memory(before.with(NOWHERE, more, true));
        assertThat(read(PAGE, NOWHERE, 0)).isZero();
        host.memory(before);
        assertThat(read(PAGE, NOWHERE, 0)).isEqualTo(Status.DATA_TRANSFER_ERROR);
    }

    private int descriptor(int bytes, long address, int length, int type) {
        return host.io(Entry.of(Opcode.READ)
                        .flags(1 << 6)
                        .namespace(1)
                        .blocks(0, bytes / BLOCK)
                        .pointer1(address)
                        .pointer2(((long) type << 56) | (length & 0xffff_ffffL)))
                .status();
    }

    private void descriptorAt(long at, long address, int length, int type) {
        host.bytes().putLong(RawHost.at(at), address);
        host.bytes().putLong(RawHost.at(at) + 8, ((long) type << 56) | (length & 0xffff_ffffL));
    }

    @Test
    void aDataBlockDescribesAllOfTheDataOrMore() {
        assertThat(descriptor(3 * PAGE, page(1) + 7, 3 * PAGE, 0x00)).isZero();
        assertRead(page(1) + 7, 0, 3 * PAGE);
        assertThat(descriptor(PAGE, page(8), 2 * PAGE, 0x00)).isZero();
        assertThat(descriptor(2 * PAGE, page(8), PAGE, 0x00)).isEqualTo(Status.SGL_LENGTH_INVALID);
        assertThat(descriptor(PAGE, page(8), 0, 0x00)).isEqualTo(Status.SGL_LENGTH_INVALID);
        assertThat(descriptor(PAGE, NOWHERE, PAGE, 0x00)).isEqualTo(Status.DATA_TRANSFER_ERROR);
    }

    @Test
    void segmentsLeadToEachOther() {
        descriptorAt(LIST, page(5), 1000, 0x00);
        descriptorAt(LIST + 16, 0, 500, 0x10);
        descriptorAt(LIST + 32, LIST + PAGE, 32, 0x30);
        descriptorAt(LIST + PAGE, page(2), 1500, 0x00);
        descriptorAt(LIST + PAGE + 16, page(3), 1096, 0x00);
        assertThat(descriptor(PAGE, LIST, 48, 0x20)).isZero();
        assertRead(page(5), 0, 1000);
        assertRead(page(2), 1500, 1500);
        assertRead(page(3), 3000, 1096);
    }

    @Test
    void segmentsThatMakeNoSenseAreRefused() {
        descriptorAt(LIST, page(5), PAGE, 0x00);
        assertThat(descriptor(PAGE, LIST, 16, 0x30)).isZero();
        assertThat(descriptor(PAGE, LIST, 0, 0x30)).isEqualTo(Status.INVALID_SGL_SEGMENT);
        assertThat(descriptor(PAGE, LIST, 15, 0x30)).isEqualTo(Status.INVALID_SGL_SEGMENT);
        assertThat(descriptor(PAGE, LIST, 16, 0x20))
                .as("a segment that is not the last ends with a pointer")
                .isEqualTo(Status.INVALID_SGL_SEGMENT);
        assertThat(descriptor(2 * PAGE, LIST, 16, 0x30)).isEqualTo(Status.SGL_LENGTH_INVALID);
        assertThat(descriptor(PAGE, NOWHERE, 16, 0x30)).isEqualTo(Status.DATA_TRANSFER_ERROR);
        assertThat(descriptor(PAGE, LIST, -16, 0x30)).isEqualTo(Status.INVALID_SGL_COUNT);
        assertThat(descriptor(PAGE, page(1), PAGE, 0x40)).isEqualTo(Status.SGL_TYPE_INVALID);
        assertThat(descriptor(PAGE, page(1), PAGE, 0x01)).isEqualTo(Status.SGL_TYPE_INVALID);
        descriptorAt(LIST, page(5), PAGE, 0x50);
        assertThat(descriptor(PAGE, LIST, 16, 0x30)).isEqualTo(Status.SGL_TYPE_INVALID);
        descriptorAt(LIST, LIST, 16, 0x30);
        assertThat(descriptor(PAGE, LIST, 16, 0x30))
                .as("the last segment ends with data")
                .isEqualTo(Status.INVALID_SGL_SEGMENT);
    }

    @Test
    void segmentsInACircleEnd() {
        descriptorAt(LIST, LIST, 16, 0x20);
        assertThat(descriptor(PAGE, LIST, 16, 0x20)).isEqualTo(Status.INVALID_SGL_COUNT);
        descriptorAt(LIST, page(1), 0, 0x00);
        descriptorAt(LIST + 16, LIST, 32, 0x20);
        assertThat(descriptor(PAGE, LIST, 32, 0x20)).isEqualTo(Status.INVALID_SGL_COUNT);
    }

    @Test
    void adminCommandsTakeNoScatterGatherLists() {
        assertThat(host.admin(Entry.of(Opcode.IDENTIFY)
                                .flags(1 << 6)
                                .dword10(1)
                                .pointer1(page(1))
                                .pointer2(PAGE))
                        .status())
                .isEqualTo(Status.INVALID_FIELD);
    }
}
