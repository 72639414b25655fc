package io.sluice.emulator;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The Error Information log page (section 5.14.1.1): a ring of the newest errors. For the controller's thread alone. */
final class ErrorLog {
    static final int ENTRIES = 64;
    static final int ENTRY_BYTES = 64;
    /** In the place of a command identifier: the error is none of a command. */
    static final int NO_COMMAND = 0xffff;

    private final ByteBuffer entries =
            ByteBuffer.allocateDirect(ENTRIES * ENTRY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private long count;

    /** Number of errors ever. */
    long count() {
        return count;
    }

    /** Enters an error. */
    void add(int queue, int command, int status, int namespace, long block) {
        int at = (int) (count % ENTRIES) * ENTRY_BYTES;
        count++;
        entries.putLong(at, count);
        entries.putShort(at + 8, (short) queue);
        entries.putShort(at + 10, (short) command);
        entries.putShort(at + 12, (short) (status << 1));
        entries.putShort(at + 14, (short) 0xffff);
        entries.putLong(at + 16, block);
        entries.putInt(at + 24, namespace);
    }

    /** Writes the log page, the newest first; entries that were never used are zero. */
    void write(ByteBuffer page) {
        for (int i = 0; i < Math.min(count, ENTRIES); i++) {
            int from = (int) ((count - 1 - i) % ENTRIES) * ENTRY_BYTES;
            page.put(i * ENTRY_BYTES, entries, from, ENTRY_BYTES);
        }
    }
}
