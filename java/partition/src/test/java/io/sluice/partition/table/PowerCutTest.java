package io.sluice.partition.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.partition.table.Finding.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Power fails while a table is changed: what is read then is the old table or the new one. */
class PowerCutTest {
    private static final int BLOCKS = 8192;
    /** Of the writes that were not synced, this many choices of what was kept. */
    private static final int RANDOM_CHOICES = 64;

    private interface Change {
        void make(TableEditor editor) throws IOException;
    }

    /** Writes and syncs in their order, each write a block. */
    private static final class Recorder implements Blocks {
        private final ImageBlocks image;
        private final List<List<Long>> stages = new ArrayList<>();
        private final List<List<ByteBuffer>> data = new ArrayList<>();

        Recorder(ImageBlocks image) {
            this.image = image;
            begin();
        }

        private void begin() {
            stages.add(new ArrayList<>());
            data.add(new ArrayList<>());
        }

        @Override
        public String device() {
            return image.device();
        }

        @Override
        public int blockBytes() {
            return image.blockBytes();
        }

        @Override
        public long blockCount() {
            return image.blockCount();
        }

        @Override
        public ByteBuffer read(long first, int count) throws IOException {
            return image.read(first, count);
        }

        @Override
        public void write(long first, ByteBuffer bytes) throws IOException {
            image.write(first, bytes);
            for (int i = 0; i < bytes.remaining() / blockBytes(); i++) {
                stages.get(stages.size() - 1).add(first + i);
                byte[] block = new byte[blockBytes()];
                bytes.get(bytes.position() + i * blockBytes(), block);
                data.get(data.size() - 1).add(ByteBuffer.wrap(block));
            }
        }

        @Override
        public void sync() {
            begin();
        }
    }

    private static GptImage gpt() {
        return new GptImage(512, BLOCKS).partition(1, 2048, 4095).partition(2, 4096, 6143);
    }

    private static ImageBlocks damaged(ImageBlocks image, long block) {
        image.edit(block, bytes -> bytes.put(60, (byte) ~bytes.get(60)));
        return image;
    }

    private static ImageBlocks mbr() throws IOException {
        ImageBlocks image = new ImageBlocks(512, BLOCKS);
        image.write(0, MbrDraft.empty(512));
        return MbrTest.entry(image, 0, 0, 0x83, 2048, 100);
    }

    /** The extended partition 2 from block 4096 on, with so many logical partitions of 100 blocks, each 10 behind its record. */
    private static ImageBlocks chain(int records) throws IOException {
        ImageBlocks image = MbrTest.entry(mbr(), 0, 1, 0x05, 4096, 4000);
        MbrTest.entry(image, 4096, 1, 0, 0, 0);
        for (int i = 0; i < records; i++) {
            MbrTest.entry(image, 4096 + i * 200L, 0, 0x83, 10, 100);
            if (i > 0) {
                MbrTest.entry(image, 4096 + (i - 1) * 200L, 1, 0x05, i * 200L, 110);
            }
        }
        return image;
    }

    /** Such a chain whose last record leads to another block of the extended partition, or behind it. */
    private static ImageBlocks broken(int records, long next) throws IOException {
        return MbrTest.entry(chain(records), 4096 + (records - 1) * 200L, 1, 0x05, next, 110);
    }

    private static ImageBlocks mbrWithStaleGpt() throws IOException {
        ImageBlocks image = gpt().build();
        image.write(0, mbr().read(0, 1));
        image.write(1, ByteBuffer.allocate(512));
        return image;
    }

    private static ImageBlocks ext4() {
        ImageBlocks image = new ImageBlocks(512, BLOCKS);
        image.edit(2, bytes -> bytes.putShort(0x38, (short) 0xef53));
        return image;
    }

    private static ImageBlocks btrfs() {
        ImageBlocks image = new ImageBlocks(512, BLOCKS);
        image.edit(128, bytes -> bytes.putLong(0x40, 0x4d5f53665248425fL));
        return image;
    }

    private static Arguments of(String name, ImageBlocks before, Change change) {
        return Arguments.of(name, before, change);
    }

