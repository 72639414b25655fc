package io.sluice.linux;

import java.nio.ByteBuffer;

/** Memory of this process as calls take it that hand memory to a device: where it lies. Keeps the memory of its buffer from being freed. Any thread may call. */
public final class MemoryRange {
    private final ByteBuffer buffer;
    private final long address;

    /** The memory of a direct buffer; the native library is loaded. */
    MemoryRange(ByteBuffer buffer) {
        this.buffer = buffer;
        this.address = MemoryShim.address(buffer);
    }

    /**
     * The memory of a buffer, from 0 to its capacity.
     *
     * @throws IllegalArgumentException when it is not direct, or empty
     * @throws NativeLibraryException when the C shim cannot be loaded
     */
    public static MemoryRange of(ByteBuffer buffer) throws NativeLibraryException {
        if (!buffer.isDirect() || buffer.capacity() == 0) {
            throw new IllegalArgumentException(buffer + ": expected a direct buffer of at least a byte");
        }
        NativeLibrary.ensureAvailable();
        return new MemoryRange(buffer);
    }

    /** The address of its first byte in this process. */
    public long address() {
        return address;
    }

    /** Size in bytes. */
    public int size() {
        return buffer.capacity();
    }

    /** Whether a device may change it: not where the buffer is read-only. */
    public boolean writeable() {
        return !buffer.isReadOnly();
    }

    /** Whether it starts on a page of such a size, a power of two, and ends with one. */
    public boolean isWholePages(long pageBytes) {
        return ((address | size()) & (pageBytes - 1)) == 0;
    }

    /** Access flags of the shim. */
    int access() {
        return writeable() ? MemoryShim.READ | MemoryShim.WRITE : MemoryShim.READ;
    }

    @Override
    public String toString() {
        return size() + " bytes at 0x" + Long.toHexString(address);
    }
}
