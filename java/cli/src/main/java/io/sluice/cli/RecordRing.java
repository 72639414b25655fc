package io.sluice.cli;

import io.sluice.block.Geometry;
import io.sluice.block.Operation;
import io.sluice.block.SessionOptions;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Records in flight on a device: begun in order, taken in order, transferred in any. Each has a slot of memory. */
interface RecordRing extends Closeable {
    /** How many slots there are at most, and operations of a session in flight. */
    int MOST_SLOTS = 128;

    /** How many slots are worth their memory. */
    static int slots(int slotBytes) {
        int wanted = SessionOptions.defaults().bufferBytes() / slotBytes;
        int count = Math.min(Math.max(wanted, 4), MOST_SLOTS);
        return Math.max(1, Math.min(count, (1 << 30) / slotBytes));
    }

    /** Bytes of a slot for a record, on whole units of alignment. */
    static int slotBytes(String device, long recordBytes, int alignment) throws DdException {
        if (recordBytes > 1 << 30) {
            throw new DdException("a record of " + recordBytes + " bytes does not fit into a session on " + device
                    + "; use bs=1G or less");
        }
        return (int) ((recordBytes + alignment - 1) & -alignment);
    }

    /** Name of the device. */
    String device();

    /** The device's. */
    Geometry geometry();

    /** Whether every slot is taken. */
    boolean isFull();

    /** Whether none is. */
    boolean isEmpty();

    /** Memory of the record that is begun next. */
    ByteBuffer next();

    /** Begins a record: a read or a write. */
    void begin(Operation operation, long block, int blocks) throws IOException;

    /** Tells the device of what was begun. */
    void commit();

    /** Waits for the record that was begun first and gives its memory, which is the caller's until it calls {@link #release}. */
    ByteBuffer await() throws IOException;

    /** Gives the memory of the first record back, whether it was read or failed. */
    void release();

    /** Makes everything that was written durable. Nothing may be in flight. */
    void sync() throws IOException;
}
