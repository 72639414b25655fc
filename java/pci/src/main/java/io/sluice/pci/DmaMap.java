package io.sluice.pci;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Which memory of a host stands at which addresses of a device. Immutable: a change makes another map. Any thread may read it, and reading allocates
 * nothing:
 *
 * <pre>{@code
 * int piece = map.find(address);
 * if (piece >= 0 && map.available(piece, address) >= bytes) {
 *     map.memory(piece).getLong(map.position(piece, address));
 * }
 * }</pre>
 */
public final class DmaMap {
    /** No memory at all. */
    public static final DmaMap EMPTY = new DmaMap(new long[0], new ByteBuffer[0], new boolean[0]);

    private final long[] first;
    private final ByteBuffer[] memory;
    private final boolean[] writeable;

    private DmaMap(long[] first, ByteBuffer[] memory, boolean[] writeable) {
        this.first = first;
        this.memory = memory;
        this.writeable = writeable;
    }

    /**
     * This map with another piece of memory in it.
     *
     * @param address where the device sees its first byte; counts as unsigned
     * @param bytes direct memory, at least one byte
     * @param mayWrite whether the device may change it
     * @throws IllegalArgumentException when it overlaps another piece or reaches beyond the last address
     */
    public DmaMap with(long address, ByteBuffer bytes, boolean mayWrite) {
        int size = bytes.capacity();
        if (size == 0 || Long.compareUnsigned(address + size - 1, address) < 0) {
            throw new IllegalArgumentException(
                    size + " bytes at 0x" + Long.toHexString(address) + ": empty, or beyond the last address");
        }
        int at = find(address);
        // The piece below must end before, the one above begin behind.
        int next = at >= 0 ? at : -at - 1;
        if (at >= 0 || (next < first.length && Long.compareUnsigned(first[next] - address, size) < 0)) {
            throw new IllegalArgumentException(
                    size + " bytes at 0x" + Long.toHexString(address) + " overlap memory that is mapped already");
        }
        long[] newFirst = new long[first.length + 1];
        ByteBuffer[] newMemory = new ByteBuffer[first.length + 1];
        boolean[] newWriteable = new boolean[first.length + 1];
        for (int from = 0, to = 0; to < newFirst.length; to++) {
            if (to == next) {
                newFirst[to] = address;
                newMemory[to] = bytes.duplicate().clear().order(ByteOrder.LITTLE_ENDIAN);
                newWriteable[to] = mayWrite;
            } else {
                newFirst[to] = first[from];
                newMemory[to] = memory[from];
                newWriteable[to] = writeable[from];
                from++;
            }
        }
        return new DmaMap(newFirst, newMemory, newWriteable);
    }

    /** This map without the piece that begins at the address; the same map when there is none. */
    public DmaMap without(long address) {
        int at = find(address);
        if (at < 0 || first[at] != address) {
            return this;
        }
        int last = first.length - 1;
        long[] newFirst = Arrays.copyOf(first, last);
        ByteBuffer[] newMemory = Arrays.copyOf(memory, last);
        boolean[] newWriteable = Arrays.copyOf(writeable, last);
        System.arraycopy(first, at + 1, newFirst, at, last - at);
        System.arraycopy(memory, at + 1, newMemory, at, last - at);
        System.arraycopy(writeable, at + 1, newWriteable, at, last - at);
        return new DmaMap(newFirst, newMemory, newWriteable);
    }

    /**
     * The piece that holds an address.
     *
     * @return its index; negative where there is no memory: {@code -(index of the next piece) - 1}
     */
    public int find(long address) {
        int low = 0;
        int high = first.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (Long.compareUnsigned(first[middle], address) > 0) {
                high = middle - 1;
            } else if (Long.compareUnsigned(address - first[middle], memory[middle].capacity()) >= 0) {
                low = middle + 1;
            } else {
                return middle;
            }
        }
        return -low - 1;
    }

    /** How many pieces there are. */
    public int pieces() {
        return first.length;
    }

    /** The memory of a piece, little-endian; to be read and written at absolute positions. */
    public ByteBuffer memory(int piece) {
        return memory[piece];
    }

    /** Whether the device may change a piece. */
    public boolean writeable(int piece) {
        return writeable[piece];
    }

    /** Where in {@link #memory} an address is that {@link #find} found in the piece. */
    public int position(int piece, long address) {
        return (int) (address - first[piece]);
    }

    /** How many bytes of the piece there are from an address on, that included. */
    public int available(int piece, long address) {
        return memory[piece].capacity() - position(piece, address);
    }
}
