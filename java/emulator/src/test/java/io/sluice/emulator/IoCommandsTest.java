package io.sluice.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.block.FileDeviceOptions;
import io.sluice.block.RamDevice;
import io.sluice.emulator.RawHost.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands of the NVM command set, entry by entry. */
class IoCommandsTest {
    private static final int BLOCK = 512;
    private static final int BLOCKS = 4096;
    private static final long OTHER = RawHost.DATA + (1 << 20);
    private RawHost host;

    @BeforeEach
    void enable() throws IOException {
        host = RawHost.enabled(EmulatedController.builder()
                .namespace(new RamDevice("ram", BLOCK, BLOCKS))
                .namespace(3, new RamDevice("other", 4096, 16))
                .maxTransferShift(3)
                .build());
    }

    @AfterEach
    void close() {
        host.close();
    }

    private static byte[] random(int seed, int bytes) {
        byte[] data = new byte[bytes];
        new Random(seed).nextBytes(data);
        return data;
    }

    private static Entry entry(int opcode, long first, int count) {
        return Entry.of(opcode).namespace(1).pointer1(RawHost.DATA).blocks(first, count);
    }

    private int status(Entry entry) {
        return host.io(entry).status();
    }

    private void write(long first, byte[] data) {
        host.fill(RawHost.DATA, data);
        assertThat(status(entry(Opcode.WRITE, first, data.length / BLOCK))).isZero();
    }

    private byte[] read(long first, int count) {
        host.fill(OTHER, new byte[count * BLOCK]);
        assertThat(status(entry(Opcode.READ, first, count).pointer1(OTHER))).isZero();
        return host.read(OTHER, count * BLOCK);
    }

