package io.sluice.system.qtest;

import io.sluice.pci.RegisterSpace;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The first 256 bytes of a function's configuration space, which is all that the ports 0xcf8 and 0xcfc reach. */
final class QtestConfig implements RegisterSpace {
    private static final int BYTES = 256;
    private static final int ENABLE = 1 << 31;

    private final QtestPort port;
    private final int device;
    private final AtomicBoolean closed;

    QtestConfig(QtestPort port, int device, AtomicBoolean closed) {
        this.port = port;
        this.device = device;
        this.closed = closed;
    }

    @Override
    public long size() {
        return BYTES;
    }

    @Override
    public int read32(long offset) {
        int selector = selector(offset, 4);
        return closed.get() ? -1 : port.readConfig(selector);
    }

    @Override
    public void write32(long offset, int value) {
        int selector = selector(offset, 4);
        if (!closed.get()) {
            port.writeConfig(selector, value);
        }
    }

    @Override
    public long read64(long offset) {
        int selector = selector(offset, 8);
        return closed.get()
                ? -1
                : (port.readConfig(selector) & 0xffff_ffffL) | (long) port.readConfig(selector + 4) << 32;
    }

    @Override
    public void write64(long offset, long value) {
        int selector = selector(offset, 8);
        if (!closed.get()) {
            port.writeConfig(selector, (int) value);
            port.writeConfig(selector + 4, (int) (value >>> 32));
        }
    }

    @Override
    public @Nullable ByteBuffer mapped(long offset, int length) {
        return null;
    }

    private int selector(long offset, int width) {
        Objects.checkFromIndexSize(offset, width, BYTES);
        if ((offset & width - 1) != 0) {
            throw new IndexOutOfBoundsException("register " + offset + " is no multiple of " + width);
        }
        return ENABLE | device << 11 | (int) offset;
    }
}
