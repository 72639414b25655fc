package io.sluice.partition.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logical partitions of an MBR, made and changed. */
class LogicalPartitionsTest {
    private static final long BLOCKS = 131_072;
    private static final PartitionType LINUX = new PartitionType.Mbr(0x83);
    private static final PartitionType EXTENDED = new PartitionType.Mbr(0x05);
    private static final int LINK = 0x05;

    private interface Change {
        void make(TableEditor editor) throws IOException;
    }

    private static TableEditor editor(Blocks image) throws IOException {
        return new TableEditor(image, 1, BlockUsers.NONE, () -> {});
    }

    private static NewPartition wanted(long first, long count) {
        return NewPartition.of(LINUX).firstBlock(first).blockCount(count);
    }

    /** Partition 1, the extended partition 2 from block 10240 to 92159, and so many logical ones of 4096 blocks. */
    private static ImageBlocks image(int logical) throws IOException {
        ImageBlocks image = new ImageBlocks(512, BLOCKS);
        try (TableEditor editor = editor(image)) {
            editor.init(TableKind.MBR);
            editor.create(wanted(2048, 8192));
            editor.create(NewPartition.of(EXTENDED).firstBlock(10_240).blockCount(81_920));
            for (int i = 0; i < logical; i++) {
                editor.create(wanted(12_288 + i * 6144L, 4096));
            }
        }
        return image;
    }

    private static void refused(ImageBlocks image, String reason, Change change) throws IOException {
        int writes = image.writes();
        try (TableEditor editor = editor(image)) {
            assertThatThrownBy(() -> change.make(editor))
                    .isInstanceOf(PartitionTableException.class)
                    .hasMessageContaining(reason);
        }
        assertThat(image.writes()).as("writes").isEqualTo(writes);
    }

    private static List<Integer> numbers(PartitionTable table) {
        return table.partitions().stream().map(Partition::number).toList();
    }

    private static List<Long> starts(PartitionTable table) {
        return table.partitions().stream()
                .filter(partition -> partition.number() >= 5)
                .map(Partition::firstBlock)
                .toList();
    }

    @Test
    void anExtendedPartitionIsMadeWithTheFirstRecordOfItsChain() throws IOException {
        try (TableEditor editor = editor(image(3))) {
            editor.delete(List.of(2, 5, 6, 7));
            assertThat(editor.table().extended()).isNull();
            Partition made =
                    editor.create(NewPartition.of(EXTENDED).firstBlock(10_240).blockCount(4096));
            assertThat(made).isEqualTo(new Partition(2, 10_240, 4096, EXTENDED, null, "", 0));
            assertThat(editor.table().extended()).isEqualTo(new ExtendedPartition(made, List.of(10_240L)));
            assertThat(editor.table().findings()).isEmpty();
            assertThat(starts(editor.table())).as("of the chain that was there").isEmpty();
        }
    }

    @Test
    void aLogicalPartitionIsAlignedAndItsRecordIsAnAlignmentBeforeIt() throws IOException {
        ImageBlocks image = new ImageBlocks(512, BLOCKS);
        try (TableEditor editor = new TableEditor(image, 4096, BlockUsers.NONE, () -> {})) {
            editor.init(TableKind.MBR);
            editor.create(NewPartition.of(EXTENDED));
            assertThat(editor.create(NewPartition.of(LINUX).blockCount(5000)).extent())
                    .isEqualTo(new Extent(8192, 5000));
            assertThat(editor.create(NewPartition.of(LINUX).blockCount(100)).extent())
                    .isEqualTo(new Extent(16_384, 100));
            assertThat(editor.create(NewPartition.of(LINUX)).extent()).isEqualTo(Extent.between(20_480, 131_071));
            assertThat(numbers(editor.table())).containsExactly(5, 6, 7);
            assertThat(editor.table().extended().records())
                    .as("the start of what is free, where an alignment before is not")
                    .containsExactly(4096L, 13_192L, 16_484L);
        }
    }

