package io.sluice.pci.vfiouser;

import io.sluice.linux.Descriptor;
import io.sluice.linux.EventDescriptor;
import io.sluice.linux.FileRange;
import io.sluice.linux.LinuxException;
import io.sluice.linux.MappedMemory;
import io.sluice.linux.MemoryRange;
import io.sluice.linux.NativeLibrary;
import io.sluice.linux.PageChoice;
import io.sluice.linux.SharedMemory;
import io.sluice.pci.Cleanup;
import io.sluice.pci.DmaMemory;
import io.sluice.pci.EventInterrupt;
import io.sluice.pci.Interrupt;
import io.sluice.pci.IovaAllocator;
import io.sluice.pci.PciFunction;
import io.sluice.pci.PciSetupException;
import io.sluice.pci.PciSetupException.Problem;
import io.sluice.pci.RegisterSpace;
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
import java.util.OptionalLong;
import java.util.Set;
import jnr.constants.platform.Errno;
import org.jspecify.annotations.Nullable;

/**
 * A PCI function that another process serves over vfio-user: an emulated drive, or a storage target.
 *
 * <p>A server that is gone, killed or silent looks like a drive that was pulled: registers read as all ones, what needs an answer throws
 * an {@link IOException} that names the server.
 */
public final class VfioUserFunction implements PciFunction {
    private static final int CONFIG_REGION = 7;
    /** PCI Local Bus Specification 3.0, section 6.2.2. */
    private static final int COMMAND = 4;

    private static final int COMMAND_MEMORY = 1 << 1;
    private static final int COMMAND_BUS_MASTER = 1 << 2;
    private static final int COMMAND_INTX_OFF = 1 << 10;

    /** Servers leave the areas out unless there is room for them; this is room for a thousand. */
    private static final int REGION_INFO_BYTES = 1 << 14;

    private static final int LARGEST_PART = 1 << 30;
    private static final int PAGE = 4096;

    private final String name;
    private final VfioUserOptions options;
    private final ServerConnection server;
    private final RemoteRegisters config;
    private final MsixCapability msix;
    private final boolean resets;
    private final int interruptCount;
    private final EventDescriptor removal;
    private final IovaAllocator addresses = new IovaAllocator(List.of(), PAGE);
    private final Map<Integer, RegisterSpace> bars = new HashMap<>();
    private final List<MappedMemory> barMappings = new ArrayList<>();
    private final Set<Allocation> allocations = new HashSet<>();
    private List<EventDescriptor> interrupts = List.of();
    private volatile boolean removalSeen;
    private volatile boolean closed;

    private VfioUserFunction(ServerConnection server, VfioUserOptions options, EventDescriptor removal)
            throws IOException {
        this.name = server.toString();
        this.options = options;
        this.server = server;
        this.removal = removal;
        Reply.DeviceInfo info = server.call(new Request.DeviceInfo(), Reply.DeviceInfo.class);
        if ((info.flags() & Reply.DeviceInfo.PCI) == 0 || Integer.compareUnsigned(info.regions(), CONFIG_REGION) <= 0) {
            throw new IOException(name + ": it serves no PCI function");
        }
        this.resets = (info.flags() & Reply.DeviceInfo.RESETS) != 0;
        this.config = new RemoteRegisters(
                server, CONFIG_REGION, region(CONFIG_REGION, 0).info.bytes(), Integer.BYTES, List.of());
        if (config.size() < 256) {
            throw new IOException(name + ": its configuration space has " + config.size()
                    + " bytes (expected: 256 or more), so it is no PCI function");
        }
        this.msix = new MsixCapability(config);
        int offered = interruptCount(InterruptKind.MSIX, info);
        this.interruptCount = Math.min(offered, options.maximumInterrupts());
        if (interruptCount(InterruptKind.REQUEST, info) > 0) {
            set(InterruptKind.REQUEST, List.of(removal));
        }
        // Some servers raise an interrupt for every completion that somebody could be waiting for, and fail when nobody
        // told them where
        // to; and a client before this one may have left message interrupts on.
        msix.enable(false);
        enableBusMaster();
    }

