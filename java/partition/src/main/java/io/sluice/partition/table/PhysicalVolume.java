package io.sluice.partition.table;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A physical volume of LVM2: a label in one of the first four sectors of 512 bytes. */
final class PhysicalVolume {
    private static final int SECTOR_BYTES = 512;
    private static final int SECTORS = 4;
    private static final int CRC_INITIAL = 0xf597a6cf;
    private static final int CRC_POLYNOMIAL = 0xedb88320;
    private static final int[] UUID_GROUPS = {6, 4, 4, 4, 4, 4, 6};
    private static final int UUID_CHARACTERS = 32;

    private PhysicalVolume() {}

    static @Nullable FileSystem probe(ByteWindow bytes) throws IOException {
        for (int sector = 0; sector < SECTORS; sector++) {
            ByteBuffer label = bytes.read((long) sector * SECTOR_BYTES, SECTOR_BYTES);
            if (label == null
                    || !ByteWindow.has(label, 0, "LABELONE")
                    || !ByteWindow.has(label, 24, "LVM2 001")
                    || label.getLong(8) != sector
                    || label.getInt(16) != crc(label)) {
                continue;
            }
            int header = label.getInt(20);
            if (header >= 32 && header <= SECTOR_BYTES - UUID_CHARACTERS) {
                return new FileSystem("LVM2_member", "LVM2 001", "", uuid(ByteWindow.text(label, header, 32)));
            }
        }
        return null;
    }

    /** LVM's checksum of what follows the field for it: CRC-32 begun in its own way, and not inverted. */
    static int crc(ByteBuffer label) {
        int crc = CRC_INITIAL;
        for (int i = 20; i < SECTOR_BYTES; i++) {
            crc ^= label.get(i) & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc >>> 1) ^ ((crc & 1) != 0 ? CRC_POLYNOMIAL : 0);
            }
        }
        return crc;
    }

    private static String uuid(String characters) {
        if (characters.length() != UUID_CHARACTERS) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        int at = 0;
        for (int group : UUID_GROUPS) {
            text.append(at == 0 ? "" : "-").append(characters, at, at + group);
            at += group;
        }
        return text.toString();
    }
}
