package io.sluice.partition.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.partition.table.Finding.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** GPTs that somebody made to do harm, or that broke: their checksums are right unless the test says otherwise. */
class HostileGptTest {
    private static final int[] BLOCK_BYTES = {512, 4096};
    private static final long BLOCKS = 20_000;
    private static final int BACKUP = (int) BLOCKS - 1;
    private static final int HEADER_BYTES_AT = 12;
    private static final int BLOCK_AT = 24;
    private static final int FIRST_USABLE_AT = 40;
    private static final int LAST_USABLE_AT = 48;
    private static final int ENTRIES_AT = 72;
    private static final int COUNT_AT = 80;
    private static final int ENTRY_BYTES_AT = 84;

    private static GptImage image(int blockBytes) {
        return new GptImage(blockBytes, BLOCKS).partition(1, 256, 511);
    }

    private static List<Problem> problems(PartitionTable table) {
        return table.findings().stream().map(Finding::problem).toList();
    }

    private static Stream<Arguments> headers(Object[][] changes) {
        return Stream.of(changes)
                .flatMap(change ->
                        Arrays.stream(BLOCK_BYTES).mapToObj(bytes -> Arguments.of(bytes, change[0], change[1])));
    }

    private static Object[] change(String name, Consumer<ByteBuffer> change) {
        return new Object[] {name, change};
    }

    private static Object[] array(String name, int count, int bytes) {
        return change(name, header -> header.putInt(COUNT_AT, count).putInt(ENTRY_BYTES_AT, bytes));
    }

    static Stream<Arguments> arraysThatCannotBe() {
        return headers(new Object[][] {
            array("2^32-1 entries", -1, 128),
            array("2^32-1 entries of 2^31 bytes", -1, 1 << 31),
            array("no entries", 0, 128),
            array("entries of no bytes", 128, 0),
            array("entries of 8 bytes", 128, 8),
            array("entries of 64 bytes", 128, 64),
            array("entries of 127 bytes", 128, 127),
            array("entries of 129 bytes", 128, 129),
            array("entries of 384 bytes", 128, 384),
            array("16 entries of 2^28 bytes, whose product is 2^32", 16, 1 << 28),
            array("2^25+1 entries of 128 bytes, whose product is 2^32+128", (1 << 25) + 1, 128),
            array("more entries than there is room before the partitions", 8192, 128),
            change("entries behind the device", header -> header.putLong(ENTRIES_AT, BLOCKS)),
            change("entries that reach behind the device", header -> header.putLong(ENTRIES_AT, BLOCKS - 1)),
            change("entries at the largest block", header -> header.putLong(ENTRIES_AT, -1)),
            change("entries at 2^63", header -> header.putLong(ENTRIES_AT, Long.MIN_VALUE)),
            change("entries over the protective MBR", header -> header.putLong(ENTRIES_AT, 0)),
            change("entries over the header", header -> header.putLong(ENTRIES_AT, header.getLong(BLOCK_AT))),
            change("entries among the partitions", header -> header.putLong(ENTRIES_AT, 300)),
        });
    }

    @ParameterizedTest(name = "{1}, blocks of {0}")
    @MethodSource("arraysThatCannotBe")
    void arraysThatCannotBeAreNotRead(int blockBytes, String name, Consumer<ByteBuffer> change) throws IOException {
        ImageBlocks both = image(blockBytes).both(change).build();

        assertThatThrownBy(() -> TableReader.read(both))
                .isInstanceOf(PartitionTableException.class)
                .hasMessageContaining("neither copy of it is sound");
        assertThat(both.blocksRead()).as("blocks read").isLessThan(100);
        assertThat(TableReader.read(image(blockBytes).primary(change).build()).partitions())
                .as("with a sound backup")
                .hasSize(1);
    }

