package io.sluice.emulator;

import io.sluice.pci.RegisterSpace;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The MSI-X table and its pending bits (PCI Local Bus Specification 3.0, section 6.8.2), all of BAR 4. The host's platform delivers and masks interrupts by
 * itself, so that the table only remembers what is written to it.
 */
final class MessageTable implements RegisterSpace {
    private static final int ENTRY_BYTES = 16;
    private static final int PAGE = 4096;
    /** After a reset every vector is masked. */
    private static final int MASKED = 1;

    private final ByteBuffer values;
    private final int vectors;
    private volatile boolean gone;

    MessageTable(int vectors) {
        this.vectors = vectors;
        this.values = ByteBuffer.allocate(barBytes(vectors)).order(ByteOrder.LITTLE_ENDIAN);
        reset();
    }

    /** Where the pending bits begin: on a page of their own. */
    static int pendingOffset(int vectors) {
        return (vectors * ENTRY_BYTES + PAGE - 1) & -PAGE;
    }

    static int barBytes(int vectors) {
        int used = pendingOffset(vectors) + PAGE;
        return Integer.highestOneBit(used - 1) << 1;
    }

    @Override
    public long size() {
        return values.capacity();
    }

    @Override
    public synchronized int read32(long offset) {
        return gone ? -1 : values.getInt(Offsets.check(offset, Integer.BYTES, values.capacity()));
    }

    @Override
    public synchronized void write32(long offset, int value) {
        int at = Offsets.check(offset, Integer.BYTES, values.capacity());
        if (at < vectors * ENTRY_BYTES && !gone) {
            values.putInt(at, value);
        }
    }

    @Override
    public synchronized long read64(long offset) {
        return gone ? -1 : values.getLong(Offsets.check(offset, Long.BYTES, values.capacity()));
    }

    @Override
    public synchronized void write64(long offset, long value) {
        int at = Offsets.check(offset, Long.BYTES, values.capacity());
        if (at < vectors * ENTRY_BYTES && !gone) {
            values.putLong(at, value);
        }
    }

    @Override
    public @Nullable ByteBuffer mapped(long offset, int length) {
        return null;
    }

    synchronized void reset() {
        for (int vector = 0; vector < vectors; vector++) {
            values.putLong(vector * ENTRY_BYTES, 0);
            values.putLong(vector * ENTRY_BYTES + 8, (long) MASKED << 32);
        }
    }

    void gone(boolean value) {
        gone = value;
    }
}
