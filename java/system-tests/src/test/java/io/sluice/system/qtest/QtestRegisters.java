package io.sluice.system.qtest;

import io.sluice.pci.RegisterSpace;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The registers behind a BAR, each access a message. */
final class QtestRegisters implements RegisterSpace {
    private final QtestPort port;
    private final long address;
    private final long bytes;
    private final AtomicBoolean closed;

    QtestRegisters(QtestPort port, long address, long bytes, AtomicBoolean closed) {
        this.port = port;
        this.address = address;
        this.bytes = bytes;
        this.closed = closed;
    }

    @Override
    public long size() {
        return bytes;
    }

    @Override
    public int read32(long offset) {
        long at = at(offset, 4);
        return closed.get() ? -1 : port.readl(at);
    }

    @Override
    public void write32(long offset, int value) {
        long at = at(offset, 4);
        if (!closed.get()) {
            port.writel(at, value);
        }
    }

    @Override
    public long read64(long offset) {
        long at = at(offset, 8);
        return closed.get() ? -1 : port.readq(at);
    }

    @Override
    public void write64(long offset, long value) {
        long at = at(offset, 8);
        if (!closed.get()) {
            port.writeq(at, value);
        }
    }

    @Override
    public @Nullable ByteBuffer mapped(long offset, int length) {
        return null;
    }

    private long at(long offset, int width) {
        Objects.checkFromIndexSize(offset, width, bytes);
        if ((offset & width - 1) != 0) {
            throw new IndexOutOfBoundsException("register " + offset + " is no multiple of " + width);
        }
        return address + offset;
    }
}