    @Test
    void aNewOneGetsTheNextNumberWhereverItIs() throws IOException {
        try (TableEditor editor = editor(image(0))) {
            assertThat(editor.create(wanted(40_960, 2048)).number()).isEqualTo(5);
            assertThat(editor.create(wanted(20_480, 2048)).number()).isEqualTo(6);
            assertThat(editor.create(wanted(30_720, 2048).number(7)).number()).isEqualTo(7);
            assertThat(editor.create(wanted(12_288, 1).logical(true)).number()).isEqualTo(8);
            assertThat(starts(editor.table())).containsExactly(40_960L, 20_480L, 30_720L, 12_288L);
        }
    }

    @Test
    void withoutAPlaceOrANumberAmongTheFourItIsALogicalOne() throws IOException {
        ImageBlocks image = image(0);
        try (TableEditor editor = editor(image)) {
            assertThat(editor.create(NewPartition.of(LINUX).blockCount(2048)).number())
                    .isEqualTo(3);
            assertThat(editor.create(NewPartition.of(LINUX).blockCount(2048).logical(true))
                            .number())
                    .isEqualTo(5);
            Partition rest = editor.create(NewPartition.of(LINUX));
            assertThat(rest.extent()).as("outside").isEqualTo(Extent.between(94_208, 131_071));
            assertThat(editor.create(NewPartition.of(LINUX).blockCount(2048)).number())
                    .isEqualTo(6);
            editor.delete(List.of(4));
            editor.create(wanted(94_208, 0));
            assertThat(numbers(editor.table())).containsExactly(1, 3, 4, 5, 6);
            editor.delete(List.of(3));
            editor.resize(4, 0);
            editor.create(wanted(92_160, 2048));
            editor.delete(List.of(1));
            editor.create(wanted(2048, 8192));
            assertThat(numbers(editor.table())).containsExactly(1, 3, 4, 5, 6);
        }
    }

    @Test
    void thoseBehindADeletedOneMoveDown() throws IOException {
        ImageBlocks image = image(4);
        try (TableEditor editor = editor(image)) {
            editor.type(7, new PartitionType.Mbr(0x8e));
            editor.delete(List.of(6));
            assertThat(starts(editor.table())).containsExactly(12_288L, 24_576L, 30_720L);
            assertThat(editor.table().partition(6).orElseThrow().type()).isEqualTo(new PartitionType.Mbr(0x8e));
            editor.delete(List.of(5));
            assertThat(starts(editor.table())).containsExactly(24_576L, 30_720L);
            assertThat(editor.table().extended().records()).first().isEqualTo(10_240L);
            editor.delete(List.of(6));
            editor.delete(List.of(5));
            assertThat(starts(editor.table())).isEmpty();
            assertThat(editor.table().findings()).isEmpty();
            assertThat(editor.create(NewPartition.of(LINUX).logical(true)).extent())
                    .isEqualTo(Extent.between(12_288, 92_159));
        }
    }

    @Test
    void severalAreDeletedByTheNumbersFromBefore() throws IOException {
        try (TableEditor editor = editor(image(6))) {
            editor.delete(List.of(5, 9, 7, 7));
            assertThat(starts(editor.table())).containsExactly(18_432L, 30_720L, 43_008L);
        }
        ImageBlocks image = image(3);
        refused(image, "partition 2 holds the logical partitions 5 to 7; delete those", e -> e.delete(List.of(2)));
        refused(image, "partition 2 holds the logical partitions 5 to 5", e -> e.delete(List.of(2, 6, 7)));
        try (TableEditor editor = editor(image)) {
            editor.delete(List.of(2, 5, 6, 7));
            assertThat(numbers(editor.table())).containsExactly(1);
            assertThat(editor.table().extended()).isNull();
        }
    }