    /**
     * Connects to a server and opens its function for exclusive use: its registers answer, it can reach the memory that is allocated for
     * it, its legacy interrupt and its message interrupts are off.
     *
     * @param socket where the server listens, a path of at most 107 bytes
     * @throws IOException when nobody serves there, or not in time (it serves one client after the other), or no PCI function
     * @throws io.sluice.linux.NativeLibraryException when the C shim cannot be loaded
     */
    public static VfioUserFunction open(Path socket, VfioUserOptions options) throws IOException {
        NativeLibrary.ensureAvailable();
        return open(ServerConnection.open(socket, options.replyDeadline()), options);
    }

    /** Opens the function of a connected server. */
    static VfioUserFunction open(ServerConnection server, VfioUserOptions options) throws IOException {
        @Nullable EventDescriptor removal = null;
        try {
            removal = EventDescriptor.create();
            return new VfioUserFunction(server, options, removal);
        } catch (IOException failure) {
            if (removal != null) {
                removal.close();
            }
            server.close();
            throw failure;
        }
    }

    /** What the server says of a region, and the file of what can be mapped of it. */
    private record Region(Reply.RegionInfo info, List<Descriptor> files) {
        void close() {
            files.forEach(Descriptor::close);
        }
    }

    private Region region(int index, int mostFiles) throws IOException {
        ServerConnection.Answer answer =
                server.exchange(new Request.RegionInfo(REGION_INFO_BYTES, index), List.of(), mostFiles);
        Region region = new Region((Reply.RegionInfo) answer.reply(), answer.descriptors());
        if (region.info.bytes() < 0) {
            region.close();
            throw new IOException(name + ": it says that region " + index + " has "
                    + Long.toUnsignedString(region.info.bytes()) + " bytes, which none has");
        }
        return region;
    }

    private int interruptCount(InterruptKind kind, Reply.DeviceInfo info) throws IOException {
        if (Integer.compareUnsigned(info.interrupts(), kind.ordinal()) <= 0) {
            return 0;
        }
        Reply.InterruptInfo interrupts =
                server.call(new Request.InterruptInfo(kind.ordinal()), Reply.InterruptInfo.class);
        return (interrupts.flags() & Reply.InterruptInfo.EVENTS) == 0 || interrupts.count() < 0
                ? 0
                : interrupts.count();
    }

    private void enableBusMaster() {
        command(COMMAND_MEMORY | COMMAND_BUS_MASTER | COMMAND_INTX_OFF, 0);
    }

    private void command(int set, int clear) {
        config.write(COMMAND, Short.BYTES, (config.read(COMMAND, Short.BYTES) & ~clear) | set);
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
        Region region = region(index, 1);
        try {
            Reply.RegionInfo info = region.info;
            if (info.bytes() == 0) {
                throw new PciSetupException(Problem.NO_SUCH_BAR, name + ": it has no BAR " + index);
            }
            List<RemoteRegisters.Part> parts = new ArrayList<>();
            if ((info.flags() & Reply.RegionInfo.MAPPABLE) != 0 && !region.files.isEmpty()) {
                List<Reply.RegionInfo.Area> areas =
                        info.areas().isEmpty() ? List.of(new Reply.RegionInfo.Area(0, info.bytes())) : info.areas();
                for (Reply.RegionInfo.Area area : areas) {
                    parts.add(map(index, info, area, region.files.get(0)));
                }
            }
            return new RemoteRegisters(server, index, info.bytes(), Long.BYTES, parts);
        } finally {
            region.close();
        }
    }

    private RemoteRegisters.Part map(int index, Reply.RegionInfo info, Reply.RegionInfo.Area area, Descriptor file)
            throws IOException {
        // The part beyond is reached by messages.
        long bytes = Math.min(area.bytes(), LARGEST_PART);
        long offset = info.fileOffset() + area.offset();
        try {
            if (info.fileOffset() < 0 || offset < 0 || offset % PAGE != 0 || area.offset() % PAGE != 0) {
                throw new IOException("its area at 0x" + Long.toHexString(area.offset())
                        + " does not begin on a page of the file that goes with it");
            }
            MappedMemory mapping = MappedMemory.ofFile(file, offset, bytes, true);
            barMappings.add(mapping);
            return new RemoteRegisters.Part(area.offset(), mapping.buffer());
        } catch (IOException failure) {
            throw new PciSetupException(
                    Problem.BAR_NOT_MAPPABLE,
                    name + ": " + bytes + " bytes of BAR " + index + " cannot be mapped: " + failure.getMessage(),
                    failure);
        }
    }

