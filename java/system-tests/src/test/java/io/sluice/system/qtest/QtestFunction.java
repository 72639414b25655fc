package io.sluice.system.qtest;

import io.sluice.pci.DmaMemory;
import io.sluice.pci.Interrupt;
import io.sluice.pci.PciFunction;
import io.sluice.pci.RegisterSpace;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * A function on bus 0 of a machine without a guest. What a firmware and a kernel would do with it, this class does: it
 * gives the BARs their addresses and switches memory decoding and bus mastering. There are no interrupts here.
 */
final class QtestFunction implements PciFunction {
    private static final int COMMAND = 0x04;
    private static final int MEMORY_AND_MASTER = 0x6;
    private static final int FIRST_BAR = 0x10;
    private static final int BARS = 6;
    private static final int CAPABILITIES = 0x34;
    private static final int PCI_EXPRESS = 0x10;
    private static final int FUNCTION_LEVEL_RESET = 1 << 15;
    private static final long RESET_NANOS = 100_000_000;

    private final QtestPort port;
    private final LabMemory memory;
    private final int device;
    private final Runnable onClose;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final QtestConfig config;
    private final List<BarRange> bars;
    private final List<DmaMemory> allocated = new ArrayList<>();

    /**
     * Takes a function over and switches it on.
     *
     * @param device its device number on bus 0
     * @param onClose called once, when it is closed
     */
    QtestFunction(QtestPort port, LabMemory memory, int device, long barAddress, Runnable onClose) {
        this.port = port;
        this.memory = memory;
        this.device = device;
        this.onClose = onClose;
        this.config = new QtestConfig(port, device, closed);
        this.bars = assignBars(barAddress);
        switchOn();
    }

    private List<BarRange> assignBars(long first) {
        List<BarRange> ranges = new ArrayList<>();
        long next = first;
        config.write32(COMMAND, 0);
        for (int bar = 0; bar < BARS; bar++) {
            int register = FIRST_BAR + 4 * bar;
            config.write32(register, -1);
            int answer = config.read32(register);
            boolean wide = (answer & 0x6) == 0x4;
            long size = -((answer & ~0xfL) | 0xffff_ffff_0000_0000L);
            if (answer == 0 || (answer & 1) != 0) {
                continue;
            }
            next = next + size - 1 & -size;
            config.write32(register, (int) next);
            if (wide) {
                config.write32(register + 4, 0);
            }
            ranges.add(new BarRange(bar, next, size));
            next += size;
            bar += wide ? 1 : 0;
        }
        return ranges;
    }

    private void switchOn() {
        config.write32(COMMAND, MEMORY_AND_MASTER);
    }

    @Override
    public String name() {
        return String.format("qtest:00:%02x.0", device);
    }

    @Override
    public RegisterSpace config() {
        return config;
    }

    @Override
    public RegisterSpace bar(int index) throws IOException {
        requireOpen();
        for (BarRange range : bars) {
            if (range.index == index) {
                return new QtestRegisters(port, range.address, range.bytes, closed);
            }
        }
        throw new IOException(name() + " has no memory BAR " + index);
    }

    @Override
    public DmaMemory allocate(long bytes) throws IOException {
        requireOpen();
        DmaMemory range = memory.allocate(bytes);
        synchronized (allocated) {
            allocated.add(range);
        }
        return range;
    }

    @Override
    public int interruptCount() {
        return 0;
    }

    @Override
    public List<Interrupt> enableInterrupts(int count) throws IOException {
        requireOpen();
        if (count != 0) {
            throw new IllegalArgumentException(count + " interrupts of a function that has none");
        }
        return List.of();
    }

    @Override
    public void reset() throws IOException {
        requireOpen();
        int pointer = config.read32(CAPABILITIES) & 0xfc;
        while (pointer != 0 && (config.read32(pointer) & 0xff) != PCI_EXPRESS) {
            pointer = config.read32(pointer) >>> 8 & 0xfc;
        }
        if (pointer == 0) {
            throw new IOException(name() + " has no PCI Express capability, and so no function level reset");
        }
        config.write32(pointer + 8, config.read32(pointer + 8) | FUNCTION_LEVEL_RESET);
        LockSupport.parkNanos(RESET_NANOS);
        for (BarRange range : bars) {
            config.write32(FIRST_BAR + 4 * range.index, (int) range.address);
        }
        switchOn();
    }

    @Override
    public boolean removalRequested() {
        return false;
    }

    @Override
    public void close() {
        if (closed.get()) {
            return;
        }
        // As the kernel does it for VFIO: without bus mastering the function touches no memory any more.
        config.write32(COMMAND, 0);
        if (closed.getAndSet(true)) {
            return;
        }
        synchronized (allocated) {
            allocated.forEach(DmaMemory::close);
        }
        onClose.run();
    }

    private void requireOpen() throws ClosedChannelException {
        if (closed.get()) {
            throw new ClosedChannelException();
        }
    }

    private record BarRange(int index, long address, long bytes) {}
}
