package io.sluice.partition.table;

import java.nio.ByteBuffer;
import java.util.UUID;

/** Entry of a partition in the array of a GPT: UEFI specification 2.10, section 5.3.3. Numbers of blocks are as they are stored, unchecked. */
record GptEntry(UUID type, UUID guid, long firstBlock, long lastBlock, long attributes, String name) {
    /** Most UTF-16 code units of a name. */
    static final int NAME_UNITS = 36;

    private static final int NAME_AT = 56;

    /** Reads an entry; the buffer is little-endian. */
    static GptEntry get(ByteBuffer array, int at) {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < NAME_UNITS; i++) {
            char unit = array.getChar(at + NAME_AT + 2 * i);
            if (unit == 0) {
                break;
            }
            name.append(unit);
        }
        return new GptEntry(
                Guids.get(array, at),
                Guids.get(array, at + 16),
                array.getLong(at + 32),
                array.getLong(at + 40),
                array.getLong(at + 48),
                name.toString());
    }

    /** Writes an entry over another; bytes of larger entries that are not known here stay. The buffer is little-endian. */
    void put(ByteBuffer array, int at) {
        Guids.put(array, at, type);
        Guids.put(array, at + 16, guid);
        array.putLong(at + 32, firstBlock).putLong(at + 40, lastBlock).putLong(at + 48, attributes);
        for (int i = 0; i < NAME_UNITS; i++) {
            array.putChar(at + NAME_AT + 2 * i, i < name.length() ? name.charAt(i) : 0);
        }
    }

    /** Whether the entry is in use. */
    boolean isUsed() {
        return !type.equals(Guids.ZERO);
    }

    /** The name as it may be printed; see {@link ByteWindow#shown}. */
    String shownName() {
        return ByteWindow.shown(name);
    }
}