    static Stream<Arguments> chains() throws IOException {
        NewPartition logical =
                NewPartition.of(new PartitionType.Mbr(0x83)).logical(true).alignBlocks(1);
        NewPartition extended = NewPartition.of(new PartitionType.Mbr(0x0f)).firstBlock(4096);
        ImageBlocks forgotten = chain(3);
        MbrTest.entry(forgotten, 0, 1, 0, 0, 0);
        return Stream.of(
                of("create an extended partition", mbr(), editor -> editor.create(extended)),
                of("create an extended partition over an old chain", forgotten, editor -> editor.create(extended)),
                of("create the first logical partition", chain(0), editor -> editor.create(logical)),
                of("create the second logical partition", chain(1), editor -> editor.create(logical)),
                of(
                        "create one between",
                        chain(3),
                        e -> e.create(logical.firstBlock(4250).blockCount(20))),
                of("delete the only logical partition", chain(1), editor -> editor.delete(List.of(5))),
                of("delete the first logical partition", chain(3), editor -> editor.delete(List.of(5))),
                of("delete the second logical partition", chain(3), editor -> editor.delete(List.of(6))),
                of("delete the last logical partition", chain(3), editor -> editor.delete(List.of(7))),
                of("delete two beside each other", chain(4), editor -> editor.delete(List.of(6, 7))),
                of("delete two apart from each other", chain(5), editor -> editor.delete(List.of(6, 8))),
                of("delete the first and the last one", chain(5), editor -> editor.delete(List.of(5, 9))),
                of("delete every second one", chain(7), editor -> editor.delete(List.of(5, 7, 9, 11))),
                of("delete those between", chain(7), editor -> editor.delete(List.of(6, 8, 9, 10))),
                of("repair a chain that loops", broken(3, 200), TableEditor::repair),
                of("repair a chain that leaves", broken(3, 5000), TableEditor::repair),
                of("repair a chain that leads to nothing", broken(3, 3000), TableEditor::repair),
                of("delete the extended partition", chain(0), editor -> editor.delete(List.of(2))),
                of("delete all that is in it with it", chain(3), e -> e.delete(List.of(2, 5, 6, 7))),
                of("make a logical partition longer", chain(3), editor -> editor.resize(6, 190)),
                of("make a logical partition shorter", chain(3), editor -> editor.resize(6, 1)),
                of("make the last one longer", chain(3), editor -> editor.resize(7, 0)),
                of("make the extended partition longer", chain(3), editor -> editor.resize(2, 0)),
                of("make the extended partition shorter", chain(3), editor -> editor.resize(2, 510)),
                of("type of a logical partition", chain(3), e -> e.type(6, new PartitionType.Mbr(0x82))),
                of("type of the extended partition", chain(3), e -> e.type(2, new PartitionType.Mbr(0x0f))),
                of("init of an MBR over a chain", chain(3), editor -> editor.init(TableKind.MBR)),
                of("init of a GPT over a chain", chain(3), editor -> editor.init(TableKind.GPT)));
    }

