package io.sluice.pci;

import io.sluice.linux.EventDescriptor;
import io.sluice.linux.LinuxException;
import io.sluice.linux.MappedMemory;
import io.sluice.linux.MemoryRange;
import io.sluice.linux.NativeLibrary;
import io.sluice.linux.PciDevice;
import io.sluice.linux.PciDirectory;
import io.sluice.linux.SharedMemory;
import io.sluice.linux.VfioDevice;
import io.sluice.linux.VfioRegion;
import io.sluice.pci.PciSetupException.Problem;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import jnr.constants.platform.Errno;

/**
 * A PCI function by VFIO: the kernel's interface for drivers in processes ({@code linux/vfio.h},
 * Documentation/driver-api/vfio.rst). The function must be bound to {@code vfio-pci}.
 *
 * <p>When the process dies, however it dies, the kernel stops the function's DMA and resets it.
 */
public final class VfioFunction implements PciFunction {
    /** PCI Local Bus Specification 3.0, section 6.2.2. */
    private static final int COMMAND = 4;

    private static final int COMMAND_MEMORY = 1 << 1;
    private static final int COMMAND_BUS_MASTER = 1 << 2;
    private static final int COMMAND_INTX_OFF = 1 << 10;

    /** What a direct buffer holds, less a page, in whole pages of every size there is. */
    private static final long LARGEST_PART = 1 << 30;

    private final String name;
    private final VfioOptions options;
    private final VfioGroups.Member member;
    private final VfioDevice device;
    private final VfioRegion configRegion;
    private final RegisterSpace config;
    private final int interruptCount;
    private final EventDescriptor removal;
    private final Map<Integer, RegisterSpace> bars = new HashMap<>();
    private final List<MappedMemory> barMappings = new ArrayList<>();
    private final Set<Allocation> allocations = new HashSet<>();
    private List<EventDescriptor> interrupts = List.of();
    private volatile boolean removalSeen;
    private volatile boolean closed;

    private VfioFunction(String name, VfioOptions options, VfioGroups.Member member, EventDescriptor removal)
            throws IOException {
        this.name = name;
        this.options = options;
        this.member = member;
        this.device = member.device();
        this.removal = removal;
        this.configRegion = device.region(VfioDevice.CONFIG_REGION);
        this.config = new VfioRegisters(device, configRegion, List.of());
        this.interruptCount = Math.min(device.interruptCount(VfioDevice.MSIX_INTERRUPT), options.maximumInterrupts());
        if (device.interruptCount(VfioDevice.REQUEST_INTERRUPT) > 0) {
            device.setInterrupts(VfioDevice.REQUEST_INTERRUPT, List.of(removal));
        }
        enableBusMaster();
    }

    /**
     * Opens a function for exclusive use: its registers answer, it can reach the memory that is allocated for it, its legacy
     * interrupt is off.
     *
     * @throws PciSetupException says what is in the way and what to do
     * @throws io.sluice.linux.NativeLibraryException when the C shim cannot be loaded
     */
    public static VfioFunction open(PciAddress address, VfioOptions options) throws IOException {
        return open(address, options, Path.of("/"), VfioGroups.OF_THIS_PROCESS);
    }

    static VfioFunction open(PciAddress address, VfioOptions options, Path root, VfioGroups groups) throws IOException {
        NativeLibrary.ensureAvailable();
        PciDirectory directory = PciDirectory.ofSysfs(root);
        PciDevice function = find(address.toString(), directory);
        VfioGroups.Member member = groups.open(function, directory, new VfioNodes(root), options);
        try {
            EventDescriptor removal = EventDescriptor.create();
            try {
                return new VfioFunction(function.address(), options, member, removal);
            } catch (IOException exception) {
                removal.close();
                throw exception;
            }
        } catch (IOException exception) {
            member.close();
            throw exception;
        }
    }

