package io.sluice.uring;

import io.sluice.block.BlockDevice;
import io.sluice.block.BlockIoException;
import io.sluice.block.Completion;
import io.sluice.block.Geometry;
import io.sluice.block.Operation;
import io.sluice.block.SessionClosedException;
import io.sluice.block.SessionOptions;
import io.sluice.block.driver.Window;
import io.sluice.block.statistics.OpenSession;
import io.sluice.block.statistics.OpenSessions;
import io.sluice.linux.EventDescriptor;
import io.sluice.linux.LinuxException;
import io.sluice.linux.MappedMemory;
import io.sluice.linux.OpenFile;
import io.sluice.linux.Ring;
import io.sluice.linux.RingOptions;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import jnr.constants.platform.Errno;
import org.jspecify.annotations.Nullable;

/**
 * A regular file, a block device of the kernel or an NVMe character device ({@code /dev/ngXnY}) as a block device, over io_uring (Linux
 * 5.11). Each session has rings and memory of its own. Any thread may call.
 */
public final class UringDevice implements BlockDevice {
    private static final long TRIAL_NANOS = 5_000_000_000L;
    private static final int TYPE = 0xf000;
    private static final int BLOCK = 0x6000;

    private final String name;
    private final Node node;
    private final SyncLosses losses;
    private final List<String> fallbacks;
    private final Map<UringSession, OpenSession> sessions = new LinkedHashMap<>();
    private volatile UringOptions options;
    private boolean closed;

    private UringDevice(String name, Node node, SyncLosses losses, UringOptions options, List<String> fallbacks) {
        this.name = name;
        this.node = node;
        this.losses = losses;
        this.options = options;
        this.fallbacks = fallbacks;
    }

    /**
     * Opens a file or node that exists.
     *
     * @throws io.sluice.linux.RingUnavailableException when this kernel has no io_uring for this process
     * @throws BlockIoException when it is none of the three, or its size cannot be that of a device
     * @throws IOException when it cannot be opened
     */
    public static UringDevice open(Path path, UringOptions options) throws IOException {
        return open(path, options, Path.of("/"));
    }

    /** Whether a path has the name of an NVMe character device. */
    public static boolean isNvmeNode(Path path) {
        return NvmeNode.isNamed(path);
    }

    /** Opens with the sysfs and procfs of a tree. */
    static UringDevice open(Path path, UringOptions options, Path root) throws IOException {
        List<String> fallbacks = new CopyOnWriteArrayList<>();
        Path real = path.toRealPath();
        Node node = node(real, options, root, fallbacks);
        SyncLosses losses;
        try {
            losses = SyncLosses.of(real);
        } catch (IOException failure) {
            node.close();
            throw failure;
        }
        UringDevice device = new UringDevice(path.toString(), node, losses, options, fallbacks);
        try {
            device.tryOut();
            return device;
        } catch (IOException failure) {
            try {
                device.close();
            } catch (IOException second) {
                failure.addSuppressed(second);
            }
            throw failure;
        }
    }

    private static Node node(Path path, UringOptions options, Path root, List<String> fallbacks) throws IOException {
        if (Files.isRegularFile(path)) {
            return FileNode.open(path, options, root, fallbacks::add);
        }
        // Opening has effects on some nodes (a pipe waits, a tape winds), so their kind is looked at before.
        int type = (int) Files.getAttribute(path, "unix:mode") & TYPE;
        if (type == BLOCK) {
            return BlockNode.open(path, options, root);
        }
        if (NvmeNode.isNamed(path)) {
            return NvmeNode.open(path, root);
        }
        throw new BlockIoException(
                path.toString(),
                "this is no regular file, no block device and no NVMe character device (/dev/ngXnY), and nothing else has"
                        + " blocks");
    }

