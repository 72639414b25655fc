package io.sluice.partition.table;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.UUID;

/** GUIDs as EFI stores them: the first three fields little-endian (UEFI specification 2.10, appendix A). */
final class Guids {
    static final int BYTES = 16;
    static final UUID ZERO = new UUID(0, 0);

    private Guids() {}

    /** Reads one; the buffer is little-endian. */
    static UUID get(ByteBuffer bytes, int at) {
        long high = (long) bytes.getInt(at) << 32
                | (bytes.getShort(at + 4) & 0xffffL) << 16
                | (bytes.getShort(at + 6) & 0xffffL);
        return new UUID(high, Long.reverseBytes(bytes.getLong(at + 8)));
    }

    /** Writes one; the buffer is little-endian. */
    static void put(ByteBuffer bytes, int at, UUID guid) {
        assert bytes.order() == ByteOrder.LITTLE_ENDIAN;
        long high = guid.getMostSignificantBits();
        bytes.putInt(at, (int) (high >> 32));
        bytes.putShort(at + 4, (short) (high >> 16));
        bytes.putShort(at + 6, (short) high);
        bytes.putLong(at + 8, Long.reverseBytes(guid.getLeastSignificantBits()));
    }

    /** As sgdisk and the specification write it. */
    static String text(UUID guid) {
        return guid.toString().toUpperCase(Locale.ROOT);
    }
}