    static Stream<Arguments> changes() throws IOException {
        NewPartition third = NewPartition.of(new PartitionType.Gpt(GptImage.LINUX))
                .firstBlock(6144)
                .name("third");
        ImageBlocks grown = gpt().build().resized(BLOCKS + 10);
        ImageBlocks grownMuch = gpt().build().resized(BLOCKS + 1000);
        ImageBlocks shrunk = gpt().build().resized(BLOCKS - 20);
        ImageBlocks shrunkMuch = gpt().build().resized(6000);
        Change init = editor -> editor.init(TableKind.GPT);
        Change initMbr = editor -> editor.init(TableKind.MBR);
        return Stream.of(
                of("create", gpt().build(), editor -> editor.create(third.alignBlocks(1))),
                of("delete", gpt().build(), editor -> editor.delete(List.of(1))),
                of("resize", gpt().build(), editor -> editor.resize(2, 5)),
                of("name", gpt().build(), editor -> editor.name(1, "first")),
                of("type", gpt().build(), editor -> editor.type(1, new PartitionType.Gpt(GptImage.DISK))),
                of("repair the primary", damaged(gpt().build(), 1), TableEditor::repair),
                of("repair the array of the primary", damaged(gpt().build(), 2), TableEditor::repair),
                of("repair the backup", damaged(gpt().build(), BLOCKS - 1), TableEditor::repair),
                of("repair after a little growth", grown, TableEditor::repair),
                of("repair after growth", grownMuch, TableEditor::repair),
                of("repair after shrinking", shrunk, TableEditor::repair),
                of("delete what shrinking cut off", shrunkMuch, editor -> editor.delete(List.of(2))),
                of("init over nothing", new ImageBlocks(512, BLOCKS), init),
                of("init over a GPT", gpt().build(), init),
                of(
                        "init over a larger GPT",
                        new GptImage(512, BLOCKS)
                                .array(256, 256)
                                .partition(9, 2048, 3000)
                                .build(),
                        init),
                of("init over a GPT without its primary", damaged(gpt().build(), 1), init),
                of("init over a GPT without its backup", damaged(gpt().build(), BLOCKS - 1), init),
                of("init over an MBR", mbr(), init),
                of("init over an MBR beside an old GPT", mbrWithStaleGpt(), init),
                of("init over ext4", ext4(), init),
                of("init over btrfs", btrfs(), init),
                of("init of an MBR over nothing", new ImageBlocks(512, BLOCKS), initMbr),
                of("init of an MBR over a GPT", gpt().build(), initMbr),
                of("init of an MBR over a GPT without its primary", damaged(gpt().build(), 1), initMbr),
                of("init of an MBR over a GPT without its backup", damaged(gpt().build(), BLOCKS - 1), initMbr),
                of("init of an MBR over a GPT whose device grew", grownMuch.copy(), initMbr),
                of("init of an MBR over an MBR", mbr(), initMbr),
                of("init of an MBR over ext4", ext4(), initMbr),
                of("init of an MBR over btrfs", btrfs(), initMbr),
                of("create in an MBR", mbr(), editor -> editor.create(NewPartition.of(new PartitionType.Mbr(0x82)))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"changes", "chains"})
    void itIsTheOldTableOrTheNewOne(String name, ImageBlocks before, Change change) throws IOException {
        Recorder recorder = new Recorder(before.copy());
        try (TableEditor editor = new TableEditor(recorder, 1, BlockUsers.NONE, () -> {})) {
            change.make(editor);
        }
        Facts old = Facts.of(before);
        Facts made = Facts.of(recorder.image);
        assertThat(cuts(before, recorder, name.hashCode())).contains(made).isSubsetOf(old, made);
        assertThat(recorder.stages.get(recorder.stages.size() - 1))
                .as("what was written after the last sync")
                .isEmpty();
    }

    /** What is read when power fails at any time, and at last. */
    private static Set<Facts> cuts(ImageBlocks before, Recorder recorder, long seed) throws IOException {
        Random random = new Random(seed);
        Set<Facts> found = new LinkedHashSet<>();
        ImageBlocks durable = before.copy();
        for (int stage = 0; stage < recorder.stages.size(); stage++) {
            List<Long> blocks = recorder.stages.get(stage);
            List<ByteBuffer> data = recorder.data.get(stage);
            int count = blocks.size();
            List<boolean[]> choices = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int at = i;
                choices.add(choice(count, n -> n <= at));
                choices.add(choice(count, n -> n >= at));
                choices.add(choice(count, n -> n == at));
                choices.add(choice(count, n -> n != at));
            }
            for (int i = 0; i < RANDOM_CHOICES && count > 0; i++) {
                choices.add(choice(count, n -> random.nextBoolean()));
            }
            for (boolean[] kept : choices) {
                ImageBlocks cut = durable.copy();
                for (int i = 0; i < count; i++) {
                    if (kept[i]) {
                        cut.write(blocks.get(i), data.get(i).duplicate());
                    }
                }
                found.add(Facts.of(cut));
            }
            for (int i = 0; i < count; i++) {
                durable.write(blocks.get(i), data.get(i).duplicate());
            }
        }
        assertThat(Facts.of(durable)).as("at last").isEqualTo(Facts.of(recorder.image));
        return found;
    }

    private static boolean[] choice(int count, java.util.function.IntPredicate kept) {
        boolean[] choice = new boolean[count];
        for (int i = 0; i < count; i++) {
            choice[i] = kept.test(i);
        }
        return choice;
    }

    /** What a table says, but for the findings: those are between the old and the new one. */
    private record Facts(TableKind kind, List<Partition> partitions, boolean chainBroken) {
        static Facts of(Blocks blocks) throws IOException {
            PartitionTable table = TableReader.read(blocks);
            boolean broken = table.findings().stream().anyMatch(found -> found.problem() == Problem.CHAIN_BROKEN);
            return new Facts(table.kind(), table.withExtended(), broken);
        }
    }
}
