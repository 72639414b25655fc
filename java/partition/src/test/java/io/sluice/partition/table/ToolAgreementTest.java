package io.sluice.partition.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.block.FileDevice;
import io.sluice.block.FileDeviceOptions;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What sgdisk, sfdisk, fdisk and parted write is read here, and what is written here is read by them: the same partitions each time. */
class ToolAgreementTest {
    private static final long BYTES = 64L << 20;
    private static final Pattern FIELD = Pattern.compile("(start|size|type|uuid|name)= *(\"[^\"]*\"|[^,]*)");
    private static final Pattern NUMBER = Pattern.compile("image([0-9]+) :");
    private static final Pattern FDISK_ROW =
            Pattern.compile("(?m)^ *([0-9]+) +([0-9]+) +([0-9A-F-]{36}) +([0-9A-F-]{36})(?: +(.*))?$");

    @TempDir
    private Path directory;

    private Path image() throws IOException {
        Path image = directory.resolve("image");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(BYTES);
        }
        return image;
    }

    private interface Change {
        void make(TableEditor editor) throws IOException;
    }

    private static void edit(Path image, int blockBytes, Change change) throws IOException {
        try (FileDevice device =
                        FileDevice.open(image, FileDeviceOptions.defaults().blockBytes(blockBytes));
                TableEditor editor = TableEditor.open(device, BlockUsers.NONE)) {
            change.make(editor);
        }
    }

    private static PartitionTable read(Path image, int blockBytes) throws IOException {
        FileDeviceOptions options =
                FileDeviceOptions.defaults().blockBytes(blockBytes).writeable(false);
        try (FileDevice device = FileDevice.open(image, options)) {
            return PartitionTable.read(device);
        }
    }

    /** A partition as all of these programs can tell it. */
    private record Told(int number, long first, long count, String type, String guid, String name) {
        static Told of(Partition partition) {
            String guid = partition.guid() == null ? "" : Guids.text(partition.guid());
            String type = partition.type() instanceof PartitionType.Mbr mbr
                    ? Integer.toHexString(mbr.id())
                    : partition.type().code();
            return new Told(
                    partition.number(), partition.firstBlock(), partition.blockCount(), type, guid, partition.name());
        }
    }

    private static List<Told> here(PartitionTable table) {
        return table.partitions().stream().map(Told::of).toList();
    }

    private static List<Told> sfdisk(Path image) throws IOException {
        List<Told> told = new ArrayList<>();
        for (String line : Tool.SFDISK.run("--dump", image).lines().toList()) {
            Matcher number = NUMBER.matcher(line);
            if (!number.find()) {
                continue;
            }
            String[] values = {"", "", "", "", ""};
            Matcher field = FIELD.matcher(line);
            while (field.find()) {
                String value = unescaped(field.group(2).replace("\"", "").strip());
                values[List.of("start", "size", "type", "uuid", "name").indexOf(field.group(1))] = value;
            }
            // What holds the logical partitions is none of those that are listed here.
            if (!List.of("5", "f", "85").contains(values[2])) {
                told.add(new Told(
                        Integer.parseInt(number.group(1)),
                        Long.parseLong(values[0]),
                        Long.parseLong(values[1]),
                        values[2],
                        values[3],
                        values[4]));
            }
        }
        told.sort(Comparator.comparingInt(Told::number));
        return told;
    }

    /** sfdisk writes the bytes of UTF-8 as {@code \\xNN}. */
    private static String unescaped(String text) {
        String bytes = Pattern.compile("\\\\x([0-9a-f]{2})")
                .matcher(text)
                .replaceAll(match -> Character.toString((char) Integer.parseInt(match.group(1), 16)));
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** Numbers, starts and lengths by parted. */
    private static List<String> parted(Path image) throws IOException {
        return Tool.PARTED
                .run("-s", "-m", image, "unit", "s", "print")
                .lines()
                .filter(line -> line.matches("[0-9]+:[0-9]+s:.*"))
                .map(line -> line.split(":"))
                .map(fields -> fields[0] + " " + fields[1] + " " + fields[3])
                .toList();
    }

    private static List<String> asParted(PartitionTable table) {
        return table.withExtended().stream()
                .sorted(Comparator.comparingLong(Partition::firstBlock))
                .map(partition ->
                        partition.number() + " " + partition.firstBlock() + "s " + partition.blockCount() + "s")
                .toList();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void tablesThatAreMadeAndChangedHereAreReadTheSameByAll(long seed) throws IOException {
        Path image = image();
        Random random = new Random(seed);
        edit(image, 512, editor -> editor.init(TableKind.GPT));
        for (int i = 0; i < 12; i++) {
            edit(image, 512, editor -> changeAtRandom(editor, random));
            if (i % 4 != 3) {
                continue;
            }
            PartitionTable table = read(image, 512);
            assertThat(table.findings()).isEmpty();
            assertThat(sfdisk(image)).isEqualTo(here(table));
            assertThat(parted(image)).isEqualTo(asParted(table));
            assertThat(Tool.SGDISK.run("-v", image))
                    .contains("No problems found")
                    .doesNotContain("Caution");
        }
    }

    private static void changeAtRandom(TableEditor editor, Random random) throws IOException {
        List<Partition> partitions = editor.table().partitions();
        Partition some = partitions.isEmpty() ? null : partitions.get(random.nextInt(partitions.size()));
        int what = random.nextInt(8);
        if (some == null || what < 4) {
            List<String> names = PartitionTypes.names(TableKind.GPT);
            String type = names.get(random.nextInt(names.size()));
            long mebibytes = random.nextLong(1, 5);
            editor.create(
                    NewPartition.of(PartitionTypes.parse(TableKind.GPT, type).orElseThrow())
                            .blockCount(mebibytes * editor.alignBlocks())
                            .name(type + " \u00e4 " + random.nextInt(100)));
        } else if (what == 4) {
            editor.delete(List.of(some.number()));
        } else if (what == 5) {
            editor.resize(some.number(), editor.alignBlocks());
        } else if (what == 6) {
            editor.name(some.number(), "another name");
        } else {
            editor.type(some.number(), new PartitionType.Gpt(UUID.randomUUID()));
        }
    }

    @Test
    void tablesOfLargeBlocksAreReadTheSameByFdisk() throws IOException {
        Path image = image();
        edit(image, 4096, editor -> {
            editor.init(TableKind.GPT);
            editor.create(NewPartition.of(new PartitionType.Gpt(GptImage.LINUX))
                    .blockCount(1024)
                    .name("first"));
            editor.create(NewPartition.of(new PartitionType.Gpt(GptImage.DISK)));
        });
        assertThat(fdisk(image)).isEqualTo(here(read(image, 4096)));
        assertThat(Tool.FDISK.runOn("v\nq\n", "-b", "4096", image)).contains("No errors detected");

        Tool.FDISK.runOn("d\n2\nn\n9\n3000\n4000\nw\n", "-b", "4096", image);
        PartitionTable table = read(image, 4096);
        assertThat(table.findings()).isEmpty();
        assertThat(table.partitions()).extracting(Partition::number).containsExactly(1, 9);
        assertThat(fdisk(image)).isEqualTo(here(table));
    }

    private static List<Told> fdisk(Path image) throws IOException {
        String said = Tool.FDISK.run("-b", "4096", "-l", "-o", "Start,Sectors,Type-UUID,UUID,Name", image);
        String devices = Tool.FDISK.run("-b", "4096", "-l", "-o", "Device", image);
        List<Integer> numbers = Pattern.compile("(?m)image([0-9]+)$")
                .matcher(devices)
                .results()
                .map(match -> Integer.parseInt(match.group(1)))
                .toList();
        List<Told> told = new ArrayList<>();
        Matcher row = FDISK_ROW.matcher(said);
        while (row.find()) {
            told.add(new Told(
                    numbers.get(told.size()),
                    Long.parseLong(row.group(1)),
                    Long.parseLong(row.group(2)),
                    row.group(3),
                    row.group(4),
                    row.group(5) == null ? "" : row.group(5).strip()));
        }
        return told;
    }

    @Test
    void tablesOfSfdiskAreRead() throws IOException {
        Path image = image();
        Tool.SFDISK.runOn("""
                label: gpt
                start=2048,size=4096,type=swap,name="a b \u00e4"
                image7 : size=8192,attrs="LegacyBIOSBootable"
                size=+
                """, "-q", image);
        PartitionTable table = read(image, 512);

        assertThat(table.findings()).isEmpty();
        assertThat(here(table)).isEqualTo(sfdisk(image)).hasSize(3);
        assertThat(table.partitions())
                .filteredOn(partition -> partition.attributes() == Partition.BOOTABLE)
                .hasSize(1);
    }

    @Test
    void mbrsOfSfdiskWithLogicalPartitionsAreRead() throws IOException {
        Path image = image();
        Tool.SFDISK.runOn("""
                label: dos
                size=4096,type=83,bootable
                size=1M,type=c
                size=40M,type=5
                size=4M,type=82
                size=2M,type=83
                size=3M,type=7
                size=1M,type=8e
                """, "-q", image);
        PartitionTable table = read(image, 512);

        assertThat(table.kind()).isEqualTo(TableKind.MBR);
        assertThat(table.findings()).isEmpty();
        assertThat(here(table)).isEqualTo(sfdisk(image)).hasSize(6);
        assertThat(table.id())
                .isEqualTo(Tool.BLKID
                        .run("-p", "-o", "value", "-s", "PTUUID", image)
                        .strip()
                        .replaceFirst("^", "0x"));

        Tool.SFDISK.run("-q", "--delete", image, "6");
        assertThat(here(read(image, 512))).isEqualTo(sfdisk(image)).hasSize(5);
    }

    @Test
    void mbrsThatAreMadeHereAreReadTheSameByAll() throws IOException {
        Path image = image();
        edit(image, 512, editor -> {
            editor.init(TableKind.MBR);
            editor.create(NewPartition.of(new PartitionType.Mbr(0x83)).blockCount(4096));
            editor.create(NewPartition.of(new PartitionType.Mbr(0x0c)).number(4).blockCount(8192));
            editor.create(NewPartition.of(new PartitionType.Mbr(0x82)));
            editor.type(1, new PartitionType.Mbr(0x8e));
            editor.resize(4, 2048);
        });
        PartitionTable table = read(image, 512);
        assertThat(sfdisk(image)).isEqualTo(here(table)).hasSize(3);
        assertThat(parted(image)).isEqualTo(asParted(table));
        assertThat(Tool.SFDISK.run("--verify", image)).contains("No errors detected");
    }

    /** All programs read the same; sfdisk finds nothing wrong. */
    private static PartitionTable agreed(Path image) throws IOException {
        PartitionTable table = read(image, 512);
        assertThat(table.findings()).isEmpty();
        assertThat(sfdisk(image)).isEqualTo(here(table));
        assertThat(parted(image)).isEqualTo(asParted(table));
        assertThat(Tool.SFDISK.run("--verify", image))
                .contains("No errors detected")
                .doesNotContain("verlap");
        return table;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void logicalPartitionsThatAreMadeAndChangedHereAreReadTheSameByAll(long seed) throws IOException {
        Path image = image();
        Random random = new Random(seed);
        edit(image, 512, editor -> {
            editor.init(TableKind.MBR);
            editor.create(NewPartition.of(new PartitionType.Mbr(0x83)).blockCount(4096));
            editor.create(NewPartition.of(new PartitionType.Mbr(seed % 2 == 0 ? 0x05 : 0x0f)));
        });
        agreed(image);
        for (int i = 0; i < 16; i++) {
            edit(image, 512, editor -> changeLogicalAtRandom(editor, random));
            if (i % 4 == 3) {
                agreed(image);
            }
        }
        int count = read(image, 512).partitions().size();
        edit(
                image,
                512,
                editor -> editor.delete(IntStream.range(0, count)
                        .map(i -> i == 0 ? 2 : 4 + i)
                        .boxed()
                        .toList()));
        assertThat(agreed(image).partitions()).hasSize(1);
    }

    private static void changeLogicalAtRandom(TableEditor editor, Random random) throws IOException {
        int count = editor.table().partitions().size() - 1;
        int some = 5 + (count == 0 ? 0 : random.nextInt(count));
        int what = random.nextInt(8);
        if (count == 0 || what < 5) {
            editor.create(NewPartition.of(new PartitionType.Mbr(0x83))
                    .logical(true)
                    .blockCount(random.nextLong(1, 4) * 1024));
        } else if (what == 5) {
            editor.delete(IntStream.range(5, 5 + count)
                    .filter(number -> number == some || random.nextInt(3) == 0)
                    .boxed()
                    .toList());
        } else if (what == 6) {
            editor.resize(some, random.nextLong(1, 1024));
        } else {
            editor.type(some, new PartitionType.Mbr(0x82));
        }
    }

    @Test
    void logicalPartitionsAreChangedHereAndThereInTurn() throws IOException {
        Path image = image();
        Tool.SFDISK.runOn("""
                label: dos
                image1 : start=1M,size=4M,type=83,bootable
                image2 : start=8M,size=56M,type=f
                image5 : start=30M,size=4M,type=82
                image6 : start=20M,size=4M,type=83
                """, "-q", image);
        agreed(image);
        NewPartition logical = NewPartition.of(new PartitionType.Mbr(0x07)).logical(true);
        edit(image, 512, editor -> editor.create(logical.blockCount(4096)));
        agreed(image);
        Tool.SFDISK.runOn("start=50M,size=2M,type=8e\n", "-q", "--append", image);
        Tool.PARTED.run("-s", image, "mkpart", "logical", "10MiB", "12MiB");
        assertThat(agreed(image).partitions()).hasSize(6);
        edit(image, 512, editor -> {
            editor.resize(5, 100);
            editor.delete(List.of(6));
            editor.type(8, new PartitionType.Mbr(0x0c));
        });
        agreed(image);
        Tool.SFDISK.run("-q", "--part-type", image, 5, "83");
        Tool.SFDISK.run("-q", "--delete", image, 5);
        edit(image, 512, editor -> editor.create(logical));
        assertThat(agreed(image).partitions()).hasSize(5);
    }

    @Test
    void logicalPartitionsOfLargeBlocksAreReadTheSameByFdisk() throws IOException {
        Path image = image();
        edit(image, 4096, editor -> {
            editor.init(TableKind.MBR);
            editor.create(NewPartition.of(new PartitionType.Mbr(0x0f)).number(3));
            NewPartition logical = NewPartition.of(new PartitionType.Mbr(0x83)).logical(true);
            editor.create(logical.blockCount(1000));
            editor.create(logical.firstBlock(8192));
            editor.create(logical);
            editor.delete(List.of(5));
        });
        List<String> here = read(image, 4096).withExtended().stream()
                .map(each -> each.number() + " " + each.firstBlock() + " " + each.blockCount())
                .toList();
        List<String> fdisk = Pattern.compile("(?m)image([0-9]+) +([0-9]+) +([0-9]+)$")
                .matcher(Tool.FDISK.run("-b", "4096", "-l", "-o", "Device,Start,Sectors", image))
                .results()
                .map(match -> match.group(1) + " " + match.group(2) + " " + match.group(3))
                .toList();
        assertThat(fdisk).isEqualTo(here).hasSize(3);
    }

    @Test
    void ofTheSameTableTheSameIsDeletedAsBySfdiskAndParted() throws IOException {
        for (int deleted = 5; deleted <= 8; deleted++) {
            int number = deleted;
            Path image = image();
            edit(image, 512, editor -> {
                editor.init(TableKind.MBR);
                editor.create(NewPartition.of(new PartitionType.Mbr(0x05)));
                for (int type : new int[] {0x83, 0x82, 0x8e, 0x07}) {
                    editor.create(NewPartition.of(new PartitionType.Mbr(type))
                            .logical(true)
                            .blockCount(4096));
                }
            });
            byte[] before = Files.readAllBytes(image);
            edit(image, 512, editor -> editor.delete(List.of(number)));
            List<Told> here = here(agreed(image));
            for (Tool tool : List.of(Tool.SFDISK, Tool.PARTED)) {
                Files.write(image, before);
                if (tool.equals(Tool.SFDISK)) {
                    tool.run("-q", "--delete", image, number);
                } else {
                    tool.run("-s", image, "rm", number);
                }
                assertThat(here(agreed(image)))
                        .as("%d by %s", number, tool.name())
                        .isEqualTo(here);
            }
        }
    }

    @Test
    void chainsThatAreRepairedHereAreReadTheSameByAll() throws IOException {
        for (boolean lost : new boolean[] {true, false}) {
            Path image = image();
            edit(image, 512, editor -> {
                editor.init(TableKind.MBR);
                editor.create(NewPartition.of(new PartitionType.Mbr(0x05)));
                for (int i = 0; i < 4; i++) {
                    editor.create(NewPartition.of(new PartitionType.Mbr(0x83))
                            .logical(true)
                            .blockCount(4096));
                }
            });
            long third = read(image, 512).extended().records().get(2);
            try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
                file.seek(lost ? third * 512 : third * 512 + 510);
                file.write(new byte[lost ? 512 : 2]);
            }
            edit(image, 512, TableEditor::repair);
            assertThat(agreed(image).partitions()).hasSize(lost ? 2 : 4);
        }
    }

    @Test
    void tablesOfPartedAreRead() throws IOException {
        for (String label : List.of("gpt", "msdos")) {
            Path image = image();
            Tool.PARTED.run(
                    "-s", image, "mklabel", label, "mkpart", "primary", "1MiB", "10MiB", "mkpart", "primary", "10MiB",
                    "100%");
            PartitionTable table = read(image, 512);
            assertThat(table.findings()).isEmpty();
            assertThat(table.kind()).isEqualTo(label.equals("gpt") ? TableKind.GPT : TableKind.MBR);
            assertThat(asParted(table)).isEqualTo(parted(image)).hasSize(2);
            assertThat(here(table)).isEqualTo(sfdisk(image));
        }
    }

    @Test
    void arraysOfOtherSizesAndInOtherPlacesAreReadAndChanged() throws IOException {
        Path image = image();
        Tool.SGDISK.run("-o", "-S", "256", "-j", "100", "-n", "200:0:+4M", "-n", "256:0:+1M", image);
        assertThat(here(read(image, 512))).isEqualTo(sfdisk(image)).hasSize(2);

        edit(image, 512, editor -> {
            editor.delete(List.of(200));
            editor.create(NewPartition.of(new PartitionType.Gpt(GptImage.LINUX)).number(255));
        });
        PartitionTable table = read(image, 512);
        assertThat(table.findings()).isEmpty();
        assertThat(here(table)).isEqualTo(sfdisk(image)).hasSize(2);
        assertThat(Tool.SGDISK.run("-v", image)).contains("No problems found");
    }

    @Test
    void hybridMbrsOfSgdiskAreReadAndKept() throws IOException {
        Path image = image();
        Tool.SGDISK.run("-o", "-n", "1:0:+4M", "-n", "2:0:+4M", "-h", "1", image);
        PartitionTable table = read(image, 512);
        assertThat(table.findings()).extracting(Finding::problem).containsExactly(Finding.Problem.HYBRID_MBR);
        assertThat(here(table)).hasSize(2);

        edit(image, 512, editor -> editor.create(NewPartition.of(new PartitionType.Gpt(GptImage.LINUX))));
        assertThat(read(image, 512).partitions()).hasSize(3);
        assertThat(Tool.SGDISK.run("-v", image)).contains("No problems found");
    }

    @Test
    void whatIsRepairedHereIsSoundToSgdisk() throws IOException {
        Path image = image();
        Tool.SGDISK.run("-o", "-n", "1:0:+4M", "-n", "2:0:+4M", image);
        List<Told> before = here(read(image, 512));
        for (long at : new long[] {0, 512, 1024, BYTES - 512, BYTES - 33 * 512}) {
            try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
                file.seek(at);
                file.write(new byte[512]);
            }
            assertThat(read(image, 512).findings()).as("zeroes at %d", at).isNotEmpty();
            edit(image, 512, TableEditor::repair);
            assertThat(Tool.SGDISK.run("-v", image)).contains("No problems found");
            assertThat(here(read(image, 512))).isEqualTo(before);
        }
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(BYTES + (10 << 20));
        }
        edit(image, 512, TableEditor::repair);
        assertThat(Tool.SGDISK.run("-v", image)).contains("No problems found");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(BYTES / 2);
        }
        edit(image, 512, TableEditor::repair);
        assertThat(Tool.SGDISK.run("-v", image)).contains("No problems found");
        assertThat(sfdisk(image)).isEqualTo(before);
    }

    @Test
    void whatSgdiskZapsHasNoTable() throws IOException {
        Path image = image();
        edit(image, 512, editor -> {
            editor.init(TableKind.GPT);
            editor.create(NewPartition.of(new PartitionType.Gpt(GptImage.LINUX)));
        });
        Tool.SGDISK.run("-Z", image);
        assertThat(read(image, 512).kind()).isEqualTo(TableKind.NONE);
    }

    static IntStream codes() {
        return IntStream.range(0, PartitionTypes.names(TableKind.GPT).size());
    }

    @ParameterizedTest
    @MethodSource("codes")
    void typesByNameAndByCodeAreThoseOfSgdisk(int index) throws IOException {
        String name = PartitionTypes.names(TableKind.GPT).get(index);
        PartitionType type = PartitionTypes.parse(TableKind.GPT, name).orElseThrow();
        Path image = image();
        edit(image, 512, editor -> {
            editor.init(TableKind.GPT);
            editor.create(NewPartition.of(type));
        });
        Matcher row = Pattern.compile("(?m)^ +1 .*B +([0-9A-F]{4})").matcher(Tool.SGDISK.run("-p", image));
        assertThat(row.find()).isTrue();
        assertThat(PartitionTypes.parse(TableKind.GPT, row.group(1).toLowerCase(Locale.ROOT)))
                .as("%s is %s to sgdisk", name, row.group(1))
                .contains(type);
        assertThat(PartitionTypes.name(type)).isEqualTo(name);
    }
}
