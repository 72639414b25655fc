package io.sluice.partition.table;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/** The devices that {@link TableFuzzTest} begins with: every kind of table, every kind of defect, every file system. */
final class DiskCorpus {
    /**
     * One of them.
     *
     * @param name of its file
     * @param disk what is on it
     * @param sealed see {@link DiskInput#toBytes}
     */
    record Case(String name, ImageBlocks disk, boolean sealed) {
        @Override
        public String toString() {
            return name;
        }

        byte[] toBytes() throws IOException {
            return DiskInput.toBytes(disk, sealed);
        }
    }

    private static final int BLOCKS = 2048;
    private static final int BACKUP = BLOCKS - 1;
    private static final int LINUX = 0x83;
    private static final int EXTENDED = 0x05;

    private final List<Case> cases = new ArrayList<>();

    private DiskCorpus() {
        gpts();
        headers();
        entries();
        besideAnMbr();
        mbrs();
        ahdis();
        fileSystems();
        add("none-too-small", new ImageBlocks(512, 1));
    }

    static List<Case> cases() {
        return List.copyOf(new DiskCorpus().cases);
    }

    /** Writes the files anew: into the directory for them, after cases were added. */
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        for (Case each : cases()) {
            Files.write(directory.resolve(each.name()), each.toBytes());
        }
    }

    private void add(String name, ImageBlocks disk) {
        cases.add(new Case(name, disk, true));
    }

    private void addUnsealed(String name, ImageBlocks disk) {
        cases.add(new Case(name, disk, false));
    }

    private static GptImage gpt() {
        return new GptImage(512, BLOCKS).partition(1, 100, 199).partition(2, 200, 299);
    }

    private static ImageBlocks edited(ImageBlocks disk, long block, Consumer<ByteBuffer> change) {
        disk.edit(block, change);
        return disk;
    }

    private static ImageBlocks cleared(ImageBlocks disk, long block) {
        return edited(disk, block, bytes -> bytes.put(0, new byte[bytes.limit()]));
    }

    private void gpts() {
        add("gpt", gpt().build());
        add(
                "gpt-blocks-of-4096",
                new GptImage(4096, BLOCKS).partition(1, 100, 199).build());
        add(
                "gpt-one-entry",
                new GptImage(512, 64).array(1, 512).partition(1, 3, 61).build());
        add("gpt-primary-damaged", cleared(gpt().build(), 1));
        add("gpt-backup-damaged", cleared(gpt().build(), BACKUP));
        add("gpt-both-damaged", cleared(cleared(gpt().build(), BACKUP), 1));
        addUnsealed("gpt-header-checksum", edited(gpt().build(), 1, bytes -> bytes.put(60, (byte) 1)));
        addUnsealed("gpt-array-checksum", edited(gpt().build(), 2, bytes -> bytes.put(90, (byte) 1)));
        add("gpt-copies-differ", edited(gpt().build(), BACKUP - 32, bytes -> bytes.put(56, (byte) 'q')));
        add(
                "gpt-backup-shares-array",
                gpt().backup(header -> header.putLong(72, 2)).build());
        add(
                "gpt-device-grew",
                new GptImage(512, 1024).partition(1, 100, 199).build().resized(BLOCKS));
        add("gpt-device-shrank", gpt().partition(3, 1000, 1999).build().resized(1500));
    }

    private void headers() {
        header("array-endless", bytes -> bytes.putInt(80, -1));
        header("array-empty", bytes -> bytes.putInt(80, 0));
        header("array-product-wraps", bytes -> bytes.putInt(80, 16).putInt(84, 1 << 28));
        header("array-too-long", bytes -> bytes.putInt(80, 8192));
        header("entries-of-nothing", bytes -> bytes.putInt(84, 0));
        header("entries-too-small", bytes -> bytes.putInt(84, 64));
        header("entries-of-odd-size", bytes -> bytes.putInt(84, 384));
        header("array-at-largest-block", bytes -> bytes.putLong(72, -1));
        header("array-behind-device", bytes -> bytes.putLong(72, BACKUP));
        header("array-over-mbr", bytes -> bytes.putLong(72, 0));
        header("array-over-header", bytes -> bytes.putLong(72, bytes.getLong(24)));
        header("array-among-partitions", bytes -> bytes.putLong(72, 300));
        header("size-of-91", bytes -> bytes.putInt(12, 91));
        header("size-larger-than-block", bytes -> bytes.putInt(12, 513));
        header("revision", bytes -> bytes.putInt(8, 0x00020000));
        header("block-of-another", bytes -> bytes.putLong(24, 2));
        header("usable-from-start", bytes -> bytes.putLong(40, 0));
        header("usable-backwards", bytes -> bytes.putLong(48, 5));
        header("usable-to-largest-block", bytes -> bytes.putLong(48, Long.MAX_VALUE));
        header("usable-to-last-block", bytes -> bytes.putLong(48, BACKUP));
    }

    private void header(String name, Consumer<ByteBuffer> change) {
        add("gpt-header-" + name, gpt().both(change).build());
    }

    private void entries() {
        entry("backwards", 1000, 999);
        entry("at-largest-block", -1, -1);
        entry("negative", Long.MIN_VALUE, Long.MIN_VALUE + 1);
        entry("over-table", 1, 1000);
        entry("over-backup", 1000, BACKUP);
        entry("behind-device", BLOCKS, BLOCKS + 10);
        entry("shared-block", 199, 400);
        UUID guid = new UUID(1, 1);
        add(
                "gpt-entry-same-guid",
                gpt().partition(3, 300, 300, guid).partition(4, 301, 301, guid).build());
        add("gpt-entry-no-guid", gpt().partition(3, 300, 300, new UUID(0, 0)).build());
        GptEntry named = new GptEntry(GptImage.LINUX, guid, 300, 300, -1, "\ud800half\u001b[31m\u202e");
        add("gpt-entry-name", gpt().entry(3, named).build());
    }

    private void entry(String name, long first, long last) {
        add("gpt-entry-" + name, gpt().partition(3, first, last).build());
    }

    private void besideAnMbr() {
        add("gpt-no-protective-mbr", cleared(gpt().build(), 0));
        add("gpt-protective-mbr-size", MbrTest.entry(gpt().build(), 0, 0, 0xee, 2, 9999));
        add("gpt-hybrid", MbrTest.entry(gpt().build(), 0, 1, LINUX, 200, 100));
        add("gpt-contradicted", MbrTest.entry(gpt().build(), 0, 1, LINUX, 201, 100));
        add("mbr-protective-alone", MbrTest.entry(new ImageBlocks(512, BLOCKS), 0, 0, 0xee, 1, BACKUP));
        ImageBlocks stale = cleared(cleared(gpt().build(), 0), 1);
        add("gpt-backup-alone", stale.copy());
        add("mbr-stale-gpt", MbrTest.entry(stale, 0, 0, LINUX, 500, 10));
    }

    /** An extended partition from block 100 to 1899 with a logical partition of 50 blocks behind each record. */
    private static ImageBlocks chain(int... records) {
        ImageBlocks disk = MbrTest.entry(new ImageBlocks(512, BLOCKS), 0, 1, EXTENDED, 100, 1800);
        for (int i = 0; i < records.length; i++) {
            MbrTest.entry(disk, records[i], 0, LINUX, 10, 50);
            if (i + 1 < records.length) {
                MbrTest.entry(disk, records[i], 1, EXTENDED, records[i + 1] - 100, 60);
            }
        }
        return disk;
    }

    private void mbrs() {
        ImageBlocks four = MbrTest.entry(new ImageBlocks(4096, BLOCKS), 0, 0, LINUX, 1, 99);
        add("mbr", MbrTest.entry(four, 0, 3, 0x07, 100, BLOCKS - 100));
        add("mbr-chain", chain(100, 600, 400));
        add("mbr-chain-loop", MbrTest.entry(chain(100, 400), 400, 1, EXTENDED, 0, 1));
        add("mbr-chain-own-next", MbrTest.entry(chain(100, 400), 400, 1, EXTENDED, 300, 1));
        add("mbr-chain-no-record", MbrTest.entry(chain(100), 100, 1, EXTENDED, 1799, 1));
        add("mbr-chain-leaves", MbrTest.entry(chain(100), 100, 1, EXTENDED, 0xffffffffL, 1));
        add("mbr-logical-over-record", MbrTest.entry(chain(100, 400), 100, 0, LINUX, 10, 600));
        add("mbr-logical-over-own-record", MbrTest.entry(chain(100), 100, 0, LINUX, 0, 50));
        add("mbr-logical-outside", MbrTest.entry(chain(100), 100, 0, LINUX, 0xffffffffL, 0xffffffffL));
        add("mbr-outside", MbrTest.entry(chain(100), 0, 2, LINUX, BACKUP, 2));
        add("mbr-from-start", MbrTest.entry(chain(100), 0, 2, LINUX, 0, 10));
        add("mbr-over-extended", MbrTest.entry(chain(100), 0, 0, LINUX, 50, 51));
        add("mbr-two-extended", MbrTest.entry(chain(100), 0, 2, 0x0f, 1900, 100));
        add("mbr-in-the-only-block", MbrTest.entry(new ImageBlocks(512, 1), 0, 0, LINUX, 1, 99));
        add("mbr-illegal-flag", edited(chain(100), 0, bytes -> bytes.put(446, (byte) 0x12)));
    }

    /** A partition and an extended one of two records. */
    private static ImageBlocks ahdi() {
        ImageBlocks disk = new ImageBlocks(512, BLOCKS);
        AhdiTest.entry(disk, 0, 0, 1, "GEM", 2, 98);
        AhdiTest.entry(disk, 0, 1, 1, "XGM", 100, 500);
        AhdiTest.entry(disk, 100, 0, 1, "BGM", 1, 99);
        AhdiTest.entry(disk, 100, 1, 1, "XGM", 100, 100);
        return AhdiTest.entry(disk, 200, 0, 1, "GEM", 1, 99);
    }

    private void ahdis() {
        add("ahdi", ahdi());
        add("ahdi-chain-loop", AhdiTest.entry(ahdi(), 200, 1, 1, "XGM", 100, 100));
        add("ahdi-shared-block", AhdiTest.entry(ahdi(), 0, 2, 1, "LNX", 50, 10));
        add("ahdi-unreadable-name", AhdiTest.entry(ahdi(), 0, 0, 1, "g m", 2, 98));
        add("ahdi-outside", AhdiTest.entry(ahdi(), 0, 0, 1, "GEM", 2, 0xffffffffL));
    }

    private void fileSystems() {
        fileSystem("luks", 0, bytes -> text(bytes, 0, "LUKS\u00ba\u00be\0\2"));
        fileSystem("lvm", 1, bytes -> {
            text(bytes, 0, "LABELONE").putLong(8, 1).putInt(20, 32);
            text(bytes, 24, "LVM2 001");
            text(bytes, 32, "0123456789abcdef0123456789abcdef").putInt(16, PhysicalVolume.crc(bytes));
        });
        fileSystem(
                "fat",
                0,
                bytes -> text(bytes, 0x36, "FAT16   ")
                        .putShort(11, (short) 512)
                        .putShort(14, (short) 1)
                        .putShort(17, (short) 16)
                        .putShort(19, (short) BLOCKS)
                        .putShort(22, (short) 8)
                        .put(13, (byte) 1)
                        .put(16, (byte) 1)
                        .put(21, (byte) 0xf8));
        // Its root directory is a cluster that comes after itself.
        fileSystem(
                "fat32-loop",
                0,
                bytes -> text(bytes, 0x52, "FAT32   ")
                        .putShort(11, (short) 512)
                        .putShort(14, (short) 1)
                        .putInt(32, BLOCKS)
                        .putInt(36, 8)
                        .putInt(44, 2)
                        .put(13, (byte) 1)
                        .put(16, (byte) 1)
                        .put(21, (byte) 0xf8));
        last().edit(1, bytes -> bytes.putInt(8, 2));
        last().edit(9, bytes -> {
            for (int at = 0; at < bytes.limit(); at += 32) {
                bytes.put(at, (byte) 0xe5);
            }
        });
        fileSystem("swap", 2, bytes -> bytes.putInt(0, 1).putInt(4, 1));
        last().edit(7, bytes -> text(bytes, 502, "SWAPSPACE2"));
        fileSystem("xfs", 0, bytes -> text(bytes, 0, "XFSB").put(6, (byte) 0x10).put(91, (byte) 1));
        fileSystem(
                "ext",
                2,
                bytes -> text(bytes, 0x78, "label")
                        .putShort(0x38, (short) 0xef53)
                        .putInt(0x5c, 4));
        fileSystem(
                "ntfs",
                0,
                bytes -> text(bytes, 3, "NTFS    ")
                        .putShort(11, (short) 512)
                        .putLong(48, 4)
                        .putLong(72, 99)
                        .put(13, (byte) 1)
                        .put(64, (byte) 2));
        last().edit(10, bytes -> {
            text(bytes, 0, "FILE").putShort(20, (short) 56).putInt(56, 0x60).putInt(60, 32);
            text(bytes, 80, "n\0t\0").putInt(72, 4).putShort(76, (short) 24);
        });
        fileSystem(
                "exfat",
                0,
                bytes -> text(bytes, 3, "EXFAT   ")
                        .putInt(80, 2)
                        .putInt(88, 4)
                        .putInt(92, 100)
                        .putInt(96, 2)
                        .putShort(510, (short) 0xaa55)
                        .put(108, (byte) 9));
        last().edit(4, bytes -> text(bytes, 0, "\u0083\1e"));
        fileSystem("btrfs", 128, bytes -> text(bytes, 0x40, "_BHRfS_M"));
    }

    private void fileSystem(String name, int block, Consumer<ByteBuffer> change) {
        add("fs-" + name, edited(new ImageBlocks(512, BLOCKS), block, change));
    }

    /** The device of the last case, which has more on it. */
    private ImageBlocks last() {
        return cases.get(cases.size() - 1).disk();
    }

    private static ByteBuffer text(ByteBuffer bytes, int at, String text) {
        return bytes.put(at, text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
