package io.sluice.pci.vfiouser;

import io.sluice.pci.DmaMap;
import io.sluice.pci.FunctionHost;
import io.sluice.pci.FunctionModel;
import io.sluice.pci.RegisterSpace;
import io.sluice.pci.SharedRegisters;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A device that copies memory of its host when it is told to, raises the interrupt that it is told to, and has a page of registers that
 * its host may map. It counts what a server does to it.
 */
final class CopyDevice implements FunctionModel {
    static final int BAR_BYTES = 0x4000;
    static final int SHARED = 0x1000;
    static final int SHARED_BYTES = 0x1000;
    static final int INTERRUPTS = 40;
    static final int MSIX_CAPABILITY = 0x40;
    static final int IDENTITY = 0x5c0b_0001;

    // Registers of BAR 0.
    static final int FROM = 0x08;
    static final int TO = 0x10;
    static final int BYTES = 0x18;
    static final int COMMAND = 0x1c;
    static final int RESULT = 0x20;
    static final int SCRATCH = 0x28;
    static final int COMMAND_COPY = 1;
    static final int COMMAND_INTERRUPT = 2;
    static final int RESULT_DONE = 1;
    static final int RESULT_UNREACHABLE = 2;
    static final int RESULT_LOST = 3;

    private final ByteBuffer config = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);
    private volatile ByteBuffer registers = ByteBuffer.allocate(BAR_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private @Nullable FunctionHost host;
    final AtomicInteger connects = new AtomicInteger();
    final AtomicInteger memoryChanges = new AtomicInteger();
    final AtomicInteger resets = new AtomicInteger();

    CopyDevice() {
        powerOn();
    }

    private void powerOn() {
        for (int i = 0; i < BAR_BYTES; i += 8) {
            registers.putLong(i, 0);
        }
        registers.putInt(0, IDENTITY);
        config.clear().put(new byte[256]).clear();
        config.putInt(0, 0x0001_5c0b);
        config.putInt(4, 0x0010_0000);
        config.putInt(8, 0x0880_0000);
        config.put(0x34, (byte) MSIX_CAPABILITY);
        config.putInt(MSIX_CAPABILITY, 0x11 | ((INTERRUPTS - 1) << 16));
        config.putInt(MSIX_CAPABILITY + 4, 0x2000);
        config.putInt(MSIX_CAPABILITY + 8, 0x3000);
    }

    int config(int offset) {
        return config.getInt(offset);
    }

    ByteBuffer shared() {
        return registers.slice(SHARED, SHARED_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }

    synchronized boolean hasHost() {
        return host != null;
    }

    synchronized DmaMap hostMemory() {
        FunctionHost present = host;
        return present == null ? DmaMap.EMPTY : present.memory();
    }

    @Override
    public String name() {
        return "copy device";
    }

    @Override
    public RegisterSpace config() {
        return new Space(config) {
            @Override
            public void write32(long offset, int value) {
                int index = (int) offset;
                if (index == 4) {
                    // The status half: ones clear what is set.
                    int status = (config.getInt(4) >>> 16) & ~(value >>> 16);
                    config.putInt(4, (status << 16) | (value & 0xffff));
                } else {
                    super.write32(offset, value);
                }
            }
        };
    }

    @Override
    public @Nullable RegisterSpace bar(int index) {
        return index != 0
                ? null
                : new Space(registers) {
                    @Override
                    public void write32(long offset, int value) {
                        super.write32(offset, value);
                        if (offset == COMMAND) {
                            registers.putInt(RESULT, execute(value));
                        }
                    }
                };
    }

    private synchronized int execute(int command) {
        FunctionHost present = host;
        if (present == null) {
            return RESULT_UNREACHABLE;
        }
        if (command == COMMAND_INTERRUPT) {
            present.interrupt(registers.getInt(BYTES));
            return RESULT_DONE;
        }
        try {
            return copy(present.memory()) ? RESULT_DONE : RESULT_UNREACHABLE;
        } catch (InternalError gone) {
            present.memoryLost();
            return RESULT_LOST;
        }
    }

    private boolean copy(DmaMap map) {
        long from = registers.getLong(FROM);
        long to = registers.getLong(TO);
        int bytes = registers.getInt(BYTES);
        int source = map.find(from);
        int target = map.find(to);
        if (bytes < 0
                || source < 0
                || target < 0
                || map.available(source, from) < bytes
                || map.available(target, to) < bytes
                || !map.writeable(target)) {
            return false;
        }
        for (int i = 0; i < bytes; i++) {
            map.memory(target)
                    .put(map.position(target, to) + i, map.memory(source).get(map.position(source, from) + i));
        }
        return true;
    }

    @Override
    public List<SharedRegisters> shared(int index) {
        return index != 0 ? List.of() : List.of(new SharedRegisters(SHARED, shared()));
    }

    @Override
    public int interruptCount() {
        return INTERRUPTS;
    }

    @Override
    public synchronized void connect(FunctionHost newHost) {
        if (host != null) {
            throw new IllegalStateException("a second host");
        }
        registers = newHost.registerMemory(0, BAR_BYTES);
        powerOn();
        host = newHost;
        connects.incrementAndGet();
    }

    @Override
    public synchronized void memoryChanged() {
        memoryChanges.incrementAndGet();
    }

    @Override
    public synchronized void reset() {
        powerOn();
        resets.incrementAndGet();
    }

    @Override
    public synchronized void disconnect() {
        host = null;
    }

    @Override
    public void close() {
        disconnect();
    }

    private static class Space implements RegisterSpace {
        private final ByteBuffer bytes;

        Space(ByteBuffer bytes) {
            this.bytes = bytes;
        }

        private int index(long offset, int width) {
            if (offset < 0 || offset > bytes.capacity() - width || offset % width != 0) {
                throw new IndexOutOfBoundsException("offset " + offset);
            }
            return (int) offset;
        }

        @Override
        public long size() {
            return bytes.capacity();
        }

        @Override
        public int read32(long offset) {
            return bytes.getInt(index(offset, Integer.BYTES));
        }

        @Override
        public void write32(long offset, int value) {
            bytes.putInt(index(offset, Integer.BYTES), value);
        }

        @Override
        public long read64(long offset) {
            return bytes.getLong(index(offset, Long.BYTES));
        }

        @Override
        public void write64(long offset, long value) {
            bytes.putLong(index(offset, Long.BYTES), value);
        }

        @Override
        public @Nullable ByteBuffer mapped(long offset, int length) {
            return null;
        }
    }
}