    @Test
    void whatIsWrittenIsRead() {
        byte[] data = random(1, 8 * BLOCK);
        write(100, data);
        assertThat(read(100, 8)).isEqualTo(data);
        assertThat(read(104, 4)).isEqualTo(Arrays.copyOfRange(data, 4 * BLOCK, 8 * BLOCK));
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                Opcode.READ,
                Opcode.WRITE,
                Opcode.COMPARE,
                Opcode.VERIFY,
                Opcode.WRITE_ZEROES,
                Opcode.WRITE_UNCORRECTABLE
            })
    void rangesBeyondTheEndAreRefused(int opcode) {
        for (long[] range : new long[][] {
            {BLOCKS, 1},
            {BLOCKS - 1, 2},
            {BLOCKS - 7, 8},
            {-1, 1},
            {-1, 2},
            {Long.MAX_VALUE, 1},
            {Long.MIN_VALUE, 1},
            {1L << 55, 1},
            {1L << 32, 1}
        }) {
            assertThat(status(entry(opcode, range[0], (int) range[1])))
                    .as("%s blocks at %s", range[1], range[0])
                    .isEqualTo(Status.LBA_OUT_OF_RANGE);
        }
        assertThat(status(entry(opcode, BLOCKS - 1, 1))).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                Opcode.READ,
                Opcode.WRITE,
                Opcode.COMPARE,
                Opcode.VERIFY,
                Opcode.WRITE_ZEROES,
                Opcode.FLUSH,
                Opcode.DATASET_MANAGEMENT,
                Opcode.WRITE_UNCORRECTABLE
            })
    void namespacesThatAreNoneAreRefused(int opcode) {
        assertThat(status(entry(opcode, 0, 1).namespace(0))).isEqualTo(Status.INVALID_NAMESPACE);
        assertThat(status(entry(opcode, 0, 1).namespace(200))).isEqualTo(Status.INVALID_NAMESPACE);
        assertThat(status(entry(opcode, 0, 1).namespace(-2))).isEqualTo(Status.INVALID_NAMESPACE);
        assertThat(status(entry(opcode, 0, 1).namespace(2))).isEqualTo(Status.INVALID_FIELD);
    }

    @Test
    void transfersBeyondTheLargestAreRefused() {
        // MDTS 3: 32 KiB.
        assertThat(status(entry(Opcode.READ, 0, 64).pointer2(OTHER))).isNotEqualTo(Status.INVALID_FIELD);
        assertThat(status(entry(Opcode.READ, 0, 65).pointer2(OTHER))).isEqualTo(Status.INVALID_FIELD);
        assertThat(status(entry(Opcode.WRITE, 0, 65).pointer2(OTHER))).isEqualTo(Status.INVALID_FIELD);
        assertThat(status(entry(Opcode.COMPARE, 0, 65).pointer2(OTHER))).isEqualTo(Status.INVALID_FIELD);
        // These transfer nothing.
        assertThat(status(entry(Opcode.WRITE_ZEROES, 0, 4096))).isZero();
        assertThat(status(entry(Opcode.VERIFY, 0, 4096))).isZero();
    }

    @Test
    void unknownOpcodesAndFusedCommandsAreRefused() {
        for (int opcode : new int[] {0x03, 0x0d, 0x0e, 0x11, 0x15, 0x79, 0x80, 0xff}) {
            assertThat(status(entry(opcode, 0, 1))).as("%02xh", opcode).isEqualTo(Status.INVALID_OPCODE);
        }
        assertThat(status(entry(Opcode.COMPARE, 0, 1).flags(1))).isEqualTo(Status.INVALID_FIELD);
        assertThat(status(entry(Opcode.WRITE, 0, 1).flags(2))).isEqualTo(Status.INVALID_FIELD);
        assertThat(status(entry(Opcode.WRITE, 0, 1).flags(3 << 6))).isEqualTo(Status.INVALID_FIELD);
    }

    @Test
    void compareTellsWhetherBlocksAreWhatTheHostHas() {
        byte[] data = random(2, 8 * BLOCK);
        write(10, data);
        assertThat(status(entry(Opcode.COMPARE, 10, 8))).isZero();
        data[8 * BLOCK - 1]++;
        host.fill(RawHost.DATA, data);
        assertThat(status(entry(Opcode.COMPARE, 10, 8))).isEqualTo(Status.COMPARE_FAILURE);
        assertThat(status(entry(Opcode.COMPARE, 10, 7))).isZero();
    }

    @Test
    void zeroesAreWrittenWhereTheyBelong() {
        byte[] data = random(3, 8 * BLOCK);
        write(20, data);
        assertThat(status(entry(Opcode.WRITE_ZEROES, 21, 6))).isZero();
        Arrays.fill(data, BLOCK, 7 * BLOCK, (byte) 0);
        assertThat(read(20, 8)).isEqualTo(data);
    }

    @Test
    void rangesAreDeallocated() {
        byte[] data = random(4, 8 * BLOCK);
        write(30, data);
        host.bytes().putInt(RawHost.at(OTHER) + 4, 2);
        host.bytes().putLong(RawHost.at(OTHER) + 8, 31);
        host.bytes().putInt(RawHost.at(OTHER) + 20, 1);
        host.bytes().putLong(RawHost.at(OTHER) + 24, 36);
        Entry trim =
                Entry.of(Opcode.DATASET_MANAGEMENT).namespace(1).pointer1(OTHER).dword10(1);
        assertThat(status(trim)).isZero();
        assertThat(read(30, 8)).as("without the attribute nothing happens").isEqualTo(data);
        host.bytes().putInt(RawHost.at(OTHER) + 4, 2);
        host.bytes().putLong(RawHost.at(OTHER) + 8, 31);
        host.bytes().putInt(RawHost.at(OTHER) + 20, 1);
        host.bytes().putLong(RawHost.at(OTHER) + 24, 36);
        assertThat(status(trim.dword11(4))).isZero();
        Arrays.fill(data, BLOCK, 3 * BLOCK, (byte) 0);
        Arrays.fill(data, 6 * BLOCK, 7 * BLOCK, (byte) 0);
        assertThat(read(30, 8)).isEqualTo(data);
    }

    @Test
    void noRangeIsDeallocatedWhenOneIsBeyondTheEnd() {
        byte[] data = random(5, BLOCK);
        write(40, data);
        for (long first : new long[] {BLOCKS, -1, Long.MIN_VALUE}) {
            host.bytes().putInt(RawHost.at(OTHER) + 4, 1);
            host.bytes().putLong(RawHost.at(OTHER) + 8, 40);
            host.bytes().putInt(RawHost.at(OTHER) + 20, 1);
            host.bytes().putLong(RawHost.at(OTHER) + 24, first);
            assertThat(status(Entry.of(Opcode.DATASET_MANAGEMENT)
                            .namespace(1)
                            .pointer1(OTHER)
                            .dword10(1)
                            .dword11(4)))
                    .isEqualTo(Status.LBA_OUT_OF_RANGE);
        }
        host.bytes().putInt(RawHost.at(OTHER) + 4, -1);
        assertThat(status(Entry.of(Opcode.DATASET_MANAGEMENT)
                        .namespace(1)
                        .pointer1(OTHER)
                        .dword11(4)))
                .isEqualTo(Status.LBA_OUT_OF_RANGE);
        assertThat(read(40, 1)).isEqualTo(data);
    }

    @Test
    void blocksThatWereMadeUncorrectableAreUnreadableUntilTheyAreWritten() {
        byte[] data = random(6, 8 * BLOCK);
        write(50, data);
        assertThat(status(entry(Opcode.WRITE_UNCORRECTABLE, 52, 4))).isZero();
        for (int opcode : new int[] {Opcode.READ, Opcode.COMPARE, Opcode.VERIFY}) {
            assertThat(status(entry(opcode, 50, 8))).isEqualTo(Status.UNRECOVERED_READ_ERROR);
            assertThat(status(entry(opcode, 55, 1))).isEqualTo(Status.UNRECOVERED_READ_ERROR);
            assertThat(status(entry(opcode, 50, 2).pointer1(OTHER))).isNotEqualTo(Status.UNRECOVERED_READ_ERROR);
        }
        write(53, random(7, BLOCK));
        assertThat(read(53, 1)).isEqualTo(random(7, BLOCK));
        assertThat(status(entry(Opcode.READ, 52, 1))).isEqualTo(Status.UNRECOVERED_READ_ERROR);
        assertThat(status(entry(Opcode.READ, 54, 1))).isEqualTo(Status.UNRECOVERED_READ_ERROR);
        assertThat(status(entry(Opcode.WRITE_ZEROES, 50, 8))).isZero();
        assertThat(read(50, 8)).isEqualTo(new byte[8 * BLOCK]);
    }

    @Test
    void flushesNameOneNamespaceOrAll() {
        assertThat(status(Entry.of(Opcode.FLUSH).namespace(1))).isZero();
        assertThat(status(Entry.of(Opcode.FLUSH).namespace(3))).isZero();
        assertThat(status(Entry.of(Opcode.FLUSH).namespace(-1))).isZero();
    }

    @Test
    void durableWritesAreWritten() {
        byte[] data = random(8, BLOCK);
        host.fill(RawHost.DATA, data);
        assertThat(status(entry(Opcode.WRITE, 60, 1).dword12(1 << 30))).isZero();
        assertThat(read(60, 1)).isEqualTo(data);
    }

    @Test
    void dataOfBlocksLargerThanWhatPagesHoldTogetherPassesThroughABuffer() {
        // Blocks of 4 KiB at an address within a page: no segment is a whole block.
        byte[] data = random(9, 8192);
        host.fill(RawHost.DATA + 512, data);
        Entry write = Entry.of(Opcode.WRITE).namespace(3).blocks(2, 2).pointer1(RawHost.DATA + 512);
        long list = OTHER + 4096 * 8;
        host.bytes().putLong(RawHost.at(list), RawHost.DATA + 4096);
        host.bytes().putLong(RawHost.at(list) + 8, RawHost.DATA + 8192);
        assertThat(status(write.pointer2(list))).isZero();
        // Read into pages that do not follow each other.
        host.bytes().putLong(RawHost.at(list), OTHER + 3 * 4096);
        host.bytes().putLong(RawHost.at(list) + 8, OTHER + 4096);
        assertThat(status(Entry.of(Opcode.READ)
                        .namespace(3)
                        .blocks(2, 2)
                        .pointer1(OTHER + 512)
                        .pointer2(list)))
                .isZero();
        assertThat(host.read(OTHER + 512, 3584)).isEqualTo(Arrays.copyOf(data, 3584));
        assertThat(host.read(OTHER + 3 * 4096, 4096)).isEqualTo(Arrays.copyOfRange(data, 3584, 7680));
        assertThat(host.read(OTHER + 4096, 512)).isEqualTo(Arrays.copyOfRange(data, 7680, 8192));
    }

    @Test
    void aDeviceThatCannotBeWrittenIsWriteProtected(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("drive");
        Files.write(file, random(10, 8 * BLOCK));
        try (RawHost other = RawHost.enabled(
                EmulatedController.file(file, FileDeviceOptions.defaults().writeable(false)))) {
            assertThat(other.io(entry(Opcode.READ, 0, 8)).status()).isZero();
            assertThat(other.read(RawHost.DATA, 8 * BLOCK)).isEqualTo(random(10, 8 * BLOCK));
            for (int opcode : new int[] {Opcode.WRITE, Opcode.WRITE_ZEROES, Opcode.WRITE_UNCORRECTABLE}) {
                assertThat(other.io(entry(opcode, 0, 1)).status()).isEqualTo(Status.NAMESPACE_WRITE_PROTECTED);
            }
        }
    }

    @Test
    void everyAnswerNamesTheHeadOfTheQueue() {
        for (int i = 0; i < 200; i++) {
            assertThat(host.io(entry(Opcode.READ, i, 1)).head()).isEqualTo((i + 1) % 64);
        }
    }

    @Test
    void anInterruptIsRaisedOnTheQueuesVector() {
        int before = host.interrupts(1);
        host.io(entry(Opcode.READ, 0, 1));
        RawHost.await("an interrupt", () -> host.interrupts(1) > before);
    }

    @Test
    void commandsWaitUntilTheCompletionQueueHasRoom() {
        // 64 entries hold 63 completions. Without its doorbell the controller must stop there.
        for (int i = 0; i < 63; i++) {
            host.submit(1, entry(Opcode.READ, i, 1));
        }
        host.ring(1);
        RawHost.await(
                "all but the room that is kept are answered",
                () -> host.bytes().get(RawHost.at(RawHost.completionAddress(1)) + 16 * 62 + 14) == 1);
        host.submit(1, entry(Opcode.READ, 63, 1));
        host.ring(1);
        for (int i = 0; i < 64; i++) {
            assertThat(host.await(1).status()).isZero();
        }
    }
}