    private static PciDevice find(String address, PciDirectory directory) throws IOException {
        PciDevice function = directory
                .find(address)
                .orElseThrow(() -> new PciSetupException(
                        Problem.NO_SUCH_FUNCTION,
                        address + ": there is no PCI function at this address; `sluice list` shows those there are"));
        String driver = function.driver().orElse("");
        if (!SetupAdvice.isVfio(driver)) {
            throw new PciSetupException(
                    Problem.NOT_BOUND,
                    address + " is bound to " + (driver.isEmpty() ? "no driver" : "the kernel driver " + driver)
                            + "; give it to vfio-pci: sluice bind " + address);
        }
        if (function.iommuGroup().isEmpty()) {
            throw new PciSetupException(
                    Problem.NO_IOMMU,
                    address + ": no IOMMU translates for it; switch it on in the firmware (VT-d, AMD-Vi) and boot with"
                            + " intel_iommu=on (Intel) or amd_iommu=on (AMD)");
        }
        return function;
    }

    private void enableBusMaster() throws IOException {
        command(COMMAND_MEMORY | COMMAND_BUS_MASTER | COMMAND_INTX_OFF, 0);
    }

    private void command(int set, int clear) throws IOException {
        long position = configRegion.offset() + COMMAND;
        long now = device.read(position, Short.BYTES);
        device.write(position, Short.BYTES, (now & ~clear) | set);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public RegisterSpace config() {
        return config;
    }

    @Override
    public synchronized RegisterSpace bar(int index) throws IOException {
        checkOpen();
        if (index < 0 || index > 5) {
            throw new IllegalArgumentException("BAR " + index + " (expected: 0 to 5)");
        }
        RegisterSpace space = bars.get(index);
        if (space == null) {
            space = openBar(index);
            bars.put(index, space);
        }
        return space;
    }

    private RegisterSpace openBar(int index) throws IOException {
        VfioRegion region = device.region(index);
        if (region.size() == 0) {
            throw new PciSetupException(
                    Problem.NO_SUCH_BAR, name + ": it has no BAR " + index + ", or the firmware gave it no addresses");
        }
        List<VfioRegisters.Part> parts = new ArrayList<>();
        for (VfioRegion.Area area : region.areas()) {
            if (area.size() == 0) {
                continue;
            }
            // The part beyond is reached by messages.
            long size = Math.min(area.size(), LARGEST_PART);
            try {
                MappedMemory mapping = device.map(region.offset() + area.offset(), size);
                barMappings.add(mapping);
                parts.add(new VfioRegisters.Part(area.offset(), mapping.buffer()));
            } catch (LinuxException exception) {
                throw new PciSetupException(
                        Problem.BAR_NOT_MAPPABLE,
                        name + ": " + size + " bytes of BAR " + index + " cannot be mapped (" + exception.getMessage()
                                + "); is vm.max_map_count or the address space of this process (ulimit -v) used up?",
                        exception);
            }
        }
        return new VfioRegisters(device, region, parts);
    }

    @Override
    public DmaMemory allocate(long bytes) throws IOException {
        if (bytes < 1 || bytes > 1 << 30) {
            throw new IllegalArgumentException("size in bytes: " + bytes + " (expected: 1 to 2^30)");
        }
        synchronized (this) {
            checkOpen();
            MappedMemory memory = populated(bytes);
            Allocation allocation = new Allocation(member.dma(), memory.range(), memory);
            allocations.add(allocation);
            return new DmaMemory(memory.buffer(), allocation.deviceAddress, () -> release(allocation));
        }
    }

    @Override
    public Optional<DmaMemory> map(ByteBuffer memory) throws IOException {
        MemoryRange range = MemoryRange.of(memory);
        synchronized (this) {
            checkOpen();
            if (!member.dma().takes(range)) {
                return Optional.empty();
            }
            Allocation allocation;
            try {
                allocation = new Allocation(member.dma(), range, () -> {});
            } catch (LinuxException failure) {
                if (failure.errno() == Errno.EFAULT || failure.errno() == Errno.EOPNOTSUPP) {
                    // The kernel does not pin such memory: a device's registers, some files.
                    return Optional.empty();
                }
                throw failure;
            }
            allocations.add(allocation);
            return Optional.of(
                    new DmaMemory(memory.duplicate().clear(), allocation.deviceAddress, () -> release(allocation)));
        }
    }

    private MappedMemory populated(long bytes) throws IOException {
        try (SharedMemory memory =
                SharedMemory.allocate("sluice-" + name, bytes, member.dma().pages(bytes, options.pages()))) {
            return memory.map();
        } catch (LinuxException exception) {
            throw new PciSetupException(
                    Problem.NO_MEMORY,
                    name + ": no memory for " + bytes + " bytes of DMA memory: " + exception.getMessage(),
                    exception);
        }
    }

    private void release(Allocation allocation) {
        synchronized (this) {
            if (!allocations.remove(allocation)) {
                return; // Closed with the function.
            }
        }
        try {
            allocation.close();
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }

    @Override
    public int interruptCount() {
        return interruptCount;
    }

    @Override
    public synchronized List<Interrupt> enableInterrupts(int count) throws IOException {
        checkOpen();
        if (count < 0 || count > interruptCount) {
            throw new IllegalArgumentException(
                    count + " interrupts of " + name + " (expected: 0 to " + interruptCount + ")");
        }
        disableInterrupts();
        List<EventDescriptor> events = new ArrayList<>(count);
        try {
            for (int i = 0; i < count; i++) {
                events.add(EventDescriptor.create());
            }
            if (count > 0) {
                int available = device.setInterrupts(VfioDevice.MSIX_INTERRUPT, events);
                if (available < count) {
                    throw new PciSetupException(
                            Problem.TOO_FEW_INTERRUPTS,
                            name + ": the platform has only " + available + " of " + count
                                    + " interrupts left; ask for that many");
                }
            }
        } catch (IOException exception) {
            events.forEach(EventDescriptor::close);
            throw exception;
        }
        interrupts = events;
        return events.stream().<Interrupt>map(EventInterrupt::new).toList();
    }

    private void disableInterrupts() throws IOException {
        if (!interrupts.isEmpty()) {
            device.disableInterrupts(VfioDevice.MSIX_INTERRUPT);
            interrupts.forEach(EventDescriptor::close);
            interrupts = List.of();
        }
    }

    @Override
    public synchronized void reset() throws IOException {
        checkOpen();
        try {
            device.reset();
        } catch (LinuxException exception) {
            throw new PciSetupException(
                    Problem.NO_RESET,
                    name + ": the platform cannot reset it alone: " + exception.getMessage(),
                    exception);
        }
        // The kernel restores the configuration space; that DMA is on is what everything after this relies on.
        enableBusMaster();
    }

    @Override
    public boolean removalRequested() {
        if (!removalSeen && !closed) {
            try {
                removalSeen = removal.await(0);
            } catch (ClosedChannelException exception) {
                return removalSeen; // Closed at this moment.
            } catch (IOException exception) {
                throw new UncheckedIOException(exception);
            }
        }
        return removalSeen;
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            Cleanup cleanup = new Cleanup();
            // First, so that nothing that follows can be written to by a function that is still running. One that is
            // gone
            // does not answer, and does not write either.
            cleanup.run(() -> {
                try {
                    command(COMMAND_INTX_OFF, COMMAND_BUS_MASTER);
                } catch (LinuxException gone) {
                    return;
                }
            });
            cleanup.run(this::disableInterrupts);
            allocations.forEach(allocation -> cleanup.run(allocation::close));
            allocations.clear();
            // The kernel takes the function back only when nothing maps its registers.
            barMappings.forEach(mapping -> cleanup.run(mapping::close));
            removal.close();
            member.close();
            cleanup.finish();
        }
    }

    private void checkOpen() throws ClosedChannelException {
        if (closed) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public String toString() {
        return name;
    }

    /** Memory that the function can reach. */
    private static final class Allocation {
        private final DmaSpace space;
        private final MemoryRange memory;
        private final Closeable owner;
        private final long deviceAddress;

        /**
         * Lets the function reach memory.
         *
         * @param owner is closed when it cannot any more, and when this fails
         */
        Allocation(DmaSpace space, MemoryRange memory, Closeable owner) throws IOException {
            this.space = space;
            this.memory = memory;
            this.owner = owner;
            try {
                deviceAddress = space.map(memory);
            } catch (IOException exception) {
                owner.close();
                throw exception;
            }
        }

        /** The function first, then the process; the pages themselves are freed when both have let go. */
        void close() throws IOException {
            try {
                space.unmap(deviceAddress, memory.size());
            } finally {
                owner.close();
            }
        }
    }
}
