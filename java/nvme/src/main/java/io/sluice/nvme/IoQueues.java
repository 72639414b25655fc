package io.sluice.nvme;

import io.sluice.block.BlockIoException;
import io.sluice.block.DeadlineException;
import io.sluice.block.DeviceGoneException;
import io.sluice.block.SessionOptions;
import io.sluice.block.driver.Window;
import io.sluice.block.statistics.OpenSession;
import io.sluice.block.statistics.OpenSessions;
import io.sluice.nvme.ControllerMemory.Piece;
import io.sluice.pci.DmaMemory;
import io.sluice.pci.Interrupt;
import io.sluice.pci.PciFunction;
import io.sluice.pci.RegisterSpace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The I/O queue pairs that a controller granted, and the sessions that have them: makes and deletes queues by admin commands, and
 * sees to it that the memory of a queue stays as long as the controller may reach it. For one thread at a time: its controller's
 * monitor is held.
 */
final class IoQueues {
    private final PciFunction function;
    private final PageAllocator memory;
    private final RegisterSpace registers;
    private final Capabilities capabilities;
    private final AdminQueue admin;
    private final int count;
    private final int pageShift;
    private final SglRules sgl;
    private final @Nullable ShadowDoorbells shadows;
    private final @Nullable ControllerMemory controllerMemory;

    /** Sessions that were released without the controller's word that their queues are deleted. */
    private final Set<NvmeSession> unconfirmed = new HashSet<>();

    private final BitSet usedQueues = new BitSet();
    private final BitSet usedVectors = new BitSet();
    /** Controller memory of the submission queues that lie in it. */
    private final @Nullable Piece[] pieces;

    private final Map<NvmeSession, OpenSession> sessions = new LinkedHashMap<>();
    private @Nullable List<Interrupt> interrupts;

    /**
     * Queue pairs of which none exists yet.
     *
     * @param count how many the controller granted
     * @param offers what stands for doorbells, where submission queues lie, and how data is described
     */
    IoQueues(
            PciFunction function,
            PageAllocator memory,
            RegisterSpace registers,
            Capabilities capabilities,
            AdminQueue admin,
            int count,
            int pageShift,
            Offers offers) {
        this.function = function;
        this.memory = memory;
        this.registers = registers;
        this.capabilities = capabilities;
        this.admin = admin;
        this.count = count;
        this.pageShift = pageShift;
        this.sgl = offers.sgl();
        this.shadows = offers.shadows();
        this.controllerMemory = offers.controllerMemory();
        this.pieces = new @Nullable Piece[count + 1];
    }

    /** How many there are. */
    int count() {
        return count;
    }

    /** How many of them nobody has. */
    int left() {
        return count - usedQueues.cardinality();
    }

    /** The sessions that are open now. */
    List<NvmeSession> sessions() {
        return List.copyOf(sessions.keySet());
    }

    /** Opens a session on a queue pair that nobody has. */
    NvmeSession open(NvmeNamespace namespace, SessionOptions wanted) throws IOException {
        int blockBytes = namespace.geometry().blockBytes();
        long bufferBytes = QueueMemoryLayout.pages(wanted.bufferBytes(), pageShift);
        Window window = Window.of(namespace.name(), namespace.geometry(), wanted, Math.max(bufferBytes, blockBytes));
        int id = usedQueues.nextClearBit(1);
        if (id > count) {
            throw new BlockIoException(
                    namespace.name(),
                    "all " + count
                            + " I/O queue pairs that the controller granted are taken by sessions; close one, or ask for more when the"
                            + " controller is opened");
        }
        if (wanted.bufferBytes() < blockBytes) {
            throw new BlockIoException(
                    namespace.name(),
                    "a buffer of " + wanted.bufferBytes() + " bytes does not hold a block of " + blockBytes
                            + "; open the session with a larger one");
        }
        // A ring of n entries holds n - 1 commands.
        int depth = Math.min(wanted.queueDepth(), capabilities.maxQueueEntries() - 1);
        int submissionEntries = depth + 1;
        // More completion entries than commands let the completion doorbell rest most of the time; a page of them is
        // there anyhow.
        int completionEntries = Math.min(
                Math.max(2 * submissionEntries, 1 << pageShift >> QueuePair.COMPLETION_SHIFT),
                capabilities.maxQueueEntries());
        int vector = wanted.interrupts() ? takeVector() : -1;
        @Nullable DmaMemory queues = null;
        @Nullable DmaMemory data = null;
        boolean opened = false;
        boolean known = true;
        try {
            QueueMemoryLayout layout =
                    QueueMemoryLayout.of(submissionEntries, completionEntries, wanted.bufferBytes(), depth, pageShift);
            data = memory.allocate(layout.bufferBytes());
            queues = memory.allocate(layout.bytes());
            int submissionBytes = submissionEntries << QueuePair.SUBMISSION_SHIFT;
            Piece piece = controllerMemory == null ? null : controllerMemory.take(submissionBytes);
            pieces[id] = piece;
            createQueues(
                    id,
                    AdminCommand.createCompletionQueue(id, completionEntries, vector),
                    queues.deviceAddress() + layout.completions(),
                    AdminCommand.createSubmissionQueue(id, submissionEntries, wanted.priority()),
                    piece == null ? queues.deviceAddress() : piece.address());
            ByteBuffer bytes = queues.buffer();
            QueuePair pair = new QueuePair(
                    id,
                    piece == null ? AdminQueue.slice(bytes, 0, submissionBytes) : piece.bytes(),
                    AdminQueue.slice(bytes, layout.completions(), completionEntries << QueuePair.COMPLETION_SHIFT),
                    depth,
                    doorbell(Registers.submissionDoorbell(id, capabilities.doorbellStrideBytes())),
                    doorbell(Registers.completionDoorbell(id, capabilities.doorbellStrideBytes())));
            PrpLists lists = PrpLists.write(
                    bytes,
                    layout.lists(),
                    queues.deviceAddress(),
                    data.deviceAddress(),
                    layout.bufferBytes(),
                    pageShift);
            TrimRanges ranges = new TrimRanges(
                    AdminQueue.slice(bytes, layout.ranges(), depth * TrimRanges.BYTES),
                    queues.deviceAddress() + layout.ranges());
            Interrupt interrupt = vector < 0 || interrupts == null ? null : interrupts.get(vector);
            NvmeSession session = new NvmeSession(
                    namespace,
                    window,
                    wanted,
                    new SessionQueue(pair, ranges, queues, interrupt, vector),
                    new NvmeSession.BufferMemory(data, (int) layout.bufferBytes(), lists),
                    memory,
                    sgl);
            usedQueues.set(id);
            sessions.put(session, OpenSessions.announce(session, namespace.name(), wanted, session.counters()));
            opened = true;
            return session;
        } catch (DeadlineException | DeviceGoneException unknown) {
            // The controller may have made the queues, and may still reach their memory: that and the identifier stay
            // taken.
            usedQueues.set(id);
            known = false;
            throw unknown;
        } finally {
            if (!opened) {
                releaseVector(vector);
                if (known) {
                    giveBack(id);
                    closeUnlessNull(queues);
                    closeUnlessNull(data);
                }
            }
        }
    }

