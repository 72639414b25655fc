package io.sluice.emulator;

import io.sluice.block.Operation;
import io.sluice.pci.FunctionHost;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The controller at work for one host: enables, resets and shuts down (section 7.6), fetches commands and has them executed. For the controller's thread
 * alone.
 */
final class Engine {
    private static final int WEIGHTED = 1;
    private static final int ADMIN_ENTRIES = 0xfff;

    private final EmulatedOptions options;
    private final ControllerRegisters registers;
    private final FunctionHost host;
    private final Doorbells doorbells;
    private final @Nullable ByteBuffer controllerBuffer;
    private final Namespaces namespaces;
    private final ErrorLog errors;
    private final Health health;
    private final FaultScript faults;
    private final Consumer<Fault.Remove> removal;

    private final GuestMemory memory;
    private final DataPointer data;
    private final Queues queues;
    private final HostMemoryBuffer hostMemory;
    private final Features features;
    private final Completions completions;
    private final Events events;
    private final IoCommands ioCommands;
    private final Backing backing;
    private final ShadowDoorbells shadows;
    private final LogPages logPages;
    private final AdminCommands adminCommands;
    private final Arbitration arbitration = new Arbitration();
    /** Made once: each pass needs it. */
    private final Arbitration.Server server = this::serve;

    private final Command command = new Command();
    private @Nullable SubmissionQueue admin;
    private boolean weighted;
    private boolean pulled;
    private int warned;

    /** What outlives a host: shared with the engine that comes after this one. */
    record Subsystem(Namespaces namespaces, ErrorLog errors, Health health) {}

    /**
     * A controller that is not enabled.
     *
     * @param removal pulls the function: makes every register read as all ones
     */
    Engine(
            EmulatedOptions options,
            ControllerRegisters registers,
            FunctionHost host,
            ByteBuffer doorbellMemory,
            @Nullable ByteBuffer controllerBuffer,
            Subsystem subsystem,
            FaultScript faults,
            Consumer<Fault.Remove> removal) {
        this.options = options;
        this.registers = registers;
        this.host = host;
        this.controllerBuffer = controllerBuffer;
        this.namespaces = subsystem.namespaces;
        this.errors = subsystem.errors;
        this.health = subsystem.health;
        this.faults = faults;
        this.removal = removal;
        int pairs = options.ioQueuePairs();
        this.doorbells = new Doorbells(doorbellMemory, options.doorbellStrideBytes(), pairs + 1);
        this.memory = new GuestMemory(host);
        this.data = new DataPointer(memory);
        this.queues = new Queues(pairs);
        this.hostMemory = new HostMemoryBuffer(options.hostMemory(), memory, data);
        this.features = new Features(
                pairs, options.interruptVectors(), options.volatileWriteCache(), new PowerStates(data), hostMemory);
        this.completions = new Completions(errors, faults, queue -> fail());
        this.events = new Events(completions);
        this.ioCommands =
                new IoCommands(namespaces, memory, data, completions, health, features, options.maxTransferBytes());
        this.backing = ioCommands.backing();
        this.shadows = new ShadowDoorbells(memory, options.doorbellStrideBytes(), pairs + 1);
        IdentifyPages identifyPages = new IdentifyPages(options, namespaces, data, faults);
        this.logPages = new LogPages(options.identity(), errors, health, features, namespaces, events, data);
        this.adminCommands = new AdminCommands(
                completions,
                new QueueCommands(
                        queues,
                        doorbells,
                        memory,
                        ioCommands,
                        completions,
                        faults,
                        options.maxQueueEntries(),
                        options.interruptVectors()),
                new NamespaceCommands(options.identity(), namespaces, data, backing, events, features),
                identifyPages,
                logPages,
                features,
                events,
                queues,
                registers,
                shadows,
                options,
                faults);
    }

    /** Whether there are doorbells to look at. */
    boolean running() {
        return admin != null;
    }

    /** CC was written. */
    void configured(int before, int after) {
        boolean was = (before & ControllerRegisters.CC_ENABLE) != 0;
        boolean is = (after & ControllerRegisters.CC_ENABLE) != 0;
        if (was && !is) {
            reset();
        } else if (is && !was) {
            enable(after);
        }
        if ((after & ControllerRegisters.CC_SHUTDOWN) != 0
                && (after & ControllerRegisters.CC_SHUTDOWN) != (before & ControllerRegisters.CC_SHUTDOWN)) {
            shutDown();
        }
    }