    @Override
    public DmaMemory allocate(long bytes) throws IOException {
        if (bytes < 1 || bytes > 1 << 30) {
            throw new IllegalArgumentException("size in bytes: " + bytes + " (expected: 1 to 2^30)");
        }
        synchronized (this) {
            checkOpen();
            if (allocations.size() >= server.offered().dmaMaps()) {
                throw tooMany(null);
            }
            Allocation allocation = share(bytes);
            allocations.add(allocation);
            return new DmaMemory(allocation.buffer, allocation.address, () -> release(allocation));
        }
    }

    /** Memory is shared by the descriptor of its file, so it must be known whose it is: see {@link MappedMemory#file}. */
    @Override
    public Optional<DmaMemory> map(ByteBuffer memory) throws IOException {
        MemoryRange range = MemoryRange.of(memory);
        Optional<FileRange> file = range.isWholePages(PAGE) ? MappedMemory.file(range) : Optional.empty();
        if (file.isEmpty() || file.get().offset() % PAGE != 0) {
            return Optional.empty();
        }
        synchronized (this) {
            checkOpen();
            if (allocations.size() >= server.offered().dmaMaps()) {
                throw tooMany(null);
            }
            ByteBuffer all = memory.duplicate().clear();
            Allocation allocation = share(file.get(), range.writeable(), all, () -> {});
            allocations.add(allocation);
            return Optional.of(new DmaMemory(all, allocation.address, () -> release(allocation)));
        }
    }

    private Allocation share(long bytes) throws IOException {
        PageChoice pages = bytes < IovaAllocator.LARGE ? PageChoice.PLAIN : options.pages();
        SharedMemory shared;
        try {
            shared = SharedMemory.allocate("sluice-vfio-user", bytes, pages);
        } catch (LinuxException exception) {
            throw new PciSetupException(
                    Problem.NO_MEMORY,
                    name + ": no memory for " + bytes + " bytes of DMA memory: " + exception.getMessage(),
                    exception);
        }
        try (shared) {
            MappedMemory memory = shared.map();
            try {
                return share(new FileRange(shared.descriptor(), 0), true, memory.buffer(), memory);
            } catch (IOException exception) {
                memory.close();
                throw exception;
            }
        }
    }

    /** Lets the server reach memory by its file; {@code owner} is closed when it is taken away again. */
    private Allocation share(FileRange file, boolean writeable, ByteBuffer buffer, Closeable owner) throws IOException {
        long bytes = buffer.capacity();
        OptionalLong address = addresses.allocate(bytes);
        if (address.isEmpty()) {
            throw new PciSetupException(
                    Problem.NO_ADDRESSES,
                    name + ": no range of " + bytes + " addresses is left for DMA memory (" + addresses.freeBytes()
                            + " bytes are free in " + addresses.pieces()
                            + " pieces); close other memory of this function");
        }
        try {
            announce(file, writeable, address.getAsLong(), bytes);
            return new Allocation(buffer, address.getAsLong(), owner);
        } catch (IOException exception) {
            // Without an answer the server may have it: then nobody else is to stand at these addresses.
            if (!server.isBroken()) {
                addresses.free(address.getAsLong(), bytes);
            }
            throw exception;
        }
    }

    private void announce(FileRange file, boolean writeable, long address, long bytes) throws IOException {
        int flags = writeable ? Request.DmaMap.READABLE | Request.DmaMap.WRITEABLE : Request.DmaMap.READABLE;
        try {
            server.call(
                    new Request.DmaMap(flags, file.offset(), address, bytes), List.of(file.file()), Reply.Done.class);
        } catch (ServerRefusedException refusal) {
            // Servers of libvfio-user say EINVAL when their table is full.
            throw refusal.errno() == Errno.ENOSPC || (refusal.errno() == Errno.EINVAL && !allocations.isEmpty())
                    ? tooMany(refusal)
                    : refusal;
        }
    }

    private PciSetupException tooMany(@Nullable ServerRefusedException refusal) {
        return new PciSetupException(
                Problem.TOO_MANY_MAPPINGS,
                name + ": the server takes no more pieces of memory than the " + allocations.size()
                        + " that it has; close sessions, or allocate fewer, larger pieces",
                refusal);
    }

