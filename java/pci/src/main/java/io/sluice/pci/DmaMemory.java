package io.sluice.pci;

import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * Memory that a {@link PciFunction} reads and writes by itself. It is zeroed when {@linkplain PciFunction#allocate allocated}, somebody else's when {@linkplain
 * PciFunction#map mapped}, and occupies one contiguous range of the function's address space.
 *
 * <p>Whoever allocated or mapped it owns it, and closes it only when the function is known not to touch it any more: after the queue
 * that names it is deleted, or the controller is disabled. Closing the function closes what is left. After {@link #close()}
 * the {@link #buffer()} still may be touched without harm: the addresses hold other, anonymous memory until no buffer refers to them.
 */
public final class DmaMemory implements Closeable {
    private final ByteBuffer buffer;
    private final long deviceAddress;
    private final Runnable release;
    private boolean closed;

    /**
     * For implementations of {@link PciFunction}.
     *
     * @param buffer the memory, direct
     * @param deviceAddress where the function sees its first byte
     * @param release takes the range away from the function, then frees the memory where it was allocated; called once
     */
    public DmaMemory(ByteBuffer buffer, long deviceAddress, Runnable release) {
        this.buffer = Objects.requireNonNull(buffer).order(ByteOrder.LITTLE_ENDIAN);
        this.deviceAddress = deviceAddress;
        this.release = Objects.requireNonNull(release);
    }

    /** The memory, little-endian, position 0, limit = capacity = {@link #size()}. Its position and limit are not to be changed. */
    public ByteBuffer buffer() {
        return buffer;
    }

    /** The address of the first byte as the function sees it (IO virtual address). */
    public long deviceAddress() {
        return deviceAddress;
    }

    /** Size in bytes. */
    public int size() {
        return buffer.capacity();
    }

    /**
     * Takes the memory away from the function, and frees it if the function allocated it. Idempotent, any thread.
     *
     * @throws java.io.UncheckedIOException when the function did not let go of it; it may still reach the memory, until it is closed
     */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        release.run();
    }
}
