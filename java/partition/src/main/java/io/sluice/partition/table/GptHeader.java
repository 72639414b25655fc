package io.sluice.partition.table;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Header of one copy of a GPT: UEFI specification 2.10, section 5.3.2.
 *
 * @param headerBytes size of the header, from 92 to a block
 * @param block where it is
 * @param otherBlock where the other copy's header is
 * @param firstUsable first block that a partition may have
 * @param lastUsable last block that a partition may have
 * @param diskGuid identifies the device
 * @param entriesBlock where the array of entries begins
 * @param entryCount number of entries, used or not; at least 1
 * @param entryBytes size of an entry: 128 times a power of two
 * @param entriesCrc CRC-32 of the array
 */
record GptHeader(
        int headerBytes,
        long block,
        long otherBlock,
        long firstUsable,
        long lastUsable,
        UUID diskGuid,
        long entriesBlock,
        int entryCount,
        int entryBytes,
        int entriesCrc) {
    static final long SIGNATURE = 0x5452415020494645L; // "EFI PART"
    static final int REVISION = 0x00010000;
    static final int LEAST_BYTES = 92;
    static final int LEAST_ENTRY_BYTES = 128;

    /** Most bytes of an array that are read. The usual array has 16 KiB; a device's word alone must not make anybody allocate more. */
    static final int MOST_ARRAY_BYTES = 4 << 20;

    private static final int CRC_AT = 16;

    /** Whether a block begins as a header does. */
    static boolean isSigned(ByteBuffer bytes) {
        return bytes.getLong(0) == SIGNATURE;
    }

    /**
     * Reads a header. No field is used before it is checked.
     *
     * @param bytes the whole block, little-endian
     * @param block where it is
     * @param blockCount blocks of the device
     * @param faults gets what is wrong with it
     * @return null when something is
     */
    static @Nullable GptHeader read(ByteBuffer bytes, long block, long blockCount, List<String> faults) {
        if (!isSigned(bytes)) {
            faults.add("no header in block " + block);
            return null;
        }
        int headerBytes = bytes.getInt(12);
        if (headerBytes < LEAST_BYTES || headerBytes > bytes.limit()) {
            faults.add("header in block " + block + ": a size of " + Integer.toUnsignedString(headerBytes)
                    + " bytes, where 92 to " + bytes.limit() + " can be");
            return null;
        }
        if (crc(bytes, headerBytes) != bytes.getInt(CRC_AT)) {
            faults.add("header in block " + block + ": its checksum is wrong");
            return null;
        }
        int before = faults.size();
        check(faults, bytes.getInt(8) == REVISION, block, "unknown revision 0x" + Integer.toHexString(bytes.getInt(8)));
        check(
                faults,
                bytes.getLong(24) == block,
                block,
                "it says that it is in block " + Long.toUnsignedString(bytes.getLong(24)));
        long firstUsable = bytes.getLong(40);
        long lastUsable = bytes.getLong(48);
        // The last number keeps every block below the largest one, so that the number after it does not wrap.
        check(
                faults,
                firstUsable >= 2 && firstUsable <= lastUsable && lastUsable < Long.MAX_VALUE,
                block,
                "partitions from block " + Long.toUnsignedString(firstUsable) + " to "
                        + Long.toUnsignedString(lastUsable));
        checkArray(bytes, block, blockCount, faults);
        if (faults.size() > before) {
            return null;
        }
        return new GptHeader(
                headerBytes,
                block,
                bytes.getLong(32),
                firstUsable,
                lastUsable,
                Guids.get(bytes, 56),
                bytes.getLong(72),
                bytes.getInt(80),
                bytes.getInt(84),
                bytes.getInt(88));
    }

    private static void checkArray(ByteBuffer bytes, long block, long blockCount, List<String> faults) {
        long at = bytes.getLong(72);
        long count = Integer.toUnsignedLong(bytes.getInt(80));
        long size = Integer.toUnsignedLong(bytes.getInt(84));
        if (size < LEAST_ENTRY_BYTES || Long.bitCount(size) != 1) {
            check(faults, false, block, "entries of " + size + " bytes, where 128 times a power of two can be");
            return;
        }
        // Both are below 2^32 and size at most 2^31: the product fits.
        if (count == 0 || count * size > MOST_ARRAY_BYTES) {
            check(
                    faults,
                    false,
                    block,
                    count + " entries of " + size + " bytes, where 1 entry to " + (MOST_ARRAY_BYTES >> 20)
                            + " MiB of them are read");
            return;
        }
        long blocks = (count * size + bytes.limit() - 1) / bytes.limit();
        boolean within = at >= 2 && at <= blockCount - blocks;
        check(
                faults,
                within
                        && (at > block || at + blocks <= block)
                        && (at > bytes.getLong(48) || at + blocks <= bytes.getLong(40)),
                block,
                count + " entries of " + size + " bytes from block " + Long.toUnsignedString(at)
                        + ", which are outside of the device or where something else is");
    }

    private static void check(List<String> faults, boolean right, long block, String otherwise) {
        if (!right) {
            faults.add("header in block " + block + ": " + otherwise);
        }
    }

    /** Bytes of the array. */
    int arrayBytes() {
        return entryCount * entryBytes;
    }

    /** Blocks of the array; the last one may be used in part. */
    int arrayBlocks(int blockBytes) {
        return (arrayBytes() + blockBytes - 1) / blockBytes;
    }

    /** Whether two copies say the same of the device. */
    boolean describesSame(GptHeader other) {
        return firstUsable == other.firstUsable
                && lastUsable == other.lastUsable
                && diskGuid.equals(other.diskGuid)
                && entryCount == other.entryCount
                && entryBytes == other.entryBytes
                && entriesCrc == other.entriesCrc;
    }

    /** The header as a block, its checksum included. What lies behind the fields that are known here is zero. */
    ByteBuffer toBlock(int blockBytes) {
        ByteBuffer bytes = ByteBuffer.allocate(blockBytes).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(0, SIGNATURE).putInt(8, REVISION).putInt(12, headerBytes);
        bytes.putLong(24, block)
                .putLong(32, otherBlock)
                .putLong(40, firstUsable)
                .putLong(48, lastUsable);
        Guids.put(bytes, 56, diskGuid);
        bytes.putLong(72, entriesBlock).putInt(80, entryCount).putInt(84, entryBytes);
        bytes.putInt(88, entriesCrc);
        return bytes.putInt(CRC_AT, crc(bytes, headerBytes));
    }

    /** Checksum of a header, as if the field for it were zero. */
    static int crc(ByteBuffer bytes, int headerBytes) {
        ByteBuffer header = ByteBuffer.allocate(headerBytes);
        header.put(0, bytes, 0, headerBytes).putInt(CRC_AT, 0);
        CRC32 crc = new CRC32();
        crc.update(header);
        return (int) crc.getValue();
    }
}
