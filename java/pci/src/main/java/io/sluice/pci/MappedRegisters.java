package io.sluice.pci;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Registers that are mapped: each access is one load or store instruction.
 *
 * <p>Memory order: reads are acquire loads and writes are release stores. What this thread stored to memory before a write (a
 * queue entry) is visible before the write (its doorbell), and what it loads after a read (memory that the function
 * filled) is not older than the read. Between two registers the mapping keeps program order by itself: the kernel maps BARs
 * uncached, and neither the JIT nor the processor reorders acquire loads with each other or release stores with each other. A write
 * followed by a read of another register can pass it on the way; a driver that needs the write to have arrived reads the same register
 * back, as on any PCI bus.
 *
 * <p>When memory decoding goes off under an access (the function was pulled or reset) the kernel raises SIGBUS, which the
 * JVM turns into an {@link InternalError}. Compiled code delivers it late: the load that failed has left some value behind and
 * the error comes at the next safepoint. Each accessor therefore passes one before it believes its value.
 */
final class MappedRegisters implements RegisterSpace {
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final ByteBuffer buffer;
    private volatile boolean closed;

    MappedRegisters(ByteBuffer buffer) {
        this.buffer = buffer;
    }

    /** To be called before the mapping is replaced: reads are all ones from then on. */
    void close() {
        closed = true;
    }

    @Override
    public long size() {
        return buffer.capacity();
    }

    @Override
    public int read32(long offset) {
        Offsets.check(offset, Integer.BYTES, buffer.capacity());
        try {
            int value = (int) INT.getAcquire(buffer, (int) offset);
            Fault.surface();
            // After the load: a load that saw the replacement of the mapping sees the flag too.
            return closed ? -1 : value;
        } catch (InternalError gone) {
            return -1;
        }
    }

    @Override
    public void write32(long offset, int value) {
        Offsets.check(offset, Integer.BYTES, buffer.capacity());
        try {
            INT.setRelease(buffer, (int) offset, value);
            Fault.surface();
        } catch (InternalError gone) {
            return;
        }
    }

    @Override
    public long read64(long offset) {
        Offsets.check(offset, Long.BYTES, buffer.capacity());
        try {
            long value = (long) LONG.getAcquire(buffer, (int) offset);
            Fault.surface();
            return closed ? -1 : value;
        } catch (InternalError gone) {
            return -1;
        }
    }

    @Override
    public void write64(long offset, long value) {
        Offsets.check(offset, Long.BYTES, buffer.capacity());
        try {
            LONG.setRelease(buffer, (int) offset, value);
            Fault.surface();
        } catch (InternalError gone) {
            return;
        }
    }

    @Override
    public @Nullable ByteBuffer mapped(long offset, int length) {
        Objects.checkFromIndexSize(offset, length, buffer.capacity());
        return buffer.slice((int) offset, length).order(ByteOrder.LITTLE_ENDIAN);
    }
}
