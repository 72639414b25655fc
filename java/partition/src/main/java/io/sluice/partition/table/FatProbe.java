package io.sluice.partition.table;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** FAT12, FAT16 and FAT32. Which of them it is follows from the number of clusters. */
final class FatProbe {
    private static final int MOST_CLUSTERS_12 = 0xff4;
    private static final int MOST_CLUSTERS_16 = 0xfff4;
    private static final int MOST_CLUSTERS_32 = 0x0ffffff6;

    private static final int ENTRY_BYTES = 32;
    private static final int ATTRIBUTE_AT = 11;
    private static final int VOLUME = 0x08;
    private static final int DIRECTORY = 0x10;
    private static final int LONG_NAME = 0x0f;
    private static final int DELETED = 0xe5;
    /** Most clusters of a root directory that are looked at for a label. */
    private static final int MOST_ROOT_CLUSTERS = 100;

    private final ByteWindow bytes;
    private final ByteBuffer boot;
    private final int sectorBytes;
    private final int clusterSectors;
    private final long reserved;
    private final long fatSectors;
    private final int rootEntries;
    private final boolean wide;

    private FatProbe(ByteWindow bytes, ByteBuffer boot) {
        this.bytes = bytes;
        this.boot = boot;
        this.sectorBytes = boot.getShort(11) & 0xffff;
        this.clusterSectors = boot.get(13) & 0xff;
        this.reserved = boot.getShort(14) & 0xffff;
        this.rootEntries = boot.getShort(17) & 0xffff;
        int small = boot.getShort(22) & 0xffff;
        this.wide = small == 0;
        this.fatSectors = wide ? Integer.toUnsignedLong(boot.getInt(36)) : small;
    }

    static @Nullable FileSystem probe(ByteWindow bytes) throws IOException {
        ByteBuffer boot = bytes.read(0, 512);
        return boot == null || !isNamed(boot) ? null : new FatProbe(bytes, boot).read();
    }

    private static boolean isNamed(ByteBuffer boot) {
        int jump = boot.get(0) & 0xff;
        return ByteWindow.has(boot, 0x52, "MSWIN")
                || ByteWindow.has(boot, 0x52, "FAT32   ")
                || ByteWindow.has(boot, 0x36, "MSDOS")
                || ByteWindow.has(boot, 0x36, "FAT16   ")
                || ByteWindow.has(boot, 0x36, "FAT12   ")
                || ByteWindow.has(boot, 0x36, "FAT     ")
                || ((jump == 0xeb || jump == 0xe9)
                        && MbrSector.isSigned(boot)
                        // Both put something like a FAT's first sector before what is none.
                        && !ByteWindow.has(boot, 0x36, "JFS     ")
                        && !ByteWindow.has(boot, 0x36, "HPFS    "));
    }

    private @Nullable FileSystem read() throws IOException {
        int fats = boot.get(16) & 0xff;
        int media = boot.get(21) & 0xff;
        if (fats == 0
                || reserved == 0
                || (media < 0xf8 && media != 0xf0)
                || Integer.bitCount(clusterSectors) != 1
                || sectorBytes < 512
                || sectorBytes > 4096
                || Integer.bitCount(sectorBytes) != 1
                || fatSectors == 0) {
            return null;
        }
        int shortCount = boot.getShort(19) & 0xffff;
        long sectors = shortCount != 0 ? shortCount : Integer.toUnsignedLong(boot.getInt(32));
        long rootSectors = ((long) rootEntries * ENTRY_BYTES + sectorBytes - 1) / sectorBytes;
        // Each factor is below 2^32, one of them below 2^8.
        long rootAt = reserved + fatSectors * fats;
        long clusters = (sectors - rootAt - rootSectors) / clusterSectors;
        long most = wide ? MOST_CLUSTERS_32 : MOST_CLUSTERS_16;
        if (sectors < rootAt + rootSectors || clusters > most) {
            return null;
        }
        int extension = wide ? 66 : 38;
        int sign = boot.get(extension) & 0xff;
        String serial = sign == 0x28 || sign == 0x29 ? FileSystemProbe.serial(boot.getInt(extension + 1)) : "";
        String version = wide ? "FAT32" : clusters > MOST_CLUSTERS_12 ? "FAT16" : "FAT12";
        return new FileSystem("vfat", version, wide ? wideLabel(rootAt) : narrowLabel(rootAt), serial);
    }

    private String narrowLabel(long rootAt) throws IOException {
        int length = rootEntries * ENTRY_BYTES;
        ByteBuffer root = bytes.read(rootAt * sectorBytes, length);
        String label = root == null ? null : label(root);
        return label == null ? "" : label;
    }

    private String wideLabel(long dataAt) throws IOException {
        long cluster = Integer.toUnsignedLong(boot.getInt(44));
        for (int i = 0; i < MOST_ROOT_CLUSTERS && cluster >= 2 && cluster <= MOST_CLUSTERS_32; i++) {
            int length = clusterSectors * sectorBytes;
            ByteBuffer root = bytes.read((dataAt + (cluster - 2) * clusterSectors) * sectorBytes, length);
            String label = root == null ? "" : label(root);
            if (label != null) {
                return label;
            }
            ByteBuffer next = bytes.read(reserved * sectorBytes + cluster * Integer.BYTES, Integer.BYTES);
            cluster = next == null ? 0 : next.getInt(0) & 0x0fffffff;
        }
        return "";
    }

    /** The label among the entries of a directory; empty when the directory ends without one, null when it goes on. */
    private static @Nullable String label(ByteBuffer directory) {
        for (int at = 0; at + ENTRY_BYTES <= directory.limit(); at += ENTRY_BYTES) {
            int first = directory.get(at) & 0xff;
            int attributes = directory.get(at + ATTRIBUTE_AT) & 0x3f;
            if (first == 0) {
                return "";
            }
            boolean ownsCluster = directory.getShort(at + 20) != 0 || directory.getShort(at + 26) != 0;
            if (first != DELETED
                    && attributes != LONG_NAME
                    && (attributes & (VOLUME | DIRECTORY)) == VOLUME
                    && !ownsCluster) {
                return ByteWindow.text(directory, at, ATTRIBUTE_AT);
            }
        }
        return null;
    }
}
