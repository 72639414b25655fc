package io.sluice.partition.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.block.BlockSession;
import io.sluice.block.FileDevice;
import io.sluice.block.FileDeviceOptions;
import io.sluice.block.SessionOptions;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the programs make that make file systems is told as blkid tells it. */
class FileSystemProbeTest {
    private static final int OFFSET = 1 << 20;
    private static final Tool DD = new Tool("dd", "coreutils");

    @TempDir
    private Path directory;

    private Path file(String name, long mebibytes) throws IOException {
        Path file = directory.resolve(name);
        try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
            opened.setLength(mebibytes << 20);
        }
        return file;
    }

    private static Optional<FileSystem> probe(Path image, int blockBytes, long offset) throws IOException {
        FileDeviceOptions options =
                FileDeviceOptions.defaults().blockBytes(blockBytes).writeable(false);
        try (FileDevice device = FileDevice.open(image, options);
                BlockSession session = device.open(SessionOptions.defaults())) {
            long first = offset / blockBytes;
            Partition partition = new Partition(
                    1, first, device.geometry().blockCount() - first, new PartitionType.Mbr(0x83), null, "", 0);
            return FileSystemProbe.probe(session, partition);
        }
    }

    private static FileSystem blkid(Path image, long offset) throws IOException {
        Map<String, String> tags = new HashMap<>();
        for (String line : Tool.BLKID
                .run("-p", "-O", offset, "-o", "export", image)
                .lines()
                .toList()) {
            int at = line.indexOf('=');
            tags.put(line.substring(0, at), line.substring(at + 1).replace("\\", ""));
        }
        return new FileSystem(
                tags.getOrDefault("TYPE", ""),
                tags.getOrDefault("VERSION", ""),
                tags.getOrDefault("LABEL", ""),
                tags.getOrDefault("UUID", ""));
    }

    @ParameterizedTest(name = "{0} {3}")
    @CsvSource({
        "ext2, e2fsprogs, mke2fs, 16, -q -t ext2 -L zwei",
        "ext3, e2fsprogs, mke2fs, 16, -q -t ext3 -L drei",
        "ext4, e2fsprogs, mke2fs, 16, -q -t ext4 -L vier",
        "ext4, e2fsprogs, mke2fs, 16, -q -t ext4 -b 4096 -O ^has_journal -L 0123456789abcdef",
        "ext4, e2fsprogs, mke2fs, 16, -q -t ext4 -O ^64bit",
        "jbd, e2fsprogs, mke2fs, 16, -q -O journal_dev -L journal",
        "xfs, xfsprogs, mkfs.xfs, 400, -q -L twelve_chars",
        "btrfs, btrfs-progs, mkfs.btrfs, 128, -q -L label",
        "vfat, dosfstools, mkfs.fat, 2, -F 12 -n TWELVE",
        "vfat, dosfstools, mkfs.fat, 16, -F 16 -n SIXTEEN",
        "vfat, dosfstools, mkfs.fat, 64, -F 32 -n THIRTY_TWO",
        "vfat, dosfstools, mkfs.fat, 64, -F 32 -S 4096 -s 1",
        "exfat, exfatprogs, mkfs.exfat, 16, -L elf_zeichen",
        "exfat, exfatprogs, mkfs.exfat, 16, -c 4K",
        "ntfs, ntfs-3g, mkfs.ntfs, 16, -q -F -f -p 0 -H 0 -S 0 -s 512 -L a_label",
        "ntfs, ntfs-3g, mkfs.ntfs, 16, -q -F -f -p 0 -H 0 -S 0 -s 4096",
        "swap, util-linux, mkswap, 2, -q -L label",
        "swap, util-linux, mkswap, 2, -q -p 65536",
        "crypto_LUKS, cryptsetup-bin, cryptsetup, 32, luksFormat --type luks1 --pbkdf-force-iterations 1000 -q --key-file KEY",
        "crypto_LUKS, cryptsetup-bin, cryptsetup, 32, luksFormat --type luks2 --label geheim --pbkdf pbkdf2"
                + " --pbkdf-force-iterations 1000 -q --key-file KEY",
    })
    void whatAProgramMakesIsToldAsBlkidTellsIt(
            String type, String debian, String program, int mebibytes, String arguments) throws IOException {
        Path image = file("made", mebibytes);
        Path key = Files.writeString(directory.resolve("key"), "secret");
        Object[] words = (arguments.replace("KEY", key.toString()) + " " + image).split(" ");
        new Tool(program, debian).run(words);
        FileSystem expected = blkid(image, 0);

        assertThat(expected.type()).isEqualTo(type);
        assertThat(probe(image, 512, 0)).contains(expected);
        assertThat(probe(image, 4096, 0)).contains(expected);
        Path device = file("device", 1);
        DD.run("if=" + image, "of=" + device, "bs=1M", "seek=1", "conv=sparse,notrunc", "status=none");
        try (RandomAccessFile opened = new RandomAccessFile(device.toFile(), "rw")) {
            opened.setLength(Files.size(image) + OFFSET);
        }
        assertThat(probe(device, 512, OFFSET)).contains(expected);
        assertThat(probe(device, 512, 0)).as("in front of the partition").isEmpty();
        assertThat(tableOf(image)).as("a device that is a file system").isEqualTo(TableKind.NONE);
    }

    private static TableKind tableOf(Path image) throws IOException {
        try (FileDevice device =
                FileDevice.open(image, FileDeviceOptions.defaults().writeable(false))) {
            return PartitionTable.read(device).kind();
        }
    }

    @Test
    void aPhysicalVolumeOfLvmIsToldAsBlkidTellsIt() throws IOException {
        ByteBuffer label = ByteBuffer.allocate(512).order(ByteOrder.LITTLE_ENDIAN);
        label.put(0, "LABELONE".getBytes(StandardCharsets.US_ASCII))
                .putLong(8, 1)
                .putInt(20, 32);
        label.put(24, "LVM2 001".getBytes(StandardCharsets.US_ASCII));
        label.put(32, "abcdefGHIJklmnOPQRstuvWXYZ012345".getBytes(StandardCharsets.US_ASCII));
        label.putInt(16, PhysicalVolume.crc(label));
        Path image = file("volume", 4);
        try (RandomAccessFile opened = new RandomAccessFile(image.toFile(), "rw")) {
            opened.seek(512);
            opened.write(label.array());
        }
        FileSystem volume = new FileSystem("LVM2_member", "LVM2 001", "", "abcdef-GHIJ-klmn-OPQR-stuv-WXYZ-012345");

        assertThat(probe(image, 512, 0)).contains(volume);
        assertThat(blkid(image, 0)).isEqualTo(volume);
        try (RandomAccessFile opened = new RandomAccessFile(image.toFile(), "rw")) {
            opened.seek(512 + 40);
            opened.write('x');
        }
        assertThat(probe(image, 512, 0)).as("with a wrong checksum").isEmpty();
    }

    @Test
    void nothingIsTakenForNothing() throws IOException {
        for (long blocks : new long[] {1, 2, 7, 8, 9, 127, 136, 137, 1000}) {
            assertThat(FileSystemProbe.probe(new ImageBlocks(512, blocks), new Extent(0, blocks)))
                    .isEmpty();
        }
    }

    /** Every length and place in the first bytes of what a program made becomes something else: no more than the label may be lost. */
    @ParameterizedTest
    @CsvSource({
        "dosfstools, mkfs.fat, -F 12 -n LABEL",
        "dosfstools, mkfs.fat, -F 16 -n LABEL",
        "dosfstools, mkfs.fat, -F 32 -n LABEL",
        "exfatprogs, mkfs.exfat, -L label",
        "ntfs-3g, mkfs.ntfs, -q -F -f -p 0 -H 0 -S 0 -s 512 -L label",
        "e2fsprogs, mke2fs, -q -t ext4 -L label",
        "util-linux, mkswap, -q -L label",
    })
    void numbersThatAreWrongDoNoHarm(String debian, String program, String arguments) throws IOException {
        Path made = file("made", 64);
        Object[] words = (arguments + " " + made).split(" ");
        new Tool(program, debian).run(words);
        ImageBlocks image = new ImageBlocks(512, 10_000);
        byte[] start = new byte[10_000 * 512];
        try (RandomAccessFile opened = new RandomAccessFile(made.toFile(), "r")) {
            opened.readFully(start);
        }
        image.write(0, ByteBuffer.wrap(start));
        Extent extent = new Extent(0, 10_000);
        Random random = new Random(1);
        byte[] extremes = {0, 1, -1, 0x7f, (byte) 0x80};
        for (int at = 0; at < 4096; at++) {
            int place = at;
            long block = place / 512;
            for (int length : new int[] {1, 2, 4, 8}) {
                ByteBuffer before = image.read(block, 1);
                byte value = extremes[random.nextInt(extremes.length)];
                image.edit(block, bytes -> {
                    for (int i = place % 512; i < Math.min(512, place % 512 + length); i++) {
                        bytes.put(i, value);
                    }
                });
                Optional<FileSystem> found = FileSystemProbe.probe(image, extent);
                assertThat(found.map(FileSystem::label).orElse(""))
                        .as("at %d", place)
                        .hasSizeLessThan(64);
                image.write(block, before);
            }
        }
        assertThat(FileSystemProbe.probe(image, extent))
                .map(FileSystem::label)
                .hasValueSatisfying(label -> assertThat(label).isEqualToIgnoringCase("label"));
    }
}
