package io.sluice.partition.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.partition.table.Finding.Problem;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** MBRs, with and without logical partitions, alone and beside a GPT. */
class MbrTest {
    private static final long BLOCKS = 10_000;
    private static final int LINUX = 0x83;
    private static final int EXTENDED = 0x05;

    private static ImageBlocks image() {
        return new ImageBlocks(512, BLOCKS);
    }

    /** Writes an entry into the record in a block, which becomes one. */
    static ImageBlocks entry(ImageBlocks image, long block, int index, int type, long start, long count) {
        image.edit(block, bytes -> {
            int at = 446 + index * 16;
            bytes.put(at + 4, (byte) type).putInt(at + 8, (int) start).putInt(at + 12, (int) count);
            bytes.putShort(510, (short) 0xaa55);
        });
        return image;
    }

    /** An extended partition from block 1000 to 8999 with logical partitions of 100 blocks, each 63 behind its record. */
    private static ImageBlocks chain(long... records) {
        ImageBlocks image = entry(image(), 0, 1, EXTENDED, 1000, 8000);
        for (int i = 0; i < records.length; i++) {
            entry(image, records[i], 0, LINUX, 63, 100);
            if (i + 1 < records.length) {
                entry(image, records[i], 1, EXTENDED, records[i + 1] - 1000, 163);
            }
        }
        return image;
    }

    private static List<Problem> problems(PartitionTable table) {
        return table.findings().stream().map(Finding::problem).toList();
    }

