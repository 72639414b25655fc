package io.sluice.pci;

import io.sluice.pci.PciSetupException.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A function whose device is software in this process: needs no root, no IOMMU and no native code. What the device reaches by DMA is what was
 * allocated here and not closed, as behind an IOMMU.
 */
public final class LocalFunction implements PciFunction {
    private static final int PAGE = 4096;
    private static final int BARS = 6;
    /** Offsets in the configuration space: command (and status, whose bits are cleared by writing ones), first BAR. */
    private static final int COMMAND = 0x04;

    private static final int COMMAND_MASK = 0xffff;
    private static final int BAR_0 = 0x10;
    private static final LocalInterrupt[] NO_INTERRUPTS = {};

    private final FunctionModel model;
    private final boolean closesModel;
    private final LocalRegisters config;
    private final List<@Nullable LocalRegisters> bars = new ArrayList<>();
    private final IovaAllocator addresses = new IovaAllocator(List.of(), PAGE);
    private volatile DmaMap memory = DmaMap.EMPTY;
    private volatile LocalInterrupt[] interrupts = NO_INTERRUPTS;
    private volatile boolean closed;

    private LocalFunction(FunctionModel model, boolean closesModel) {
        this.model = model;
        this.closesModel = closesModel;
        model.connect(new Host());
        this.config = new LocalRegisters(this, model.config(), List.of());
        for (int index = 0; index < BARS; index++) {
            RegisterSpace space = model.bar(index);
            bars.add(space == null ? null : new LocalRegisters(this, space, model.shared(index)));
        }
    }

    /**
     * Connects to a device, which goes on to exist when this function is closed: what it stores is there for the next who connects.
     *
     * @throws IllegalStateException when somebody is connected to it
     */
    public static LocalFunction connect(FunctionModel model) {
        return new LocalFunction(model, false);
    }

    /**
     * Connects to a device and closes it with the function.
     *
     * @throws IllegalStateException when somebody is connected to it
     */
    public static LocalFunction owning(FunctionModel model) {
        return new LocalFunction(model, true);
    }

    private final class Host implements FunctionHost {
        @Override
        public DmaMap memory() {
            return memory;
        }

        @Override
        public boolean inThisProcess() {
            return true;
        }

        @Override
        public void interrupt(int vector) {
            LocalInterrupt[] enabled = interrupts;
            if (vector >= 0 && vector < enabled.length) {
                enabled[vector].raise();
            }
        }
    }

    @Override
    public String name() {
        return model.name();
    }

    @Override
    public RegisterSpace config() {
        return config;
    }

    @Override
    public RegisterSpace bar(int index) throws IOException {
        if (index < 0 || index >= BARS) {
            throw new IndexOutOfBoundsException("BAR " + index + ": a function has 0 to 5");
        }
        if (closed) {
            throw new ClosedChannelException();
        }
        LocalRegisters bar = bars.get(index);
        if (bar == null) {
            throw new PciSetupException(Problem.NO_SUCH_BAR, name() + " has no memory BAR " + index);
        }
        return bar;
    }

    @Override
    public DmaMemory allocate(long bytes) throws IOException {
        if (bytes < 1 || bytes > 1 << 30) {
            throw new IllegalArgumentException(bytes + " bytes of memory: expected 1 to 2^30");
        }
        int size = (int) (bytes + PAGE - 1) & -PAGE;
        ByteBuffer buffer;
        try {
            buffer = ByteBuffer.allocateDirect(size + PAGE - 1).alignedSlice(PAGE);
        } catch (OutOfMemoryError none) {
            throw new PciSetupException(
                    Problem.NO_MEMORY,
                    name() + ": the JVM has no " + size
                            + " bytes left outside of its heap; raise its limit (-XX:MaxDirectMemorySize)",
                    none);
        }
        return share(buffer, size);
    }

    @Override
    public Optional<DmaMemory> map(ByteBuffer bytes) throws IOException {
        if (!bytes.isDirect() || bytes.capacity() == 0) {
            throw new IllegalArgumentException(bytes + ": expected a direct buffer of at least a byte");
        }
        ByteBuffer all = bytes.duplicate().clear();
        return Optional.of(share(all, all.capacity() + (PAGE - 1L) & -PAGE));
    }

    private synchronized DmaMemory share(ByteBuffer buffer, long addressBytes) throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        OptionalLong address = addresses.allocate(addressBytes);
        if (address.isEmpty()) {
            throw new PciSetupException(
                    Problem.NO_ADDRESSES, name() + ": no range of addresses is left for " + addressBytes + " bytes");
        }
        memory = memory.with(address.getAsLong(), buffer, !buffer.isReadOnly());
        return new DmaMemory(buffer, address.getAsLong(), () -> release(address.getAsLong(), addressBytes));
    }

    private void release(long address, long size) {
        synchronized (this) {
            if (closed) {
                return;
            }
            memory = memory.without(address);
            // Only when the device has let go of it may the address stand for something else.
            model.memoryChanged();
            addresses.free(address, size);
        }
    }

    @Override
    public int interruptCount() {
        return model.interruptCount();
    }

    @Override
    public List<Interrupt> enableInterrupts(int count) throws IOException {
        if (count < 0 || count > interruptCount()) {
            throw new PciSetupException(
                    Problem.TOO_FEW_INTERRUPTS,
                    name() + " has " + interruptCount() + " message interrupts, asked for were " + count);
        }
        synchronized (this) {
            if (closed) {
                throw new ClosedChannelException();
            }
            LocalInterrupt[] enabled = new LocalInterrupt[count];
            for (int vector = 0; vector < count; vector++) {
                enabled[vector] = new LocalInterrupt();
            }
            interrupts = enabled;
            return List.of(enabled);
        }
    }

    @Override
    public void reset() throws IOException {
        synchronized (this) {
            if (closed) {
                throw new ClosedChannelException();
            }
            int command = config.read32(COMMAND);
            int[] addressRegisters = new int[BARS];
            for (int index = 0; index < BARS; index++) {
                addressRegisters[index] = config.read32(BAR_0 + 4L * index);
            }
            model.reset();
            for (int index = 0; index < BARS; index++) {
                config.write32(BAR_0 + 4L * index, addressRegisters[index]);
            }
            config.write32(COMMAND, command & COMMAND_MASK);
        }
    }

    @Override
    public boolean removalRequested() {
        return false;
    }

    boolean closed() {
        return closed;
    }

    /** Takes the device's host away; memory and registers that somebody still holds are memory that nothing looks at any more. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            model.disconnect();
            memory = DmaMap.EMPTY;
            for (LocalInterrupt interrupt : interrupts) {
                interrupt.close();
            }
            interrupts = NO_INTERRUPTS;
        }
        if (closesModel) {
            model.close();
        }
    }

    @Override
    public String toString() {
        return name() + (closed ? " (closed)" : " (" + memory.pieces() + " pieces of memory)");
    }
}