    private void createQueues(
            int id,
            AdminCommand completions,
            long completionsAddress,
            AdminCommand submissions,
            long submissionsAddress)
            throws BlockIoException {
        if (shadows != null) {
            shadows.clear(id);
        }
        int ignored = admin.execute(completions, completionsAddress);
        try {
            ignored = admin.execute(submissions, submissionsAddress);
        } catch (BlockIoException failure) {
            try {
                ignored = admin.execute(AdminCommand.deleteCompletionQueue(id));
            } catch (BlockIoException second) {
                usedQueues.set(id);
                failure.addSuppressed(second);
            }
            throw failure;
        }
    }

    /** The controller does not read the submission queue of that number any more. */
    private void giveBack(int id) {
        Piece piece = pieces[id];
        if (piece != null && controllerMemory != null) {
            pieces[id] = null;
            controllerMemory.giveBack(piece);
        }
    }

    private Doorbell doorbell(long offset) {
        return shadows == null ? new Doorbell(registers, offset, null, null) : shadows.doorbell(registers, offset);
    }

    private int takeVector() throws IOException {
        if (interrupts == null) {
            // Vector 0 is the admin queue's, which is polled; it serves a session where it is the only one.
            interrupts = function.enableInterrupts(Math.min(function.interruptCount(), count + 1));
        }
        int vectors = interrupts.size();
        int vector = usedVectors.nextClearBit(vectors > 1 ? 1 : 0);
        if (vector >= vectors) {
            return -1;
        }
        usedVectors.set(vector);
        return vector;
    }

    private void releaseVector(int vector) {
        if (vector >= 0) {
            usedVectors.clear(vector);
        }
    }

    private static void closeUnlessNull(@Nullable DmaMemory memory) {
        if (memory != null) {
            memory.close();
        }
    }

    /**
     * Deletes the queues of a session and frees its memory. When the controller does not confirm that, it may still reach the
     * memory: then it stays as it is until the function is closed, and its queue identifier stays taken.
     *
     * @param live whether the controller takes commands
     */
    void release(NvmeSession session, boolean live) throws IOException {
        OpenSession announced = sessions.remove(session);
        if (announced == null) {
            return;
        }
        announced.ended();
        releaseVector(session.vector());
        if (live) {
            int id = session.queueId();
            unconfirmed.add(session);
            int ignored = admin.execute(AdminCommand.deleteSubmissionQueue(id));
            ignored = admin.execute(AdminCommand.deleteCompletionQueue(id));
            unconfirmed.remove(session);
            giveBack(id);
            usedQueues.clear(id);
            session.freeMemory();
        }
    }

    /** Whether the controller may still carry out what a session that was released had in flight: it did not confirm that the queues are deleted. */
    boolean mayServe(NvmeSession session) {
        return unconfirmed.contains(session);
    }

    /** The controller is stopped: sessions of which it did not confirm that they ended have ended now. */
    void stopped() {
        unconfirmed.forEach(NvmeSession::controllerStopped);
        unconfirmed.clear();
    }
}
