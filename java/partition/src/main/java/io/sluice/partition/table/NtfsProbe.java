package io.sluice.partition.table;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** NTFS. Its label is an attribute of the fourth record of the master file table. */
final class NtfsProbe {
    private static final int VOLUME_RECORD = 3;
    private static final int VOLUME_NAME = 0x60;
    private static final int END = -1;
    private static final int MOST_RECORD_BYTES = 4096;
    private static final int ATTRIBUTE_HEADER_BYTES = 24;

    private NtfsProbe() {}

    static @Nullable FileSystem probe(ByteWindow bytes) throws IOException {
        ByteBuffer boot = bytes.read(0, 512);
        if (boot == null || !ByteWindow.has(boot, 3, "NTFS    ")) {
            return null;
        }
        int sectorBytes = boot.getShort(11) & 0xffff;
        int sectors = boot.get(13) & 0xff;
        // Large clusters are given as a negative power of two.
        int clusterSectors = sectors <= 0x80 ? sectors : sectors >= 0xe1 ? 1 << (256 - sectors) : 0;
        if (sectorBytes < 256
                || sectorBytes > 4096
                || Integer.bitCount(sectorBytes) != 1
                || Integer.bitCount(clusterSectors) != 1) {
            return null;
        }
        long clusterBytes = (long) sectorBytes * clusterSectors;
        String uuid = String.format(Locale.ROOT, "%016X", boot.getLong(72));
        return new FileSystem("ntfs", "", label(bytes, boot, clusterBytes), uuid);
    }

    private static String label(ByteWindow bytes, ByteBuffer boot, long clusterBytes) throws IOException {
        int size = boot.get(64);
        long recordBytes = size > 0 ? size * clusterBytes : size >= -12 && size < 0 ? 1L << -size : 0;
        long table = boot.getLong(48);
        if (recordBytes < 512
                || recordBytes > MOST_RECORD_BYTES
                || table < 0
                || table > (Long.MAX_VALUE - VOLUME_RECORD * recordBytes) / clusterBytes) {
            return "";
        }
        ByteBuffer record = bytes.read(table * clusterBytes + VOLUME_RECORD * recordBytes, (int) recordBytes);
        return record == null || !ByteWindow.has(record, 0, "FILE") ? "" : label(record);
    }

    private static String label(ByteBuffer record) {
        int at = record.getShort(20) & 0xffff;
        while (at <= record.limit() - ATTRIBUTE_HEADER_BYTES && record.getInt(at) != END) {
            long length = Integer.toUnsignedLong(record.getInt(at + 4));
            if (length < ATTRIBUTE_HEADER_BYTES || length > record.limit() - at) {
                return "";
            }
            if (record.getInt(at) == VOLUME_NAME) {
                long valueBytes = Integer.toUnsignedLong(record.getInt(at + 16));
                int value = record.getShort(at + 20) & 0xffff;
                return value + valueBytes > length
                        ? ""
                        : ByteWindow.wideText(record, at + value, (int) (valueBytes / Character.BYTES));
            }
            at += (int) length;
        }
        return "";
    }
}
