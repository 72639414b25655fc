package io.sluice.uring;

import io.sluice.block.Segments;
import io.sluice.linux.MemoryRange;
import io.sluice.linux.NativeLibraryException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Memory in several places as the kernel takes it ({@code struct iovec} of {@code readv(2)}), an array for each slot. It stays as it is until the slot's
 * operation is answered. One thread at a time; allocates only where a slot never had as many segments.
 */
final class Vectors {
    private static final int ENTRY_BYTES = 16;
    private static final int SMALLEST = 16;

    private final @Nullable Vector[] vectors;

    private record Vector(ByteBuffer bytes, MemoryRange range) {
        static Vector of(int entries) throws NativeLibraryException {
            ByteBuffer bytes = ByteBuffer.allocateDirect(entries * ENTRY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            return new Vector(bytes, MemoryRange.of(bytes));
        }
    }

    Vectors(int slots) {
        this.vectors = new Vector[slots];
    }

    /** Makes room for the segments of a slot. */
    void prepare(int slot, int entries) throws NativeLibraryException {
        Vector vector = vectors[slot];
        if (vector == null || vector.bytes.capacity() < entries * ENTRY_BYTES) {
            vectors[slot] = Vector.of(Math.max(SMALLEST, Integer.highestOneBit(2 * entries - 1)));
        }
    }

    /**
     * Writes where the data of a slot's segments is, but for its first bytes.
     *
     * @param skip bytes that were moved before, fewer than the segments have
     * @return how many entries there are
     */
    int write(int slot, Segments segments, int skip) {
        ByteBuffer bytes = of(slot).bytes;
        int left = skip;
        int count = 0;
        for (int i = 0; i < segments.count(); i++) {
            int length = segments.length(i);
            if (left >= length) {
                left -= length;
                continue;
            }
            long address = ((UringMemory) segments.memory(i)).address() + segments.offset(i);
            bytes.putLong(count * ENTRY_BYTES, address + left);
            bytes.putLong(count * ENTRY_BYTES + Long.BYTES, length - left);
            left = 0;
            count++;
        }
        return count;
    }

    /** The address of a slot's entries. */
    long address(int slot) {
        return of(slot).range.address();
    }

    private Vector of(int slot) {
        Vector vector = vectors[slot];
        if (vector == null) {
            throw new IllegalStateException("slot " + slot + " never had segments");
        }
        return vector;
    }
}
