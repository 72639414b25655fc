package io.sluice.nvme;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The two pages of Doorbell Buffer Config (section 5.7) as a controller sees them.
 *
 * @param values what the host writes
 * @param eventIndexes what the controller writes
 */
record ScriptedShadows(ByteBuffer values, ByteBuffer eventIndexes) {
    /** The shadow of a doorbell of a queue that is new. */
    ByteBuffer value(int at) {
        if (values.getInt(at) != 0) {
            throw new AssertionError("the shadow of a new queue holds " + values.getInt(at));
        }
        return word(values, at);
    }

    ByteBuffer eventIndex(int at) {
        return word(eventIndexes, at);
    }

    private static ByteBuffer word(ByteBuffer page, int at) {
        return page.slice(at, Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }
}
