package io.sluice.tester;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Fills I/Os as fio's {@code verify=crc32c} does, and checks them. Each interval begins, little-endian, with a mark (2 bytes), the kind of check (2), the
 * length of the interval (4), a seed (8), its position on the device (8), a time in seconds (4) and nanoseconds (4), a thread (2), the number of the
 * I/O (2) and a CRC-32C of these 36 bytes (4); then comes the CRC-32C of all that follows it (4). Both are without the complement at the end. One
 * thread.
 */
final class FioHeaders {
    private static final int KIND_AT = 2;
    private static final int LENGTH_AT = 4;
    private static final int SEED_AT = 8;
    private static final int POSITION_AT = 16;
    private static final int SECONDS_AT = 24;
    private static final int NANOS_AT = 28;
    private static final int THREAD_AT = 32;
    private static final int NUMBER_AT = 34;
    private static final int HEADER_CHECKSUM_AT = 36;
    private static final int DATA_CHECKSUM_AT = 40;
    private static final int DATA_AT = 44;

    private static final int MARK = 0xacca;
    private static final int CRC32C_KIND = 5;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final ByteBuffer memory;
    private final ByteBuffer view;
    private final int intervalBytes;
    private final CRC32C checksum = new CRC32C();
    private long random;
    private int written;

    /**
     * For I/Os in the given memory, which is little-endian.
     *
     * @param intervalBytes 0 = an I/O is one interval
     */
    FioHeaders(ByteBuffer memory, int intervalBytes, long seed) {
        this.memory = memory;
        this.view = memory.duplicate();
        this.intervalBytes = intervalBytes;
        random = seed * 0x9e37_79b9_7f4a_7c15L | 1;
    }

    void fill(int offset, long position, int length) {
        int interval = interval(length);
        for (int at = 0; at < length; at += interval) {
            fillOne(offset + at, position + at, Math.min(interval, length - at));
        }
        written++;
    }

    private void fillOne(int at, long position, int length) {
        long seed = random;
        for (int i = 0; i + Long.BYTES <= length; i += Long.BYTES) {
            random = Requests.step(random);
            memory.putLong(at + i, random);
        }
        long now = System.nanoTime();
        memory.putShort(at, (short) MARK);
        memory.putShort(at + KIND_AT, (short) CRC32C_KIND);
        memory.putInt(at + LENGTH_AT, length);
        memory.putLong(at + SEED_AT, seed);
        memory.putLong(at + POSITION_AT, position);
        memory.putInt(at + SECONDS_AT, (int) (now / NANOS_PER_SECOND));
        memory.putInt(at + NANOS_AT, (int) (now % NANOS_PER_SECOND));
        memory.putShort(at + THREAD_AT, (short) 1);
        memory.putShort(at + NUMBER_AT, (short) written);
        memory.putInt(at + HEADER_CHECKSUM_AT, checksum(at, at + HEADER_CHECKSUM_AT));
        memory.putInt(at + DATA_CHECKSUM_AT, checksum(at + DATA_AT, at + length));
    }

    /** What is wrong; null when nothing is. */
    @Nullable
    String difference(int offset, long position, int length) {
        int interval = interval(length);
        for (int at = 0; at < length; at += interval) {
            String wrong = wrong(offset + at, position + at, Math.min(interval, length - at));
            if (wrong != null) {
                return wrong + ", at byte " + (position + at);
            }
        }
        return null;
    }

    private @Nullable String wrong(int at, long position, int length) {
        if (memory.getShort(at) != (short) MARK) {
            return "no verify header";
        }
        if (memory.getShort(at + KIND_AT) != CRC32C_KIND) {
            return "a verify header of kind " + memory.getShort(at + KIND_AT) + ", crc32c is " + CRC32C_KIND;
        }
        if (memory.getInt(at + HEADER_CHECKSUM_AT) != checksum(at, at + HEADER_CHECKSUM_AT)) {
            return "a verify header with a wrong checksum";
        }
        if (memory.getInt(at + LENGTH_AT) != length) {
            return "a verify header for " + memory.getInt(at + LENGTH_AT) + " bytes, expected " + length;
        }
        if (memory.getLong(at + POSITION_AT) != position) {
            return "data that was written at byte " + memory.getLong(at + POSITION_AT);
        }
        int expected = memory.getInt(at + DATA_CHECKSUM_AT);
        int found = checksum(at + DATA_AT, at + length);
        return expected == found
                ? null
                : String.format("data with crc32c %08x, the verify header says %08x", found, expected);
    }

    private int interval(int length) {
        return intervalBytes == 0 ? length : Math.min(intervalBytes, length);
    }

    private int checksum(int from, int to) {
        checksum.reset();
        view.limit(to).position(from);
        checksum.update(view);
        return ~(int) checksum.getValue();
    }
}
