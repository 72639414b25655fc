package io.sluice.emulator;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The power states that the controller says it has, and when it is to change between them by itself (sections 8.4, 5.21.1.12). It takes no power, so that none
 * makes a difference. For the controller's thread alone.
 */
final class PowerStates {
    static final int BYTES = 32;
    private static final int TABLE_BYTES = 256;
    private static final int NON_OPERATIONAL = 1 << 1;

    private record State(int centiwatts, int flags, int entryMicros, int exitMicros) {}

    private static final State[] STATES = {
        new State(2500, 0, 0, 0), new State(1200, 0, 50, 100), new State(5, NON_OPERATIONAL, 2_000, 15_000),
    };

    private final DataPointer data;
    private final ByteBuffer table = ByteBuffer.allocateDirect(TABLE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer wanted = ByteBuffer.allocateDirect(TABLE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private int enabled;

    PowerStates(DataPointer data) {
        this.data = data;
    }

    static int count() {
        return STATES.length;
    }

    /** Writes the descriptors into the Identify Controller data structure. */
    static void describe(ByteBuffer page) {
        page.put(263, (byte) (STATES.length - 1));
        page.put(265, (byte) 1); // it changes its state by itself
        for (int i = 0; i < STATES.length; i++) {
            int at = 2048 + BYTES * i;
            page.putShort(at, (short) STATES[i].centiwatts)
                    .put(at + 3, (byte) STATES[i].flags)
                    .putInt(at + 4, STATES[i].entryMicros)
                    .putInt(at + 8, STATES[i].exitMicros);
        }
    }

    void reset() {
        enabled = 0;
        for (int i = 0; i < TABLE_BYTES; i += Long.BYTES) {
            table.putLong(i, 0);
        }
    }

    /** Whether the controller is to change its state by itself: doubleword 0 of Get Features. */
    int result() {
        return enabled;
    }

    /** Get Features, Autonomous Power State Transition; returns a status. */
    int get(Command command) {
        int status = data.follow(command, TABLE_BYTES, true);
        if (status == Status.SUCCESS) {
            data.move(0, table, 0, TABLE_BYTES);
        }
        return status;
    }

    /** Set Features, Autonomous Power State Transition; returns a status. */
    int set(Command command) {
        int status = data.follow(command, TABLE_BYTES, false);
        if (status != Status.SUCCESS) {
            return status;
        }
        data.move(0, wanted, 0, TABLE_BYTES);
        for (int i = 0; i < STATES.length; i++) {
            int target = (int) wanted.getLong(Long.BYTES * i) >>> 3 & 31;
            boolean goes = (wanted.getLong(Long.BYTES * i) >>> 8 & 0xff_ffff) != 0;
            if (goes && (target >= STATES.length || (STATES[target].flags & NON_OPERATIONAL) == 0)) {
                return Status.INVALID_FIELD;
            }
        }
        table.put(0, wanted, 0, TABLE_BYTES);
        enabled = command.dword11() & 1;
        return Status.SUCCESS;
    }
}