    private static List<Integer> numbers(PartitionTable table) {
        return table.partitions().stream().map(Partition::number).toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 4096})
    void fourPartitionsAreRead(int blockBytes) throws IOException {
        ImageBlocks image = new ImageBlocks(blockBytes, BLOCKS);
        entry(image, 0, 0, LINUX, 1, 99);
        entry(image, 0, 3, 0x07, 100, BLOCKS - 100);
        image.edit(0, bytes -> bytes.put(446, (byte) 0x80).putInt(440, 0x1a2b3c4d));
        PartitionTable table = TableReader.read(image);

        assertThat(table.kind()).isEqualTo(TableKind.MBR);
        assertThat(table.id()).isEqualTo("0x1a2b3c4d");
        assertThat(table.findings()).isEmpty();
        assertThat(table.partitions())
                .containsExactly(
                        new Partition(1, 1, 99, new PartitionType.Mbr(LINUX), null, "", Partition.BOOTABLE),
                        new Partition(4, 100, BLOCKS - 100, new PartitionType.Mbr(0x07), null, "", 0));
    }

    @Test
    void logicalPartitionsAreNumberedFromFive() throws IOException {
        PartitionTable table = TableReader.read(chain(1000, 3000, 2000));

        assertThat(table.findings()).isEmpty();
        assertThat(numbers(table)).containsExactly(5, 6, 7);
        assertThat(table.partitions()).extracting(Partition::firstBlock).containsExactly(1063L, 3063L, 2063L);
        assertThat(table.extended())
                .isEqualTo(new ExtendedPartition(
                        new Partition(2, 1000, 8000, new PartitionType.Mbr(EXTENDED), null, "", 0),
                        List.of(1000L, 3000L, 2000L)));
        assertThat(table.withExtended()).extracting(Partition::number).containsExactly(2, 5, 6, 7);
        assertThat(table.freeAfter(table.partitions().get(0)))
                .as("up to the next record")
                .isEqualTo(2000 - 1163);
        assertThat(table.freeAfter(table.withExtended().get(0))).isEqualTo(1000);
        assertThat(table.freeAfter(table.partitions().get(1))).isEqualTo(8999 - 3162);
        assertThat(table.free()).containsExactly(new Extent(1, 999), new Extent(9000, 1000));
    }

    @Test
    void anExtendedPartitionMayBeEmpty() throws IOException {
        ImageBlocks image = entry(chain(), 1000, 0, 0, 0, 0);

        assertThat(TableReader.read(image).partitions()).isEmpty();
        assertThat(TableReader.read(image).findings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "1000, 5, comes back to block 1000",
        "2000, 5, comes back to block 2000",
        "8999, 5, has no record in block 8999",
    })
    void chainsThatLoopOrBreakEndThere(long next, int last, String reason) throws IOException {
        ImageBlocks image = chain(1000, 2000);
        entry(image, 2000, 1, EXTENDED, next - 1000, 1);
        PartitionTable table = TableReader.read(image);

        assertThat(numbers(table)).containsExactly(last, last + 1);
        assertThat(problems(table)).containsExactly(Problem.CHAIN_BROKEN);
        assertThat(table.findings().get(0).text()).contains(reason);
        assertThat(image.blocksRead()).isLessThan(300);
    }

    @Test
    void aRecordThatIsItsOwnNextEndsTheChain() throws IOException {
        for (long record : new long[] {1000, 1200}) {
            ImageBlocks image = record == 1000 ? chain(1000) : chain(1000, record);
            entry(image, record, 1, EXTENDED, record - 1000, 163);

            assertThat(problems(TableReader.read(image))).containsExactly(Problem.CHAIN_BROKEN);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {8000, 8001, 9000, 0xffffffffL})
    void aChainDoesNotLeaveTheExtendedPartition(long next) throws IOException {
        ImageBlocks image = chain(1000);
        entry(image, 1000, 1, EXTENDED, next, 1);
        PartitionTable table = TableReader.read(image);

        assertThat(numbers(table)).containsExactly(5);
        assertThat(table.findings()).hasSize(1);
        assertThat(table.findings().get(0).text()).contains("leaves the extended partition after block 1000");
    }

    @Test
    void aChainOfMoreRecordsThanNumbersEnds() throws IOException {
        long[] records = new long[300];
        for (int i = 0; i < records.length; i++) {
            records[i] = 1000 + i * 20L;
        }
        ImageBlocks image = chain(records);
        for (long record : records) {
            entry(image, record, 0, LINUX, 1, 19);
        }
        PartitionTable table = TableReader.read(image);

        assertThat(table.partitions())
                .hasSize(251)
                .last()
                .extracting(Partition::number)
                .isEqualTo(255);
        assertThat(problems(table)).containsExactly(Problem.CHAIN_BROKEN);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 100, its own record",
        "63, 0, nothing",
        "63, 7938, one block behind the extended partition",
        "63, 4294967295, far behind it",
        "4294967295, 4294967295, further",
        "63, 1000, the next record",
    })
    void logicalPartitionsThatCoverWhatIsNotTheirsAreLeftOut(long start, long count, String what) throws IOException {
        ImageBlocks image = chain(1000, 1500);
        entry(image, 1000, 0, LINUX, start, count);
        PartitionTable table = TableReader.read(image);

        assertThat(numbers(table)).as(what).isEqualTo(count == 0 ? List.of(5) : List.of(6));
        assertThat(problems(table))
                .containsExactlyElementsOf(count == 0 ? List.of() : List.of(Problem.PARTITION_REFUSED));
    }

    @ParameterizedTest
    @CsvSource({"0, 100", "9999, 2", "10000, 1", "1, 10000", "4294967295, 4294967295"})
    void partitionsOutsideOfTheDeviceAreLeftOut(long start, long count) throws IOException {
        ImageBlocks image = entry(entry(image(), 0, 0, LINUX, start, count), 0, 1, LINUX, 5000, 10);
        PartitionTable table = TableReader.read(image);

        assertThat(problems(table)).containsExactly(Problem.PARTITION_REFUSED);
        assertThat(numbers(table)).containsExactly(2);
    }

    @Test
    void aPartitionOverTheExtendedOneTakesBothOut() throws IOException {
        ImageBlocks image = entry(chain(1000), 0, 0, LINUX, 500, 501);
        PartitionTable table = TableReader.read(image);

        assertThat(table.partitions()).isEmpty();
        assertThat(problems(table)).containsExactly(Problem.PARTITION_REFUSED);
    }

    @Test
    void thereIsOneExtendedPartition() throws IOException {
        ImageBlocks image = entry(chain(1000), 0, 2, 0x0f, 9000, 100);
        PartitionTable table = TableReader.read(image);

        assertThat(numbers(table)).containsExactly(5);
        assertThat(problems(table)).containsExactly(Problem.PARTITION_REFUSED);
    }

    @Test
    void aBootSectorThatIsNoTableIsNone() throws IOException {
        ImageBlocks image = entry(image(), 0, 0, LINUX, 1, 99);
        image.edit(0, bytes -> bytes.put(446, (byte) 0x12));

        assertThat(TableReader.read(image).kind()).isEqualTo(TableKind.NONE);
    }

    @Test
    void aDeviceWithNoBlockBehindTheTableHasNone() throws IOException {
        ImageBlocks image = entry(new ImageBlocks(512, 1), 0, 0, LINUX, 1, 99);
        PartitionTable table = TableReader.read(image);

        assertThat(table.kind()).isEqualTo(TableKind.NONE);
        assertThat(table.usable()).isEqualTo(new Extent(0, 1));
        assertThat(TableReader.read(image.resized(2)).usable()).isEqualTo(new Extent(1, 1));
    }

    private static GptImage gpt() {
        return new GptImage(512, BLOCKS).partition(1, 100, 199).partition(2, 200, 299);
    }

    @Test
    void aGptBesideAnotherTableIsRefusedAndBothAreNamed() {
        ImageBlocks image = gpt().build();
        image.edit(0, bytes -> bytes.put(0, new byte[512]));
        entry(image, 0, 2, LINUX, 100, 100);

        assertThatThrownBy(() -> TableReader.read(image))
                .isInstanceOf(PartitionTableException.class)
                .hasMessageContaining("two tables that contradict each other")
                .hasMessageContaining("the GPT, and an MBR whose partition 3 (type 0x83, 100 blocks at 100)");
    }

    @Test
    void aHybridMbrIsOneWhosePartitionsAreThoseOfTheGpt() throws IOException {
        ImageBlocks image = entry(gpt().build(), 0, 1, LINUX, 200, 100);
        PartitionTable table = TableReader.read(image);

        assertThat(table.kind()).isEqualTo(TableKind.GPT);
        assertThat(problems(table)).containsExactly(Problem.HYBRID_MBR);
        for (long[] other : new long[][] {{200, 99}, {201, 100}, {300, 100}}) {
            entry(image, 0, 1, LINUX, other[0], other[1]);
            assertThatThrownBy(() -> TableReader.read(image))
                    .isInstanceOf(PartitionTableException.class)
                    .hasMessageContaining("contradict");
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 100", "1, 10000", "2, 9999", "0, 9999"})
    void aProtectiveMbrOfAnotherSizeIsSaid(long start, long count) throws IOException {
        ImageBlocks image = entry(gpt().build(), 0, 0, 0xee, start, count);

        assertThat(problems(TableReader.read(image))).containsExactly(Problem.PROTECTIVE_MBR_SIZE);
    }

    @Test
    void aProtectiveMbrThatCoversAllThatItCanIsRight() throws IOException {
        assertThat(TableReader.read(entry(gpt().build(), 0, 0, 0xee, 1, 0xffffffffL))
                        .findings())
                .isEmpty();
        assertThat(TableReader.read(gpt().build()).findings()).isEmpty();
    }

    @Test
    void aGptWithoutAProtectiveMbrIsRead() throws IOException {
        ImageBlocks image = gpt().build();
        image.edit(0, bytes -> bytes.put(0, new byte[512]));

        assertThat(problems(TableReader.read(image))).containsExactly(Problem.PROTECTIVE_MBR_MISSING);
    }

    @Test
    void aProtectiveMbrWithoutAGptIsAnError() {
        ImageBlocks image = entry(image(), 0, 0, 0xee, 1, BLOCKS - 1);

        assertThatThrownBy(() -> TableReader.read(image)).hasMessageContaining("neither copy of it is sound");
    }

    @Test
    void aBackupThatIsLeftOverDoesNotCountAgainstAnMbr() throws IOException {
        ImageBlocks image = gpt().build();
        image.edit(0, bytes -> bytes.put(0, new byte[512]));
        image.edit(1, bytes -> bytes.put(0, new byte[512]));
        entry(image, 0, 0, LINUX, 500, 10);
        PartitionTable table = TableReader.read(image);

        assertThat(table.kind()).isEqualTo(TableKind.MBR);
        assertThat(problems(table)).containsExactly(Problem.STALE_GPT);
    }

    @Test
    void aBackupAloneCountsWhereNothingElseIs() throws IOException {
        ImageBlocks image = gpt().build();
        image.edit(0, bytes -> bytes.put(0, new byte[512]));
        image.edit(1, bytes -> bytes.put(0, new byte[512]));

        assertThat(problems(TableReader.read(image)))
                .containsExactly(Problem.PRIMARY_DAMAGED, Problem.PROTECTIVE_MBR_MISSING);
    }
}
