package io.sluice.partition.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.block.InvalidRequestException;
import io.sluice.block.RamDevice;
import io.sluice.partition.table.Finding.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableEditorTest {
    private static final long BLOCKS = 65_536;
    private static final PartitionType LINUX = new PartitionType.Gpt(GptImage.LINUX);

    private static TableEditor editor(Blocks image) throws IOException {
        return new TableEditor(image, 1, BlockUsers.NONE, () -> {});
    }

    /** Partitions 1 and 2 beside each other, 3 with room before it. */
    private static GptImage gpt() {
        return new GptImage(512, BLOCKS)
                .partition(1, 2048, 4095)
                .partition(2, 4096, 6143)
                .partition(3, 8192, 10_239);
    }

    private interface Change {
        void make(TableEditor editor) throws IOException;
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

    @Test
    void partitionsAreMadeInTheLargestFreePlaceAndAligned() throws IOException {
        try (TableEditor editor = editor(gpt().build())) {
            Partition first =
                    editor.create(NewPartition.of(LINUX).blockCount(100).name("first"));
            assertThat(first.number()).isEqualTo(4);
            assertThat(first.extent()).isEqualTo(new Extent(10_240, 100));
            assertThat(first.name()).isEqualTo("first");
            assertThat(first.guid()).isNotNull();
            assertThat(editor.create(NewPartition.of(LINUX)).extent())
                    .as("the rest, up to an aligned end")
                    .isEqualTo(Extent.between(12_288, 63_487));
            assertThat(editor.create(NewPartition.of(LINUX).firstBlock(6144)).extent())
                    .isEqualTo(Extent.between(6144, 8191));
            assertThat(editor.table().partitions()).hasSize(6);
            assertThat(editor.table().findings()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "512, 1, 2048",
        "4096, 1, 256",
        "512, 8, 2048",
        "512, 4096, 4096",
        "512, 3000, 768000",
        "512, 2147483647, 2048",
        "1048576, 1, 1",
        "1048576, 7, 7",
    })
    void theAlignmentIsOneMebibyteAndWhatTheDeviceWritesBest(int blockBytes, int optimal, long expected)
            throws IOException {
        try (TableEditor editor =
                new TableEditor(new ImageBlocks(blockBytes, BLOCKS), optimal, BlockUsers.NONE, () -> {})) {
            assertThat(editor.alignBlocks()).isEqualTo(expected);
        }
    }

    @Test
    void whatIsNotFreeIsNotGiven() throws IOException {
        ImageBlocks image = gpt().build();
        NewPartition any = NewPartition.of(LINUX).alignBlocks(1);
        refused(image, "is not free", editor -> editor.create(any.firstBlock(2048)));
        refused(image, "is not free", editor -> editor.create(any.firstBlock(33)));
        refused(image, "is not free", editor -> editor.create(any.firstBlock(BLOCKS - 33)));
        refused(image, "is not free", editor -> editor.create(any.firstBlock(Long.MAX_VALUE)));
        refused(
                image,
                "is no multiple of 2048; 2048 is one",
                editor -> editor.create(NewPartition.of(LINUX).firstBlock(2049)));
        refused(
                image,
                "there is no room for 2049 blocks",
                editor -> editor.create(any.firstBlock(6144).blockCount(2049)));
        refused(
                image,
                "there is no room for 9223372036854775807 blocks",
                editor -> editor.create(any.blockCount(Long.MAX_VALUE)));
        refused(image, "no free block is a multiple", editor -> editor.create(any.alignBlocks(Long.MAX_VALUE)));
        refused(image, "there is a partition 2 already", editor -> editor.create(any.number(2)));
        refused(image, "numbers 1 to 128", editor -> editor.create(any.number(129)));
        refused(image, "has the GUID", editor -> editor.create(any.guid(new UUID(2, 2))));
        refused(image, "37 UTF-16 code units", editor -> editor.create(any.name("x".repeat(37))));
        refused(image, "no control characters", editor -> editor.name(1, "a\0b"));
        refused(image, "none of a GPT", editor -> editor.type(1, new PartitionType.Mbr(0x83)));
        refused(image, "room for 1 to 2048", editor -> editor.resize(1, 2049));
        refused(image, "room for 1 to 4096", editor -> editor.resize(2, 4097));
        for (int number : new int[] {-1, 0, 4, 128, 129, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            refused(image, "there is no partition " + number, editor -> editor.delete(List.of(number)));
            refused(image, "there is no partition " + number, editor -> editor.resize(number, 1));
            refused(image, "there is no partition " + number, editor -> editor.name(number, ""));
            refused(image, "there is no partition " + number, editor -> editor.type(number, LINUX));
        }
    }

    @Test
    void whatIsInUseIsNotChanged() throws IOException {
        List<Extent> asked = new ArrayList<>();
        Extent used = new Extent(5000, 1);
        BlockUsers users = extent -> {
            asked.add(extent);
            return extent.overlaps(used) ? List.of("database", "backup") : List.of();
        };
        ImageBlocks image = gpt().build();
        int writes = image.writes();
        try (TableEditor editor = new TableEditor(image, 1, users, () -> {})) {
            for (Change change : List.<Change>of(
                    e -> e.delete(List.of(2)),
                    e -> e.delete(List.of(1, 2)),
                    e -> e.resize(2, 1),
                    e -> e.init(TableKind.GPT),
                    e -> e.init(TableKind.MBR))) {
                assertThatThrownBy(() -> change.make(editor))
                        .isInstanceOf(PartitionTableException.class)
                        .hasMessageContaining("in use by database, backup; close that first");
            }
            assertThat(image.writes()).isEqualTo(writes);
            editor.delete(List.of(1));
            editor.resize(3, 1);
            editor.name(2, "its blocks stay");
            editor.type(2, new PartitionType.Gpt(GptImage.DISK));
            editor.create(NewPartition.of(LINUX).firstBlock(2048));
        }
        assertThat(asked).contains(new Extent(4096, 2048), new Extent(0, BLOCKS), new Extent(2048, 2048));
    }

    @Test
    void aDamagedTableIsRepairedBeforeItIsChanged() throws IOException {
        ImageBlocks image = gpt().build();
        image.edit(1, header -> header.put(56, (byte) 0));
        refused(image, "repair that first", editor -> editor.create(NewPartition.of(LINUX)));
        refused(image, "repair that first", editor -> editor.delete(List.of(1)));
        try (TableEditor editor = editor(image)) {
            assertThat(editor.repair()).contains("both copies of the GPT are sound");
            assertThat(editor.table().findings()).isEmpty();
            assertThat(editor.repair()).isEmpty();
            editor.delete(List.of(1));
        }
        assertThat(TableReader.read(image).partitions())
                .extracting(Partition::number)
                .containsExactly(2, 3);
    }

    @Test
    void entriesThatMakeNoSenseCanBeDeletedAndNothingElseCanBeDoneBefore() throws IOException {
        ImageBlocks image =
                gpt().partition(7, 5000, 4999).partition(9, 8000, 9000).build();
        refused(image, "delete that first", editor -> editor.create(NewPartition.of(LINUX)));
        try (TableEditor editor = editor(image)) {
            assertThat(editor.table().partitions())
                    .extracting(Partition::number)
                    .containsExactly(1, 2);
            editor.delete(List.of(7));
            editor.delete(List.of(9));
            assertThat(editor.table().findings()).isEmpty();
            assertThat(editor.table().partitions())
                    .extracting(Partition::number)
                    .containsExactly(1, 2, 3);
        }
    }

    @Test
    void whatShrinkingCutOffIsDeletedTogether() throws IOException {
        ImageBlocks image = gpt().partition(4, 20_000, 30_000)
                .partition(5, 40_000, 50_000)
                .build()
                .resized(25_000);
        refused(image, "partition 4 reaches to block 30000", TableEditor::repair);
        refused(image, "delete that one with it", editor -> editor.delete(List.of(4)));
        try (TableEditor editor = editor(image)) {
            editor.delete(List.of(4, 5));
            assertThat(editor.table().findings()).isEmpty();
            assertThat(editor.table().partitions()).hasSize(3);
            assertThat(editor.table().usable().lastBlock()).isEqualTo(25_000 - 34);
        }
    }

    @Test
    void onADeviceThatGrewTheNewBlocksAreUsableAfterARepair() throws IOException {
        ImageBlocks image = gpt().build().resized(BLOCKS * 2);
        try (TableEditor editor = editor(image)) {
            editor.name(1, "changed before");
            assertThat(editor.table().findings()).extracting(Finding::problem).contains(Problem.DEVICE_GREW);
            assertThat(editor.repair()).contains("both copies of the GPT are sound");
            assertThat(editor.table().findings()).isEmpty();
            assertThat(editor.table().usable().lastBlock()).isEqualTo(BLOCKS * 2 - 34);
            assertThat(editor.table().partitions().get(0).name()).isEqualTo("changed before");
        }
    }

    @Test
    void aPartitionOfAHybridMbrStaysWhereItIs() throws IOException {
        ImageBlocks image = gpt().build();
        image.edit(
                0,
                bytes -> bytes.put(446 + 16 + 4, (byte) 0x83)
                        .putInt(446 + 16 + 8, 2048)
                        .putInt(446 + 16 + 12, 2048));
        refused(image, "hybrid MBR", editor -> editor.delete(List.of(1)));
        refused(image, "hybrid MBR", editor -> editor.resize(1, 5));
        try (TableEditor editor = editor(image)) {
            editor.delete(List.of(2));
            editor.name(1, "renamed");
            assertThat(editor.table().findings()).extracting(Finding::problem).containsExactly(Problem.HYBRID_MBR);
        }
    }

    @Test
    void anMbrHasNoNamesAndItsFourPartitionsHoldData() throws IOException {
        ImageBlocks image = new ImageBlocks(512, BLOCKS);
        try (TableEditor editor = editor(image)) {
            editor.init(TableKind.MBR);
            for (int i = 0; i < 4; i++) {
                editor.create(NewPartition.of(new PartitionType.Mbr(0x83)).blockCount(2048));
            }
        }
        NewPartition fifth = NewPartition.of(new PartitionType.Mbr(0x83));
        refused(image, "all of its 4 partitions are taken", editor -> editor.create(fifth));
        refused(image, "no names", editor -> editor.name(1, "x"));
        refused(image, "none of an MBR", editor -> editor.type(1, LINUX));
        refused(image, "an extended partition is created as such", e -> e.type(1, new PartitionType.Mbr(5)));
        try (TableEditor editor = editor(image)) {
            assertThat(editor.repair()).isEmpty();
        }
    }

    @Test
    void aDeviceWithoutATableGetsOneFirst() throws IOException {
        refused(new ImageBlocks(512, BLOCKS), "make one first", editor -> editor.create(NewPartition.of(LINUX)));
        refused(new ImageBlocks(512, BLOCKS), "GPT and MBR can", editor -> editor.init(TableKind.AHDI));
        refused(
                new ImageBlocks(512, 67),
                "has no room for a GPT, which takes 67",
                editor -> editor.init(TableKind.GPT));
        try (TableEditor editor = editor(new ImageBlocks(512, 68))) {
            assertThat(editor.init(TableKind.GPT).usable()).isEqualTo(new Extent(34, 1));
        }
        refused(
                new ImageBlocks(512, 1),
                "a device of 1 block has no room for a partition behind an MBR",
                editor -> editor.init(TableKind.MBR));
        try (TableEditor editor = editor(new ImageBlocks(512, 2))) {
            assertThat(editor.init(TableKind.MBR).usable()).isEqualTo(new Extent(1, 1));
        }
    }

    @Test
    void aTableThatCannotBeUsedCanBeReplaced() throws IOException {
        ImageBlocks image = gpt().build();
        image.edit(1, header -> header.put(56, (byte) 0));
        image.edit(BLOCKS - 1, header -> header.put(56, (byte) 0));
        try (TableEditor editor = editor(image)) {
            assertThatThrownBy(editor::table).hasMessageContaining("neither copy of it is sound");
            assertThat(editor.content()).contains("a partition table that cannot be used");
            assertThat(editor.init(TableKind.GPT).findings()).isEmpty();
            assertThat(editor.content()).isEmpty();
        }
    }

    @Test
    void aDeviceThatDoesNotKeepWhatIsWrittenIsFoundOut() throws IOException {
        ImageBlocks image = gpt().build();
        Blocks forgetful = new ForwardingBlocks(image) {
            @Override
            public void write(long first, ByteBuffer data) throws IOException {
                if (first != 1) {
                    super.write(first, data);
                }
            }
        };
        try (TableEditor editor = editor(forgetful)) {
            assertThatThrownBy(() -> editor.name(1, "lost"))
                    .hasMessage("image: blocks 1 to 1 do not read as they were written, though the device reported no"
                            + " error; it cannot be relied on");
        }
    }

    @Test
    void aDeviceThatIsReadOnlyIsRefused() throws IOException {
        try (RamDevice whole = new RamDevice("ram", 512, BLOCKS);
                TableEditor editor = TableEditor.open(whole, BlockUsers.NONE)) {
            editor.init(TableKind.GPT);
            assertThat(PartitionTable.read(whole).kind()).isEqualTo(TableKind.GPT);
            assertThatThrownBy(() -> TableEditor.open(new ReadOnlyDevice(whole), BlockUsers.NONE))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("read-only");
        }
    }

    @Test
    void manyChangesInARowLeaveWhatTheyShould() throws IOException {
        Random random = new Random(5);
        ImageBlocks image = new ImageBlocks(4096, BLOCKS);
        try (TableEditor editor = editor(image)) {
            editor.init(TableKind.GPT);
            List<Integer> numbers = new ArrayList<>();
            for (int i = 1; i <= 100; i++) {
                numbers.add(i);
                editor.create(NewPartition.of(LINUX)
                        .number(i)
                        .blockCount(1 + random.nextInt(500))
                        .alignBlocks(1));
            }
            Collections.shuffle(numbers, random);
            for (int number : numbers.subList(0, 50)) {
                editor.delete(List.of(number));
            }
            assertThat(editor.table().partitions())
                    .extracting(Partition::number)
                    .containsExactlyElementsOf(
                            numbers.subList(50, 100).stream().sorted().toList());
            long free =
                    editor.table().free().stream().mapToLong(Extent::blockCount).sum();
            long taken = editor.table().partitions().stream()
                    .mapToLong(Partition::blockCount)
                    .sum();
            assertThat(free + taken).isEqualTo(editor.table().usable().blockCount());
        }
    }
}
