package io.sluice.nvme;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Reads the little-endian data structures that a controller returns (section 1.8), at the offsets that the specification gives. */
final class DataStructure {
    private final ByteBuffer bytes;

    DataStructure(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    int u8(int offset) {
        return bytes.get(offset) & 0xff;
    }

    int u16(int offset) {
        return bytes.getShort(offset) & 0xffff;
    }

    long u32(int offset) {
        return bytes.getInt(offset) & 0xffff_ffffL;
    }

    long u64(int offset) {
        return bytes.getLong(offset);
    }

    /** A counter of 128 bits; what does not fit into 63 is given as {@link Long#MAX_VALUE}. */
    long u128(int offset) {
        long low = bytes.getLong(offset);
        return bytes.getLong(offset + 8) != 0 || low < 0 ? Long.MAX_VALUE : low;
    }

    /** An ASCII string padded with spaces; devices also pad with NUL, and send bytes that are no ASCII: those become '?'. */
    String ascii(int offset, int length) {
        byte[] text = new byte[length];
        for (int i = 0; i < length; i++) {
            byte b = bytes.get(offset + i);
            text[i] = b == 0 ? (byte) ' ' : b < 0x20 || b > 0x7e ? (byte) '?' : b;
        }
        return new String(text, StandardCharsets.US_ASCII).strip();
    }

    String hex(int offset, int length) {
        StringBuilder text = new StringBuilder(2 * length);
        for (int i = 0; i < length; i++) {
            text.append(String.format("%02x", bytes.get(offset + i)));
        }
        return text.toString();
    }

    int size() {
        return bytes.capacity();
    }
}
