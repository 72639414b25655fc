package io.sluice.partition.table;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** exFAT: Microsoft's exFAT file system specification, sections 3.1 and 7.3. */
final class ExfatProbe {
    private static final int ENTRY_BYTES = 32;
    private static final int LABEL_ENTRY = 0x83;
    private static final int LABEL_UNITS = 11;
    private static final int MOST_SECTOR_SHIFT = 12;
    private static final int MOST_CLUSTER_SHIFT = 25;
    /** How much of a root directory is looked at for a label. */
    private static final int MOST_ENTRIES = 10_000;

    private ExfatProbe() {}

    static @Nullable FileSystem probe(ByteWindow bytes) throws IOException {
        ByteBuffer boot = bytes.read(0, 512);
        if (boot == null || !ByteWindow.has(boot, 3, "EXFAT   ") || !MbrSector.isSigned(boot)) {
            return null;
        }
        int sectorShift = boot.get(108) & 0xff;
        int clusterShift = sectorShift + (boot.get(109) & 0xff);
        if (sectorShift < 9 || sectorShift > MOST_SECTOR_SHIFT || clusterShift > MOST_CLUSTER_SHIFT) {
            return null;
        }
        String version = (boot.get(105) & 0xff) + "." + (boot.get(104) & 0xff);
        String label = label(bytes, boot, sectorShift, clusterShift);
        return new FileSystem("exfat", version, label, FileSystemProbe.serial(boot.getInt(100)));
    }

    private static String label(ByteWindow bytes, ByteBuffer boot, int sectorShift, int clusterShift)
            throws IOException {
        long fat = Integer.toUnsignedLong(boot.getInt(80)) << sectorShift;
        long heap = Integer.toUnsignedLong(boot.getInt(88)) << sectorShift;
        long clusters = Integer.toUnsignedLong(boot.getInt(92));
        long cluster = Integer.toUnsignedLong(boot.getInt(96));
        int perCluster = (1 << clusterShift) / ENTRY_BYTES;
        for (int i = 0; i < MOST_ENTRIES && cluster >= 2 && cluster < clusters + 2; i++) {
            int within = i % perCluster;
            // Below 2^32 clusters of at most 2^25 bytes: no more than 2^57.
            long at = heap + ((cluster - 2) << clusterShift) + (long) within * ENTRY_BYTES;
            ByteBuffer entry = bytes.read(at, ENTRY_BYTES);
            if (entry == null || entry.get(0) == 0) {
                return "";
            }
            if ((entry.get(0) & 0xff) == LABEL_ENTRY) {
                return ByteWindow.wideText(entry, 2, Math.min(entry.get(1) & 0xff, LABEL_UNITS));
            }
            if (within == perCluster - 1) {
                ByteBuffer next = bytes.read(fat + cluster * Integer.BYTES, Integer.BYTES);
                cluster = next == null ? 0 : Integer.toUnsignedLong(next.getInt(0));
            }
        }
        return "";
    }
}
