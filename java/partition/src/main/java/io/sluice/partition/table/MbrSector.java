package io.sluice.partition.table;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The part of a block that is a master boot record, or the record in front of a logical partition: UEFI specification 2.10, section 5.2.
 *
 * @param entries the four of them, used or not
 * @param diskSignature identifies the device, where a program wrote one
 */
record MbrSector(List<Entry> entries, int diskSignature) {
    static final int ENTRY_COUNT = 4;
    static final int ENTRIES_AT = 446;
    static final int ENTRY_BYTES = 16;
    static final int SIGNATURE_AT = 510;
    static final int DISK_SIGNATURE_AT = 440;
    static final short SIGNATURE = (short) 0xaa55;
    static final int PROTECTIVE = 0xee;
    static final int ACTIVE = 0x80;
    /** A cylinder, a head and a sector that nothing has. */
    private static final int NO_CHS = 0xfffffe;

    /**
     * An entry. All of its numbers are from 0 up, and unchecked.
     *
     * @param flag 0x80 active, 0 not; others mean that the block is no master boot record
     * @param type 0 unused
     * @param start first block, counted from what the record counts from
     * @param count number of blocks
     */
    record Entry(int flag, int type, long start, long count) {
        boolean isUsed() {
            return type != 0 && count != 0;
        }

        boolean isExtended() {
            return isUsed() && isExtended(type);
        }

        static boolean isExtended(int type) {
            return type == 0x05 || type == 0x0f || type == 0x85;
        }

        boolean isProtective() {
            return type == PROTECTIVE;
        }

        /** Used by the partition that it describes, and not to hold others or to keep others away. */
        boolean isData() {
            return isUsed() && !isExtended() && !isProtective();
        }
    }

    /** Whether a block ends as such a record does. */
    static boolean isSigned(ByteBuffer block) {
        return block.getShort(SIGNATURE_AT) == SIGNATURE;
    }

    /** Reads a record; the buffer is little-endian. */
    static MbrSector get(ByteBuffer block) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < ENTRY_COUNT; i++) {
            int at = ENTRIES_AT + i * ENTRY_BYTES;
            entries.add(new Entry(
                    block.get(at) & 0xff,
                    block.get(at + 4) & 0xff,
                    Integer.toUnsignedLong(block.getInt(at + 8)),
                    Integer.toUnsignedLong(block.getInt(at + 12))));
        }
        return new MbrSector(List.copyOf(entries), block.getInt(DISK_SIGNATURE_AT));
    }

    /** Writes an entry into a record, which is little-endian. Cylinder, head and sector say: see the block numbers. */
    static void put(ByteBuffer block, int index, Entry entry) {
        int at = ENTRIES_AT + index * ENTRY_BYTES;
        block.putInt(at, NO_CHS << 8 | entry.flag()).putInt(at + 4, NO_CHS << 8 | entry.type());
        block.putInt(at + 8, (int) entry.start()).putInt(at + 12, (int) entry.count());
    }

    /** Of a record of a chain, the logical partition, counted from the record; null when it has none. */
    @Nullable
    Entry logical() {
        return first(entry -> entry.isUsed() && !entry.isExtended());
    }

    /** Of a record of a chain, the link to the next one, counted from the start of the extended partition; null when it is the last one. */
    @Nullable
    Entry link() {
        return first(Entry::isExtended);
    }

    private @Nullable Entry first(Predicate<Entry> wanted) {
        return entries.stream().filter(wanted).findFirst().orElse(null);
    }

    /** Whether it has no more than a record of a chain needs: at most one partition, and at most one link. */
    boolean isOneOfChain() {
        long links = entries.stream().filter(Entry::isExtended).count();
        return links <= 1 && entries.stream().filter(Entry::isUsed).count() - links <= 1;
    }

    /** Whether the flags are those of a partition table and not the code or data of something else that ends the same way. */
    boolean hasLegalFlags() {
        return entries.stream().allMatch(entry -> entry.flag() == 0 || entry.flag() == ACTIVE);
    }

    boolean isProtective() {
        return entries.stream().anyMatch(Entry::isProtective);
    }

    boolean hasData() {
        return entries.stream().anyMatch(entry -> entry.isUsed() && !entry.isProtective());
    }

    /** As fdisk and blkid write it; empty where there is none. */
    String id() {
        return diskSignature == 0 ? "" : String.format(Locale.ROOT, "0x%08x", diskSignature);
    }
}