    @Test
    void oneGrowsUpToTheNextRecordAndNotFurther() throws IOException {
        ImageBlocks image = image(2);
        PartitionTable table = TableReader.read(image);
        assertThat(table.extended().records()).containsExactly(10_240L, 16_384L);
        assertThat(table.freeAfter(table.partition(5).orElseThrow())).isZero();
        assertThat(table.freeAfter(table.partition(6).orElseThrow())).isEqualTo(92_160 - 22_528);
        refused(image, "room for 1 to 4096", editor -> editor.resize(5, 4097));
        refused(image, "room for 1 to 73728", editor -> editor.resize(6, 73_729));
        try (TableEditor editor = editor(image)) {
            assertThat(editor.resize(5, 10).blockCount()).isEqualTo(10);
            assertThat(editor.resize(5, 0).blockCount()).isEqualTo(4096);
            assertThat(editor.resize(6, 0).extent()).isEqualTo(Extent.between(18_432, 92_159));
            editor.resize(6, 10);
            assertThat(editor.table().findings()).isEmpty();
        }
        MbrSector first = MbrSector.get(image.read(10_240, 1));
        assertThat(first.link()).isEqualTo(new MbrSector.Entry(0, LINK, 6144, 2048 + 10));
    }

    @Test
    void theExtendedPartitionKeepsWhatIsInIt() throws IOException {
        ImageBlocks image = image(2);
        refused(image, "partition 2 needs 12288 blocks", editor -> editor.resize(2, 12_287));
        refused(image, "room for 1 to 120832", editor -> editor.resize(2, 120_833));
        refused(image, "type 0x83 is not of such", editor -> editor.type(2, LINUX));
        List<Partition> before = TableReader.read(image).partitions();
        try (TableEditor editor = editor(image)) {
            assertThat(editor.resize(2, 12_288).blockCount()).isEqualTo(12_288);
            assertThat(editor.resize(2, 0).blockCount()).isEqualTo(120_832);
            assertThat(editor.type(2, new PartitionType.Mbr(0x0f)).type()).isEqualTo(new PartitionType.Mbr(0x0f));
            assertThat(editor.table().partitions()).isEqualTo(before);
        }
    }

    @Test
    void whatCannotBeIsRefusedAndNothingIsWritten() throws IOException {
        ImageBlocks image = image(2);
        NewPartition logical = NewPartition.of(LINUX).logical(true);
        NewPartition any = logical.alignBlocks(1);
        refused(image, "the next one is 7", editor -> editor.create(logical.number(8)));
        refused(image, "there is a partition 6 already", editor -> editor.create(logical.number(6)));
        refused(image, "numbers 1 to 60", editor -> editor.create(logical.number(61)));
        refused(image, "partition 3 is none of the logical ones", editor -> editor.create(logical.number(3)));
        refused(
                image,
                "is the extended one already",
                editor -> editor.create(NewPartition.of(EXTENDED).logical(true)));
        refused(image, "partition 2 is the extended one already", editor -> editor.create(NewPartition.of(EXTENDED)));
        refused(
                image,
                "it belongs to a GPT",
                editor -> editor.create(
                        NewPartition.of(new PartitionType.Mbr(0xee)).logical(true)));
        refused(image, "no names", editor -> editor.create(logical.name("x")));
        refused(image, "no names", editor -> editor.name(5, "x"));
        refused(image, "one of the numbers 1 to 4", editor -> editor.type(5, EXTENDED));
        refused(image, "is created as such", editor -> editor.type(1, EXTENDED));
        refused(image, "none of an MBR", editor -> editor.type(5, new PartitionType.Gpt(GptImage.LINUX)));
        refused(image, "block 10240 is not free: usable are 10240", e -> e.create(any.firstBlock(10_240)));
        refused(image, "is not free", editor -> editor.create(any.firstBlock(16_384)));
        refused(image, "is not free", editor -> editor.create(any.firstBlock(16_385)));
        refused(image, "is not free", editor -> editor.create(any.firstBlock(12_288)));
        refused(image, "22528 is not free", editor -> editor.create(any.firstBlock(22_528)));
        refused(image, "is not free", editor -> editor.create(any.firstBlock(92_160)));
        refused(
                image,
                "69631 are free",
                editor -> editor.create(any.firstBlock(22_529).blockCount(69_632)));
        refused(
                image,
                "is not free",
                editor -> editor.create(wanted(20_480, 2048).number(3)));
        for (int number : new int[] {3, 4, 7, 60, 61, 255, Integer.MAX_VALUE}) {
            refused(image, "there is no partition " + number, editor -> editor.delete(List.of(number)));
            refused(image, "there is no partition " + number, editor -> editor.resize(number, 1));
            refused(image, "there is no partition " + number, editor -> editor.type(number, LINUX));
        }
        ImageBlocks without = new ImageBlocks(512, BLOCKS);
        try (TableEditor editor = editor(without)) {
            editor.init(TableKind.MBR);
        }
        refused(without, "there is no extended partition", editor -> editor.create(logical));
        refused(
                without,
                "there is no extended partition",
                editor -> editor.create(wanted(2048, 1).number(5)));
        refused(new GptImage(512, BLOCKS).build(), "a GPT has no logical partitions", e -> e.create(logical));
    }