    /**
     * Reads a block the way that sessions are to, where commands are passed through: what kernel and drive take together is found out by trying
     * and in no other way.
     */
    private void tryOut() throws IOException {
        if (!node.passesCommands()) {
            // Nothing could be missing but the rings themselves.
            Ring.open(RingOptions.ofEntries(1)).close();
            return;
        }
        if (options.devicePolling() && !takes()) {
            fallbacks.add("the drive cannot be polled: completions are announced instead");
            options = options.devicePolling(false);
        }
    }

    /** Whether a read is taken; a medium that cannot be read is no matter of how it is asked. */
    private boolean takes() throws IOException {
        boolean[] refused = new boolean[1];
        try (UringSession session = open(SessionOptions.defaults()
                .bufferBytes(Math.max(4096, node.geometry().blockBytes()))
                .queueDepth(1))) {
            if (!session.submit(Operation.READ, 0, 1, session.buffer(), 0, 0) || !session.await(TRIAL_NANOS)) {
                return false;
            }
            session.poll(
                    new Completion() {
                        @Override
                        public void completed(long tag) {}

                        @Override
                        public void failed(long tag, BlockIoException failure) {
                            refused[0] = true;
                        }
                    },
                    1);
        }
        return !refused[0];
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Geometry geometry() {
        return node.geometry();
    }

    /**
     * What was asked for and could not be had, with what is done instead: a sentence each, in the order found. Sessions may add to it.
     */
    public List<String> fallbacks() {
        return List.copyOf(fallbacks);
    }

    /**
     * Opens a session.
     *
     * @throws BlockIoException when the window does not lie within the device, or writing was asked for and is not possible: the
     *     message names who uses the device
     */
    @Override
    public UringSession open(SessionOptions wanted) throws IOException {
        synchronized (this) {
            if (closed) {
                throw new SessionClosedException(name, "the device is closed");
            }
        }
        Unanswered.sweep();
        int bufferBytes = Math.max(wanted.bufferBytes(), node.geometry().blockBytes());
        Window window = Window.of(name, node.geometry(), wanted, bufferBytes);
        OpenFile file = node.file(wanted.writeable());
        int depth = Math.min(wanted.queueDepth(), RingOptions.MOST_ENTRIES / entriesPerSlot());
        Parts parts = new Parts();
        try {
            UringSession session = parts.assemble(file, window, bufferBytes, depth, wanted);
            synchronized (this) {
                if (closed) {
                    throw new SessionClosedException(name, "the device is closed");
                }
                sessions.put(
                        session,
                        OpenSessions.announce(
                                session,
                                name,
                                wanted.window(
                                        window.onDevice(0), session.geometry().blockCount()),
                                session.counters()));
            }
            return session;
        } catch (IOException | RuntimeException failure) {
            parts.discard(failure);
            synchronized (this) {
                if (!closed || failure instanceof SessionClosedException) {
                    throw failure;
                }
            }
            SessionClosedException meanwhile = new SessionClosedException(name, "the device is closed");
            meanwhile.addSuppressed(failure);
            throw meanwhile;
        }
    }

    /**
     * Entries of a ring for each slot of a session. The kernel's thread says what it took when it is through with all that it saw; operations of
     * these may be answered by then, and their slots used again: at most two entries of a slot stand in the ring.
     */
    private int entriesPerSlot() {
        return options.submissionPolling() ? 2 : 1;
    }

    /** What a session is made of, so that a failure halfway leaves nothing. */
    private final class Parts {
        private @Nullable MappedMemory memory;
        private @Nullable Ring ring;
        private @Nullable Ring others;
        private @Nullable EventDescriptor events;

        UringSession assemble(OpenFile file, Window window, int bufferBytes, int depth, SessionOptions wanted)
                throws IOException {
            UringOptions how = options;
            RingOptions plain = RingOptions.ofEntries(depth * entriesPerSlot())
                    .submissionPolling(how.submissionPolling())
                    .idleMillis(how.pollingIdleMillis())
                    .largeEntries(node.passesCommands());
            // A 16-byte boundary for what lies behind the buffer.
            int behind = (bufferBytes + 15) & -16;
            int slotBytes = depth * node.slotBytes();
            MappedMemory mapped = UringBuffer.allocate((long) behind + slotBytes);
            memory = mapped;
            Ring transfers = Ring.open(plain.devicePolling(how.devicePolling()));
            ring = transfers;
            transfers.registerFile(file);
            boolean registered = how.registeredMemory() && register(transfers, mapped);
            Ring rest = transfers;
            if (how.devicePolling() && !node.passesCommands()) {
                rest = Ring.open(plain);
                others = rest;
                rest.registerFile(file);
                // The device may turn out not to be polled, and then everything goes here.
                registered = registered && register(rest, mapped);
            }
            EventDescriptor made = null;
            if (wanted.interrupts() && !how.devicePolling()) {
                made = EventDescriptor.create();
                events = made;
                transfers.registerEvent(made);
                transfers.makeEvents(false);
            }
            ByteBuffer slotMemory = mapped.buffer().slice(behind, slotBytes).order(ByteOrder.LITTLE_ENDIAN);
            Commands commands = node.commands(
                    transfers, rest, registered, slotMemory, mapped.address() + behind, this::addFallback);
            return new UringSession(
                    UringDevice.this, window, new Rings(transfers, rest, made), commands, mapped, depth, wanted);
        }

        private boolean register(Ring to, MappedMemory mapped) throws IOException {
            try {
                to.registerBuffer(mapped);
                return true;
            } catch (LinuxException failure) {
                if (failure.errno() != Errno.ENOMEM) {
                    throw failure;
                }
                addFallback(
                        "the limit of locked memory is too low for registered memory (raise it: ulimit -l): it is pinned for"
                                + " each operation instead");
                return false;
            }
        }

        private void addFallback(String sentence) {
            if (!fallbacks.contains(sentence)) {
                fallbacks.add(sentence);
            }
        }

        void discard(Exception failure) {
            for (Closeable part : new Closeable[] {others, ring, events, memory}) {
                try {
                    if (part != null) {
                        part.close();
                    }
                } catch (IOException second) {
                    failure.addSuppressed(second);
                }
            }
        }
    }

    /** {@inheritDoc} Holds for all devices of this process on the same file or node; closing them all ends it too. */
    @Override
    public void acknowledgeDataLoss() {
        losses.acknowledge();
    }

    SyncLosses losses() {
        return losses;
    }

    void noteFailure(Operation operation, int result, BlockIoException failure) {
        if (SyncLosses.loses(operation, result, !node.passesCommands())) {
            losses.note(failure);
        }
    }

    void release(UringSession session) {
        OpenSession announced;
        synchronized (this) {
            announced = sessions.remove(session);
        }
        if (announced != null) {
            announced.ended();
        }
    }

    /**
     * Closes every session, then the device. Any thread: owners that use their sessions meanwhile get a {@link SessionClosedException}. All the waiting
     * together lasts the longest deadline of a session.
     *
     * @throws io.sluice.block.DeadlineException when the kernel did not answer, or an owner did not leave its session, in time
     */
    @Override
    public void close() throws IOException {
        List<UringSession> open;
        boolean first;
        synchronized (this) {
            first = !closed;
            closed = true;
            open = List.copyOf(sessions.keySet());
        }
        IOException failure = null;
        long since = System.nanoTime();
        open.forEach(UringSession::askToLeave);
        for (UringSession session : open) {
            try {
                session.closeForOwner(since);
            } catch (IOException exception) {
                if (failure == null) {
                    failure = exception;
                } else {
                    failure.addSuppressed(exception);
                }
            }
        }
        node.close();
        if (first) {
            losses.release();
        }
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public String toString() {
        Geometry geometry = node.geometry();
        return name + " " + geometry.blockCount() + " blocks of " + geometry.blockBytes() + " bytes";
    }
}