    static Stream<Arguments> headersThatCannotBe() {
        return headers(new Object[][] {
            change("a size of 0", header -> header.putInt(HEADER_BYTES_AT, 0)),
            change("a size of 91", header -> header.putInt(HEADER_BYTES_AT, 91)),
            change("a size of more than a block", header -> header.putInt(HEADER_BYTES_AT, header.limit() + 1)),
            change("a size of 2^32-1", header -> header.putInt(HEADER_BYTES_AT, -1)),
            change("another revision", header -> header.putInt(8, 0x00020000)),
            change("another block", header -> header.putLong(BLOCK_AT, 2)),
            change("block -1", header -> header.putLong(BLOCK_AT, -1)),
            change("partitions from block 0", header -> header.putLong(FIRST_USABLE_AT, 0)),
            change("partitions from block -1", header -> header.putLong(FIRST_USABLE_AT, -1)),
            change("partitions that end before they begin", header -> header.putLong(LAST_USABLE_AT, 5)),
            change("partitions to block -1", header -> header.putLong(LAST_USABLE_AT, -1)),
            change("partitions to block 2^63-1", header -> header.putLong(LAST_USABLE_AT, Long.MAX_VALUE)),
            change("partitions to the last block", header -> header.putLong(LAST_USABLE_AT, BLOCKS - 1)),
            change("partitions behind the device", header -> header.putLong(LAST_USABLE_AT, BLOCKS + 5)),
        });
    }