    @Test
    void thereAreAsManyAsOtherProgramsKnow() throws IOException {
        ImageBlocks image = image(0);
        try (TableEditor editor = editor(image)) {
            for (int i = 0; i < 56; i++) {
                editor.create(wanted(10_242 + i * 4L, 2).alignBlocks(1).logical(true));
            }
            assertThat(numbers(editor.table())).last().isEqualTo(60);
            assertThat(editor.table().findings()).isEmpty();
        }
        refused(
                image,
                "up to number 60",
                editor -> editor.create(NewPartition.of(LINUX).logical(true)));
    }

    @Test
    void whatIsInUseOrWouldGetAnotherNumberIsNotChanged() throws IOException {
        ImageBlocks image = image(3);
        int writes = image.writes();
        Extent used = new Extent(20_000, 1);
        BlockUsers users = extent -> extent.overlaps(used) ? List.of("database") : List.of();
        try (TableEditor editor = new TableEditor(image, 1, users, () -> {})) {
            for (Change change : List.<Change>of(
                    e -> e.delete(List.of(6)), e -> e.resize(6, 1), e -> e.delete(List.of(2, 5, 6, 7)))) {
                assertThatThrownBy(() -> change.make(editor))
                        .isInstanceOf(PartitionTableException.class)
                        .hasMessageContaining("in use by database");
            }
            assertThatThrownBy(() -> editor.delete(List.of(5)))
                    .isInstanceOf(PartitionTableException.class)
                    .hasMessage("image: partition 6 is in use by database and would get a smaller number; close that"
                            + " first");
            assertThat(image.writes()).isEqualTo(writes);
            editor.delete(List.of(7));
            editor.resize(5, 1);
            editor.resize(2, 40_960);
            editor.type(6, new PartitionType.Mbr(0x82));
            editor.create(NewPartition.of(LINUX).logical(true));
            assertThat(editor.table().partition(6).orElseThrow().firstBlock()).isEqualTo(18_432);
        }
    }

    @Test
    void chainsThatBreakAreNotChanged() throws IOException {
        for (long next : new long[] {10_240, 16_384, 22_528, 92_159, 92_160, 0xffffffffL}) {
            ImageBlocks image = image(2);
            MbrTest.entry(image, 16_384, 1, LINK, next - 10_240, 1);
            for (Change change : List.<Change>of(
                    e -> e.create(NewPartition.of(LINUX).logical(true)),
                    e -> e.delete(List.of(5)),
                    e -> e.delete(List.of(1)),
                    e -> e.resize(6, 1),
                    e -> e.resize(2, 0),
                    e -> e.type(5, LINUX))) {
                refused(image, "repair that first: the chain of logical partitions", change);
            }
        }
    }