    private void enable(int configuration) {
        int pageShift = 12 + (configuration >>> 7 & 0xf);
        int commandSet = configuration >>> 4 & 7;
        int arbitrationMechanism = configuration >>> 11 & 7;
        int submissionEntries = (registers.adminQueueAttributes() & ADMIN_ENTRIES) + 1;
        int completionEntries = (registers.adminQueueAttributes() >>> 16 & ADMIN_ENTRIES) + 1;
        long pageMask = (1L << pageShift) - 1;
        if (pageShift > EmulatedOptions.MAX_PAGE_SHIFT
                || commandSet != 0
                || arbitrationMechanism > WEIGHTED
                || submissionEntries < 2
                || completionEntries < 2
                || ((registers.adminSubmissionQueue() | registers.adminCompletionQueue()) & pageMask) != 0) {
            fail();
            return;
        }
        boolean ignored = memory.refresh();
        CompletionQueue answers = new CompletionQueue(
                0, completionEntries, registers.adminCompletionQueue(), options.interruptVectors() > 0 ? 0 : -1);
        SubmissionQueue asked = new SubmissionQueue(
                0, submissionEntries, registers.adminSubmissionQueue(), answers, SubmissionQueue.URGENT);
        if (!answers.locate(memory.map()) || !asked.locate(memory.map())) {
            fail();
            return;
        }
        data.pageShift(pageShift);
        weighted = arbitrationMechanism == WEIGHTED;
        queues.add(answers);
        queues.add(asked);
        admin = asked;
        if (faults.isActive() && faults.failsAtEnable()) {
            fail();
        } else if (!faults.strikes(Fault.NeverReady.class)) {
            registers.status(0, ControllerRegisters.CSTS_READY);
        }
    }

    /** Controller level reset (section 7.3.2): nothing of the host is touched after it. */
    private void reset() {
        stop();
        int ready = faults.strikes(Fault.AlwaysReady.class) ? 0 : ControllerRegisters.CSTS_READY;
        registers.status(
                ready
                        | ControllerRegisters.CSTS_FATAL
                        | ControllerRegisters.CSTS_SHUTDOWN_BUSY
                        | ControllerRegisters.CSTS_SHUTDOWN_DONE,
                0);
    }

    private void stop() {
        admin = null;
        backing.drain();
        faults.reset();
        queues.clear();
        events.reset();
        features.reset();
        shadows.reset();
        warned = 0;
        // The doorbells of a function that was pulled may fault, and the next host gets others.
        for (int queue = 0; !pulled && queue < doorbells.queues(); queue++) {
            doorbells.clear(queue);
        }
    }

    /** Reset of the function, or of the whole subsystem: as after power-on. */
    void functionReset(boolean subsystem) {
        stop();
        memory.place(null, 0);
        registers.reset(subsystem);
    }

    private void shutDown() {
        registers.status(ControllerRegisters.CSTS_SHUTDOWN_DONE, ControllerRegisters.CSTS_SHUTDOWN_BUSY);
        if (faults.strikes(Fault.HangShutdown.class)) {
            return;
        }
        backing.drain();
        for (Namespace namespace : namespaces.all()) {
            int ignored = backing.perform(
                    namespace, Operation.SYNC, 0, 0, namespace.session().buffer(), 0);
        }
        registers.status(ControllerRegisters.CSTS_SHUTDOWN_BUSY, ControllerRegisters.CSTS_SHUTDOWN_DONE);
    }

    /** The controller cannot go on (CSTS.CFS): only a reset helps. */
    void fail() {
        registers.status(0, ControllerRegisters.CSTS_FATAL);
        admin = null;
    }

    /** An access to the host's memory failed. */
    void memoryLost() {
        memory.lost();
    }

    /** CMBMSC was written. */
    void memoryBufferControlled(long control) {
        boolean placed = (control & (ControllerRegisters.CMB_PLACED | ControllerRegisters.CMB_REGISTERS))
                == (ControllerRegisters.CMB_PLACED | ControllerRegisters.CMB_REGISTERS);
        backing.drain();
        boolean ignored = memory.refresh();
        memory.place(placed ? controllerBuffer : null, control & -4096);
        relocate();
    }

    /** The host's memory is another one: lets go of the former. */
    void memoryChanged() {
        backing.drain();
        boolean ignored = memory.refresh();
        relocate();
        for (Namespace namespace : namespaces.all()) {
            namespace.forgetMemory();
        }
    }

    private void relocate() {
        registers.memoryBufferStatus(memory.controllerBufferOverlaps() ? 1 : 0);
        queues.locate(memory.map());
        boolean ignored = shadows.locate(memory.map());
        if (!hostMemory.present()) {
            fail();
        }
    }

    /** The host leaves. */
    void disconnect() {
        if (running() && (registers.status() & ControllerRegisters.CSTS_SHUTDOWN_DONE) == 0) {
            health.unsafeShutdown();
        }
        functionReset(false);
        memory.clear();
        for (Namespace namespace : namespaces.all()) {
            namespace.forgetMemory();
        }
    }

    /** Looks at every doorbell once; returns how much there was to do. */
    int pass() {
        SubmissionQueue first = admin;
        if (first == null) {
            return 0;
        }
        int work = serve(first, Integer.MAX_VALUE);
        work += arbitration.round(queues.ioSubmissions(), server, weighted, features.arbitration());
        work += backing.poll();
        if (faults.isActive()) {
            faults.answerDue(completions);
        }
        events.flush();
        if (completions.takePosted()) {
            interrupt();
        }
        return work;
    }