    @ParameterizedTest(name = "{1}, blocks of {0}")
    @MethodSource("headersThatCannotBe")
    void headersThatMakeNoSenseAreNotBelieved(int blockBytes, String name, Consumer<ByteBuffer> change)
            throws IOException {
        ImageBlocks both = image(blockBytes).both(change).build();

        assertThatThrownBy(() -> TableReader.read(both))
                .isInstanceOf(PartitionTableException.class)
                .hasMessageContaining("neither copy of it is sound");
        PartitionTable table =
                TableReader.read(image(blockBytes).primary(change).build());
        assertThat(problems(table)).containsExactly(Problem.PRIMARY_DAMAGED);
        assertThat(table.partitions()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {92, 93, 128, 512})
    void headersOfEveryLegalSizeAreRead(int headerBytes) throws IOException {
        for (int blockBytes : BLOCK_BYTES) {
            PartitionTable table =
                    TableReader.read(image(blockBytes).headerBytes(headerBytes).build());
            assertThat(table.findings()).isEmpty();
            assertThat(table.partitions()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 127, 128, 129, 1000})
    void arraysOfEveryLegalShapeAreRead(int count) throws IOException {
        for (int blockBytes : BLOCK_BYTES) {
            for (int entryBytes : new int[] {128, 256, 512, 1024, 8192}) {
                GptImage image = new GptImage(blockBytes, 100_000).array(count, entryBytes);
                if (count * entryBytes > GptHeader.MOST_ARRAY_BYTES) {
                    continue;
                }
                image.partition(count, image.firstUsable(), image.lastUsable());
                PartitionTable table = TableReader.read(image.build());
                assertThat(table.findings()).isEmpty();
                assertThat(table.partitions()).extracting(Partition::number).containsExactly(count);
                assertThat(table.partitions()).extracting(Partition::extent).containsExactly(table.usable());
            }
        }
    }

    static Stream<Arguments> entriesThatMakeNoSense() {
        long last = image(512).lastUsable();
        return Stream.of(
                Arguments.of("ends before it begins", 1000L, 999L),
                Arguments.of("begins at the largest block", -1L, -1L),
                Arguments.of("ends at the largest block", 1000L, -1L),
                Arguments.of("is negative", Long.MIN_VALUE, Long.MIN_VALUE + 1),
                Arguments.of("ends at 2^63-1", 1000L, Long.MAX_VALUE),
                Arguments.of("begins with the MBR", 0L, 1000L),
                Arguments.of("begins with the header", 1L, 1000L),
                Arguments.of("begins within the entries", 33L, 1000L),
                Arguments.of("ends within the backup's entries", 1000L, last + 1),
                Arguments.of("ends with the device", 1000L, BLOCKS - 1),
                Arguments.of("ends behind the device", 1000L, BLOCKS),
                Arguments.of("is behind the device", BLOCKS, BLOCKS + 10));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("entriesThatMakeNoSense")
    void entriesThatMakeNoSenseAreLeftOut(String name, long first, long last) throws IOException {
        PartitionTable table =
                TableReader.read(image(512).partition(2, first, last).build());

        assertThat(problems(table)).containsExactly(Problem.PARTITION_REFUSED);
        assertThat(table.findings().get(0).text()).startsWith("partition 2 from block " + Long.toUnsignedString(first));
        assertThat(table.partitions()).extracting(Partition::number).containsExactly(1);
    }

    @Test
    void partitionsThatShareABlockAreAllLeftOut() throws IOException {
        PartitionTable table = TableReader.read(new GptImage(512, BLOCKS)
                .partition(1, 1000, 1999)
                .partition(2, 1999, 2999)
                .partition(3, 3000, 3999)
                .partition(4, 3100, 3100)
                .partition(5, 3200, 3200)
                .partition(6, 4000, 4000)
                .build());

        assertThat(table.partitions()).extracting(Partition::number).containsExactly(6);
        assertThat(problems(table)).containsOnly(Problem.PARTITION_REFUSED).hasSize(3);
        assertThat(table.findings().get(0).text())
                .isEqualTo(
                        "partitions 1 (blocks 1000 to 1999) and 2 (blocks 1999 to 2999) share blocks; both are left out");
    }

    @Test
    void theSameGuidTwiceAndNoGuidAreSaid() throws IOException {
        UUID guid = UUID.fromString("01234567-89ab-cdef-0123-456789abcdef");
        PartitionTable table = TableReader.read(new GptImage(512, BLOCKS)
                .partition(1, 1000, 1000, guid)
                .partition(2, 1001, 1001, guid)
                .partition(3, 1002, 1002, new UUID(0, 0))
                .build());

        assertThat(table.partitions()).hasSize(3);
        assertThat(table.findings())
                .extracting(Finding::text)
                .containsExactly(
                        "partitions 1 and 2 have the same unique GUID 01234567-89AB-CDEF-0123-456789ABCDEF",
                        "partition 3 has no unique GUID");
    }

    @Test
    void everyAttributeBitIsKept() throws IOException {
        GptEntry entry = new GptEntry(GptImage.LINUX, new UUID(1, 1), 1000, 1000, -1, "");

        assertThat(TableReader.read(new GptImage(512, BLOCKS).entry(1, entry).build())
                        .partitions())
                .extracting(Partition::attributes)
                .containsExactly(-1L);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, BACKUP, BACKUP - 3})
    void oneSoundCopyIsEnough(int block) throws IOException {
        ImageBlocks damaged = image(512).build();
        int writes = damaged.writes();
        ImageBlocks copy = damaged.copy();
        copy.edit(block, bytes -> bytes.put(90, (byte) ~bytes.get(90)));
        PartitionTable table = TableReader.read(copy);

        assertThat(problems(table)).containsExactly(block < 100 ? Problem.PRIMARY_DAMAGED : Problem.BACKUP_DAMAGED);
        assertThat(table.partitions()).isEqualTo(TableReader.read(damaged).partitions());
        assertThat(table.isDamaged()).isTrue();
        assertThat(damaged.writes()).as("writes").isEqualTo(writes);
    }

    @Test
    void ofTwoSoundCopiesThatDifferTheFirstCounts() throws IOException {
        ImageBlocks image = image(512).build();
        ImageBlocks other = new GptImage(512, BLOCKS).partition(5, 600, 700).build();
        for (long block = BLOCKS - 33; block < BLOCKS; block++) {
            image.write(block, other.read(block, 1));
        }
        PartitionTable table = TableReader.read(image);

        assertThat(table.partitions()).extracting(Partition::number).containsExactly(1);
        assertThat(problems(table)).containsExactly(Problem.COPIES_DIFFER);
    }

    @Test
    void aBackupThatIsTheFirstCopysArrayIsNoBackup() throws IOException {
        ImageBlocks image =
                image(512).backup(header -> header.putLong(ENTRIES_AT, 2)).build();

        assertThat(problems(TableReader.read(image))).containsExactly(Problem.BACKUP_DAMAGED);
    }

    @Test
    void onADeviceThatGrewTheBackupIsFoundWhereItWas() throws IOException {
        PartitionTable table = TableReader.read(image(512).build().resized(BLOCKS + 1000));

        assertThat(problems(table)).containsExactly(Problem.DEVICE_GREW, Problem.PROTECTIVE_MBR_SIZE);
        assertThat(table.isDamaged()).isFalse();
        assertThat(table.usable().lastBlock()).isEqualTo(image(512).lastUsable());
    }

    @Test
    void onADeviceThatShrankPartitionsThatAreCutOffAreLeftOut() throws IOException {
        GptImage image = image(512).partition(2, 10_000, 15_000);
        PartitionTable table = TableReader.read(image.build().resized(12_000));

        assertThat(problems(table))
                .containsExactly(
                        Problem.DEVICE_SHRANK,
                        Problem.BACKUP_DAMAGED,
                        Problem.PARTITION_REFUSED,
                        Problem.PROTECTIVE_MBR_SIZE);
        assertThat(table.partitions()).extracting(Partition::number).containsExactly(1);
        assertThat(table.usable().lastBlock()).isEqualTo(11_999);
        assertThatThrownBy(() -> TableReader.read(image.build().resized(20)))
                .as("nothing is left of what is usable")
                .isInstanceOf(PartitionTableException.class);
    }

    @Test
    void withoutASoundCopyBothAreNamed() {
        ImageBlocks image = image(512).build();
        image.edit(1, bytes -> bytes.put(60, (byte) 1));
        image.edit(BLOCKS - 1, bytes -> bytes.putLong(0, 0));

        assertThatThrownBy(() -> TableReader.read(image))
                .isInstanceOf(PartitionTableException.class)
                .hasMessage("image: it has a GPT, and neither copy of it is sound: header in block 1: its checksum is"
                        + " wrong; backup: no header in block 19999");
    }

    @Test
    void namesThatAreNoTextAreShownWithoutIt() throws IOException {
        PartitionTable table = TableReader.read(new GptImage(512, BLOCKS)
                .entry(1, named(1, "\ud800half"))
                .entry(2, named(2, "line\nfeed\u001b[31m"))
                .entry(3, named(3, "x".repeat(36)))
                .entry(4, named(4, "\ud83d\udc27 \u00e4"))
                .entry(5, named(5, "right\u202eleft"))
                .build());

        assertThat(table.partitions())
                .extracting(Partition::name)
                .containsExactly(
                        "\ufffdhalf",
                        "line\ufffdfeed\ufffd[31m",
                        "x".repeat(36),
                        "\ud83d\udc27 \u00e4",
                        "right\ufffdleft");
        assertThat(problems(table))
                .containsExactly(Problem.NAME_MALFORMED, Problem.NAME_MALFORMED, Problem.NAME_MALFORMED);
    }

    private static GptEntry named(int number, String name) {
        return new GptEntry(GptImage.LINUX, new UUID(0, number), 1000 + number, 1000 + number, 0, name);
    }

    @Test
    void aChangedTableIsNoLongerEqualAndAnUnchangedOneIs() throws IOException {
        PartitionTable table = TableReader.read(image(512).build());

        assertThat(TableReader.read(image(512).build())).isEqualTo(table);
        assertThat(TableReader.read(image(512).partition(1, 256, 510).build())).isNotEqualTo(table);
        assertThat(TableReader.read(image(512).partition(2, 600, 601).build()).partition(1))
                .as("the partition that did not change")
                .isEqualTo(table.partition(1));
    }
}