    @Test
    void aChainThatBreaksIsRepairedWithoutLossOfWhatIsKnown() throws IOException {
        for (long next : new long[] {10_240, 16_384, 22_528, 92_159, 92_160, 0xffffffffL}) {
            ImageBlocks image = image(2);
            MbrTest.entry(image, 16_384, 1, LINK, next - 10_240, 1);
            int writes = image.writes();
            List<Partition> before = TableReader.read(image).withExtended();
            try (TableEditor editor = editor(image)) {
                assertThat(editor.repair().orElseThrow())
                        .contains("ends with the record in block 16384, which led to block")
                        .contains("counts as free");
                assertThat(image.writes()).isEqualTo(writes + 1);
                assertThat(editor.table().findings()).isEmpty();
                assertThat(editor.table().withExtended()).isEqualTo(before);
                assertThat(editor.repair()).isEmpty();
                assertThat(editor.create(NewPartition.of(LINUX).logical(true)).number())
                        .isEqualTo(7);
            }
        }
    }

    @Test
    void aRecordThatLostItsSignatureGetsItAgain() throws IOException {
        for (long record : new long[] {10_240, 16_384, 22_528}) {
            ImageBlocks image = image(3);
            List<Partition> before = TableReader.read(image).withExtended();
            image.edit(record, bytes -> bytes.putShort(510, (short) 0));
            refused(image, "repair that first", editor -> editor.delete(List.of(1)));
            try (TableEditor editor = editor(image)) {
                assertThat(editor.repair())
                        .contains("the record of a logical partition in block " + record + " has its signature again");
                assertThat(editor.table().withExtended()).isEqualTo(before);
                assertThat(editor.table().findings()).isEmpty();
            }
        }
    }

    @Test
    void aBlockThatIsNoRecordIsNotTakenForOne() throws IOException {
        for (long[] entry :
                new long[][] {{0, 0, 0, 0}, {0, 0x83, 2048, 100_000}, {1, 0x83, 2048, 10}, {0, 0x83, 0, 10}}) {
            ImageBlocks image = image(3);
            image.write(22_528, ByteBuffer.allocate(512));
            MbrTest.entry(image, 22_528, 0, (int) entry[1], entry[2], entry[3]);
            image.edit(22_528, bytes -> bytes.put(446, (byte) entry[0]).putShort(510, (short) 0));
            try (TableEditor editor = editor(image)) {
                assertThat(editor.repair().orElseThrow()).contains("ends with the record in block 16384");
                assertThat(starts(editor.table())).containsExactly(12_288L, 18_432L);
            }
        }
        ImageBlocks image = image(0);
        image.write(10_240, ByteBuffer.allocate(512));
        try (TableEditor editor = editor(image)) {
            assertThat(editor.repair().orElseThrow()).contains("an empty record in block 10240");
            assertThat(editor.create(NewPartition.of(LINUX).logical(true)).firstBlock())
                    .isEqualTo(12_288);
        }
    }

    @Test
    void whatCannotBeRepairedIsLeftAsItIs() throws IOException {
        ImageBlocks image = image(0);
        for (int i = 0; i < 260; i++) {
            MbrTest.entry(image, 10_240 + i * 2L, 0, 0x83, 1, 1);
            MbrTest.entry(image, 10_240 + i * 2L, 1, LINK, (i + 1) * 2L, 2);
        }
        refused(image, "has more records than there are numbers", TableEditor::repair);
        ImageBlocks none = new ImageBlocks(512, BLOCKS);
        refused(none, "it has no GPT and no MBR", TableEditor::repair);
        ImageBlocks sound = image(2);
        try (TableEditor editor = editor(sound)) {
            assertThat(editor.repair()).isEmpty();
        }
    }

    @Test
    void severalAreNotDeletedAtOnceWhereARecordHasNoOtherPlace() throws IOException {
        ImageBlocks image = new ImageBlocks(512, BLOCKS);
        try (TableEditor editor = editor(image)) {
            editor.init(TableKind.MBR);
            editor.create(NewPartition.of(EXTENDED).firstBlock(10_240).blockCount(10));
            for (int i = 0; i < 5; i++) {
                editor.create(wanted(10_241 + i * 2L, 1).logical(true).alignBlocks(1));
            }
        }
        refused(image, "delete one after the other, the largest number first", e -> e.delete(List.of(6, 8)));
        try (TableEditor editor = editor(image)) {
            editor.delete(List.of(8, 9));
            editor.delete(List.of(6));
            assertThat(starts(editor.table())).containsExactly(10_241L, 10_245L);
        }
    }