    private void release(Allocation allocation) {
        synchronized (this) {
            if (!allocations.remove(allocation)) {
                return; // Closed with the function.
            }
        }
        Cleanup cleanup = new Cleanup();
        cleanup.run(() -> {
            // A server that is gone has let go of the memory, or does so when it ends.
            if (!server.isBroken()) {
                withdraw(allocation);
            }
        });
        cleanup.run(allocation.owner::close);
        cleanup.finish();
    }

    private void withdraw(Allocation allocation) throws IOException {
        try {
            server.call(new DmaUnmap(0, allocation.address, allocation.bytes()), DmaUnmap.class);
        } catch (IOException failure) {
            if (server.isBroken()) {
                return;
            }
            throw failure;
        }
        addresses.free(allocation.address, allocation.bytes());
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
                set(InterruptKind.MSIX, events);
                // Only now: there must be no moment at which an interrupt has nowhere to go.
                msix.enable(true);
            }
        } catch (IOException exception) {
            events.forEach(EventDescriptor::close);
            throw exception;
        }
        interrupts = events;
        return events.stream().<Interrupt>map(EventInterrupt::new).toList();
    }

    /** As many at once as the server takes descriptors in a message. */
    private void set(InterruptKind kind, List<EventDescriptor> events) throws IOException {
        int most = Math.min(server.offered().descriptorsPerMessage(), MessageChannel.MOST_DESCRIPTORS);
        for (int start = 0; start < events.size(); start += most) {
            List<Descriptor> part = events.subList(start, Math.min(start + most, events.size())).stream()
                    .map(EventDescriptor::descriptor)
                    .toList();
            server.call(
                    new Request.SetInterrupts(
                            Request.SetInterrupts.Data.EVENTS,
                            Request.SetInterrupts.Action.TRIGGER,
                            kind.ordinal(),
                            start,
                            part.size(),
                            new byte[0]),
                    part,
                    Reply.Done.class);
        }
    }

    private void disableInterrupts() throws IOException {
        if (!interrupts.isEmpty()) {
            List<EventDescriptor> former = interrupts;
            interrupts = List.of();
            // First, so that the function raises none when nobody listens any more.
            msix.enable(false);
            try {
                if (!server.isBroken()) {
                    server.call(
                            new Request.SetInterrupts(
                                    Request.SetInterrupts.Data.NONE,
                                    Request.SetInterrupts.Action.TRIGGER,
                                    InterruptKind.MSIX.ordinal(),
                                    0,
                                    0,
                                    new byte[0]),
                            Reply.Done.class);
                }
            } finally {
                former.forEach(EventDescriptor::close);
            }
        }
    }

    /** Asks the server for it; some say that they did, and do nothing. */
    @Override
    public synchronized void reset() throws IOException {
        checkOpen();
        if (!resets) {
            throw new PciSetupException(Problem.NO_RESET, name + ": the server does not reset its function");
        }
        server.call(new Request.Reset(), Reply.Done.class);
        enableBusMaster();
    }

    @Override
    public boolean removalRequested() {
        if (!removalSeen && !closed) {
            try {
                removalSeen = server.isBroken() || removal.await(0);
            } catch (ClosedChannelException exception) {
                return removalSeen; // Closed at this moment.
            } catch (IOException exception) {
                throw new UncheckedIOException(exception);
            }
        }
        return removalSeen;
    }

    /**
     * Leaves the server, which takes everything back that it was given. Memory is not taken away piece by piece before: servers have been
     * seen to die of a doorbell that is rung after that. A driver disables its controller first.
     */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            Cleanup cleanup = new Cleanup();
            cleanup.run(() -> {
                try {
                    disableInterrupts();
                } catch (IOException failure) {
                    if (!server.isBroken()) {
                        throw failure;
                    }
                }
            });
            command(COMMAND_INTX_OFF, COMMAND_BUS_MASTER);
            server.close();
            allocations.forEach(allocation -> cleanup.run(allocation.owner::close));
            allocations.clear();
            barMappings.forEach(mapping -> cleanup.run(mapping::close));
            removal.close();
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
        private final ByteBuffer buffer;
        private final long address;
        private final Closeable owner;

        Allocation(ByteBuffer buffer, long address, Closeable owner) {
            this.buffer = buffer;
            this.address = address;
            this.owner = owner;
        }

        long bytes() {
            return buffer.capacity();
        }
    }
}