    private int serve(SubmissionQueue queue, int limit) {
        readTail(queue);
        if (queue.isEmpty()) {
            return 0;
        }
        // After the doorbell: what a command names was mapped before it was rung.
        if (memory.refresh()) {
            relocate();
        }
        int done = 0;
        while (done < limit && !queue.isEmpty() && hasRoom(queue.completions()) && admin != null) {
            if (!queue.fetch(command)) {
                fail();
                return done;
            }
            queue.started();
            done++;
            if (!faults.isActive() || !strike(queue)) {
                execute(queue);
            }
        }
        return done;
    }

    /** Has a fault strike the command, if one does; false when it is to be executed all the same. */
    private boolean strike(SubmissionQueue queue) {
        Fault fault = faults.onCommand(queue.id(), command);
        if (fault == null) {
            return false;
        }
        if (fault instanceof Fault.FailCommand failure) {
            completions.complete(
                    queue, command.id(), failure.status(), 0, command.namespaceId(), command.dwords10And11());
            return true;
        }
        if (fault instanceof Fault.DamageData damage) {
            return queue.id() != 0 && ioCommands.executeDamaged(queue, command, damage, faults);
        }
        if (fault instanceof Fault.FailController) {
            fail();
            return true;
        }
        if (fault instanceof Fault.StatusAllOnes) {
            registers.statusAllOnes(true);
            return false;
        }
        if (fault instanceof Fault.Remove removed) {
            stop();
            pulled = true;
            removal.accept(removed);
            return true;
        }
        faults.hold(queue, command.id(), fault);
        return false;
    }

    private void execute(SubmissionQueue queue) {
        long answered = completions.answered();
        try {
            if (queue.id() == 0) {
                adminCommands.execute(queue, command);
            } else {
                ioCommands.execute(queue, command);
            }
        } catch (InternalError memoryGone) {
            // Another process can cut the memory short that it shares (see RegisterSpace#mapped).
            memory.lost();
            if (completions.answered() == answered) {
                completions.complete(
                        queue,
                        command.id(),
                        Status.DATA_TRANSFER_ERROR,
                        0,
                        command.namespaceId(),
                        command.dwords10And11());
            }
        }
    }

    private void readTail(SubmissionQueue queue) {
        boolean shadowed = queue.id() > 0 && shadows.active();
        int tail = shadowed ? shadows.submissionTail(queue.id()) : doorbells.submissionTail(queue.id());
        if (tail == queue.tail() || tail == queue.ignoredTail()) {
            return;
        }
        if (faults.strikes(Fault.IgnoreDoorbell.class)) {
            queue.ignoreTail(tail);
            return;
        }
        queue.ignoreTail(-1);
        if (queue.tail(tail)) {
            queue.forgetRefused();
            if (shadowed) {
                shadows.seen(queue.id(), tail);
            }
        } else if (queue.refuse(tail)) {
            refusedDoorbell(queue.id());
            if (!shadowed) {
                doorbells.restoreSubmissionTail(queue.id(), tail, queue.tail());
                queue.forgetRefused();
            }
        }
    }

    private void refusedDoorbell(int queue) {
        errors.add(queue, ErrorLog.NO_COMMAND, 0, 0, 0);
        events.raise(Events.ERROR, Events.INVALID_DOORBELL_VALUE);
    }

    private boolean hasRoom(CompletionQueue queue) {
        if (!queue.hasRoom()) {
            readHead(queue);
        }
        return queue.hasRoom();
    }

    private void readHead(CompletionQueue queue) {
        boolean shadowed = queue.id() > 0 && shadows.active();
        int head = shadowed ? shadows.completionHead(queue.id()) : doorbells.completionHead(queue.id());
        if (head != queue.head() && !queue.head(head) && !shadowed) {
            refusedDoorbell(queue.id());
            doorbells.restoreCompletionHead(queue.id(), head, queue.head());
        }
    }

    private void interrupt() {
        List<CompletionQueue> all = queues.completions();
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).takeInterrupt() && !faults.strikes(Fault.LoseInterrupt.class)) {
                host.interrupt(all.get(i).vector());
            }
        }
    }

    /** What need not be looked at each time: every few milliseconds. */
    void housekeep(long now) {
        if (admin == null) {
            return;
        }
        for (CompletionQueue queue : queues.completions()) {
            readHead(queue);
        }
        for (int id = 1; id < doorbells.queues(); id++) {
            if ((queues.submission(id) == null && doorbells.takeStray(id, false))
                    || (queues.completion(id) == null && doorbells.takeStray(id, true))) {
                errors.add(id, ErrorLog.NO_COMMAND, 0, 0, 0);
                events.raise(Events.ERROR, Events.INVALID_DOORBELL);
            }
        }
        warn();
        if (adminCommands.keepAliveExpired(now) || !hostMemory.look()) {
            fail();
        }
    }

    /** Tells of critical warnings that are new and that the host wants to hear of. */
    private void warn() {
        int warnings = logPages.criticalWarnings();
        int fresh = warnings & ~warned & features.asyncEvents() & 0xff;
        warned = warnings & (warned | fresh);
        for (int bit = 0; fresh >>> bit != 0; bit++) {
            if ((fresh >>> bit & 1) != 0) {
                // Spare below threshold, temperature, and the rest, which is reliability.
                events.raise(Events.HEALTH, bit == 0 ? 2 : bit == 1 ? 1 : 0);
            }
        }
    }
}