    @Test
    void oneThatMakesNoSenseCanBeDeletedAndNothingElseCanBeDoneBefore() throws IOException {
        for (long[] place : new long[][] {{0, 5}, {2048, 6000}, {2048, 80_000}, {0xffffffffL, 0xffffffffL}}) {
            ImageBlocks image = image(4);
            MbrTest.entry(image, 16_384, 0, 0x83, place[0], place[1]);
            refused(image, "delete that first", editor -> editor.create(NewPartition.of(LINUX)));
            refused(image, "delete that first", editor -> editor.resize(5, 1));
            try (TableEditor editor = editor(image)) {
                editor.delete(List.of(6));
                assertThat(editor.table().findings()).isEmpty();
                assertThat(starts(editor.table())).containsExactly(12_288L, 24_576L, 30_720L);
            }
        }
    }

    @Test
    void aRecordWithinAPartitionIsNotWritten() throws IOException {
        ImageBlocks image = image(4);
        MbrTest.entry(image, 10_240, 0, 0x83, 2048, 12_289);
        refused(
                image,
                "the record in block 22528 is in the logical partition at block 12288; delete that first",
                editor -> editor.delete(List.of(8)));
        try (TableEditor editor = editor(image)) {
            editor.delete(List.of(5));
            assertThat(editor.table().findings()).isEmpty();
            assertThat(starts(editor.table())).containsExactly(18_432L, 24_576L, 30_720L);
        }
        ImageBlocks far = image(2);
        MbrTest.entry(far, 16_384, 0, 0x83, 0xffffffffL, 1);
        refused(far, "not within the extended partition; delete that first", editor -> editor.delete(List.of(5)));
    }

    @Test
    void recordsThatProgramsReadDifferentlyAreNotChanged() throws IOException {
        ImageBlocks more = MbrTest.entry(image(2), 16_384, 2, 0x83, 100, 10);
        refused(more, "in block 16384 has more than a partition and a link", e -> e.delete(List.of(5)));
        ImageBlocks links = MbrTest.entry(image(2), 10_240, 3, LINK, 6144, 10);
        refused(
                links,
                "in block 10240 has more than a partition and a link",
                e -> e.create(NewPartition.of(LINUX).logical(true)));
        try (TableEditor editor = editor(links)) {
            editor.type(1, new PartitionType.Mbr(0x82));
        }
        assertThat(TableReader.read(links).partition(1).orElseThrow().type()).isEqualTo(new PartitionType.Mbr(0x82));
    }

    @Test
    void anExtendedPartitionWhoseChainIsNotKnownStays() throws IOException {
        ImageBlocks image = MbrTest.entry(image(1), 0, 2, LINK, 100_000, 100);
        refused(image, "partition 3 is an extended one that makes no sense", editor -> editor.delete(List.of(3)));
        refused(image, "delete that first", editor -> editor.create(NewPartition.of(LINUX)));
    }

    @Test
    void recordsWithoutAPartitionAreKeptAndFilled() throws IOException {
        // As a program leaves them that only takes the partitions out.
        ImageBlocks image = image(3);
        MbrTest.entry(image, 16_384, 0, 0, 0, 0);
        MbrTest.entry(image, 22_528, 0, 0, 0, 0);
        try (TableEditor editor = editor(image)) {
            assertThat(starts(editor.table())).containsExactly(12_288L);
            assertThat(editor.create(wanted(18_432, 2048)).number()).isEqualTo(6);
            assertThat(editor.table().extended().records())
                    .as("the last one is behind it")
                    .containsExactly(10_240L, 16_384L, 22_528L, 16_385L);
            editor.delete(List.of(6));
            assertThat(editor.create(wanted(24_576, 2048)).number()).isEqualTo(6);
            assertThat(editor.table().extended().records()).containsExactly(10_240L, 16_384L, 22_528L);
            editor.delete(List.of(5));
            assertThat(starts(editor.table())).containsExactly(24_576L);
            assertThat(editor.table().findings()).isEmpty();
        }
    }

    @Test
    void theBootCodeAndTheActiveFlagOfARecordStay() throws IOException {
        ImageBlocks image = image(2);
        image.edit(10_240, bytes -> bytes.put(0, (byte) 0x5a));
        image.edit(16_384, bytes -> bytes.put(446, (byte) 0x80));
        try (TableEditor editor = editor(image)) {
            editor.type(6, new PartitionType.Mbr(0x07));
            editor.resize(6, 5);
            editor.delete(List.of(5));
            assertThat(editor.table().partition(5).orElseThrow())
                    .isEqualTo(new Partition(5, 18_432, 5, new PartitionType.Mbr(0x07), null, "", Partition.BOOTABLE));
        }
        assertThat(image.read(10_240, 1).get(0)).isEqualTo((byte) 0x5a);
    }

    @Test
    void whatIsAsItShouldBeIsNotWritten() throws IOException {
        ImageBlocks image = image(3);
        int writes = image.writes();
        try (TableEditor editor = editor(image)) {
            editor.type(6, LINUX);
            editor.resize(2, 81_920);
            assertThat(image.writes()).isEqualTo(writes);
            editor.type(6, new PartitionType.Mbr(0x82));
            assertThat(image.writes()).as("one record").isEqualTo(writes + 1);
        }
    }

    /** Refuses writes into partitions, those that were there before and those that are there then. */
    private static final class Guarded extends ForwardingBlocks {
        private List<Partition> partitions = List.of();

        Guarded(Blocks blocks) {
            super(blocks);
        }

        @Override
        public void write(long first, ByteBuffer data) throws IOException {
            Extent written = new Extent(first, data.remaining() / blockBytes());
            assertThat(partitions).noneMatch(partition -> partition.extent().overlaps(written));
            super.write(first, data);
            assertThat(TableReader.read(this).findings()).as("after any write").isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void manyChangesInARowKeepTheOthersAndNeverWriteIntoAPartition(long seed) throws IOException {
        Random random = new Random(seed);
        Guarded blocks = new Guarded(image(0));
        List<Partition> model = new ArrayList<>();
        try (TableEditor editor = editor(blocks)) {
            for (int i = 0; i < 150; i++) {
                change(editor, model, random);
                blocks.partitions = editor.table().partitions();
                assertThat(editor.table().partitions().stream().skip(1))
                        .as("seed %d, change %d", seed, i)
                        .isEqualTo(model);
            }
        }
    }

    private static void change(TableEditor editor, List<Partition> model, Random random) throws IOException {
        int at = model.isEmpty() ? 0 : random.nextInt(model.size());
        int what = model.isEmpty() ? 0 : random.nextInt(8);
        if (what < 4 && model.size() < 30) {
            long align = 1L << random.nextInt(10);
            model.add(editor.create(
                    NewPartition.of(LINUX).logical(true).alignBlocks(align).blockCount(1 + random.nextInt(200))));
        } else if (what < 6) {
            List<Integer> numbers = IntStream.range(0, model.size())
                    .filter(i -> i == at || random.nextInt(8) == 0)
                    .mapToObj(i -> 5 + i)
                    .toList();
            editor.delete(numbers);
            model.removeIf(partition -> numbers.contains(partition.number()));
            IntStream.range(0, model.size()).forEach(i -> model.set(i, numbered(model.get(i), 5 + i)));
        } else if (what == 6) {
            long most = model.get(at).blockCount() + editor.table().freeAfter(model.get(at));
            model.set(at, editor.resize(5 + at, 1 + random.nextInt((int) Math.min(most, 400))));
        } else {
            model.set(at, editor.type(5 + at, new PartitionType.Mbr(0x80 + random.nextInt(4))));
        }
    }

    private static Partition numbered(Partition partition, int number) {
        return new Partition(number, partition.firstBlock(), partition.blockCount(), partition.type(), null, "", 0);
    }
}
