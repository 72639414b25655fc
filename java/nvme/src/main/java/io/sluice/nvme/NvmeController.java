package io.sluice.nvme;

import io.sluice.block.BlockIoException;
import io.sluice.block.DeviceGoneException;
import io.sluice.block.SessionClosedException;
import io.sluice.block.SessionOptions;
import io.sluice.block.driver.SyncFailure;
import io.sluice.pci.PciFunction;
import io.sluice.pci.RegisterSpace;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * An NVMe controller, enabled and owned by this process.
 *
 * <p>All methods may be called from any thread; admin commands are executed one after the other. What takes an admin command
 * throws {@link CommandFailedException} when the controller refuses it, {@link io.sluice.block.DeadlineException} when it does not answer in
 * time, and {@link DeviceGoneException} when it failed or was removed.
 */
public final class NvmeController implements Closeable {
    private static final int IDENTIFY_NAMESPACE = 0x00;
    private static final int IDENTIFY_CONTROLLER = 0x01;
    private static final int IDENTIFY_ACTIVE_NAMESPACES = 0x02;
    private static final int LOG_ERRORS = 0x01;
    private static final int LOG_SMART = 0x02;
    private static final int LOG_FIRMWARE = 0x03;
    private static final int LOG_CHANGED_NAMESPACES = 0x04;
    private static final int MOST_EVENT_REQUESTS = 4;
    /** SMART / health critical warnings, all of them. */
    private static final int HEALTH_EVENTS = 0x1f;
    /** Namespace attribute and firmware activation notices, where supported. */
    private static final int NOTICE_EVENTS = 0x300;
    /** The longest that RTD3E can make a shutdown wait. */
    private static final long MOST_SHUTDOWN_MILLIS = 60_000;

    private final Map<Integer, SyncFailure> syncFailures = new ConcurrentHashMap<>();
    private final PciFunction function;
    private final PageAllocator memory;
    private final ControllerOptions options;
    private final String name;
    private final RegisterSpace registers;
    private final Capabilities capabilities;
    private final Set<Quirk> quirks;
    private final ControllerLifecycle lifecycle;
    private final int pageShift;
    private final AdminQueue admin;
    private final IdentifyController identify;
    private final Offers offers;
    private final IoQueues queues;
    private final int maxTransferBytes;

    private boolean closing;
    private volatile ControllerState state = ControllerState.NEW;

    /**
     * Enables the controller behind a function: resets it if somebody left it enabled, sets up the admin queue, and asks for I/O
     * queues.
     *
     * @param function owned by the controller from now on, closed when this fails
     * @throws IOException when the controller cannot be enabled, does not answer, or says what cannot be
     */
    public static NvmeController open(PciFunction function, ControllerOptions options) throws IOException {
        try {
            return new NvmeController(function, options);
        } catch (IOException | RuntimeException | Error failure) {
            function.close();
            throw failure;
        }
    }

    private NvmeController(PciFunction function, ControllerOptions options) throws IOException {
        this.function = function;
        this.options = options;
        this.name = function.name();
        this.registers = function.bar(0);
        if (registers.size() < Registers.DOORBELLS + 8) {
            throw new ControllerException(
                    name, "BAR 0 has " + registers.size() + " bytes, which is no NVMe controller");
        }
        this.capabilities = Capabilities.decode(name, registers.read64(Registers.CAP), registers.read32(Registers.VS));
        this.quirks = Quirk.of(function);
        this.lifecycle = new ControllerLifecycle(name, registers, capabilities, quirks);
        if ((capabilities.commandSets() & (1 | 1 << 6)) == 0) {
            throw new ControllerException(name, "it does not offer the NVM command set (CAP.CSS)");
        }
        // The smallest page that the controller takes: what a transfer's address must be aligned to is never larger.
        this.pageShift = capabilities.minPageShift();
        this.memory = new PageAllocator(function, pageShift);
        if (doorbellPairs() < 2) {
            throw new ControllerException(
                    name,
                    "BAR 0 has " + registers.size() + " bytes, which leaves no room for doorbells that are "
                            + capabilities.doorbellStrideBytes() + " bytes apart (CAP.DSTRD)");
        }

        lifecycle.disable();
        enter(ControllerState.ENABLING);
        boolean live = false;
        try {
            this.admin = new AdminQueue(
                    name,
                    memory,
                    registers,
                    capabilities.doorbellStrideBytes(),
                    pageShift,
                    options.adminDeadline().toNanos());
            this.offers = new Offers(function, registers, capabilities, options, pageShift);
            lifecycle.enable(pageShift, capabilities.commandSets(), offers.weighted());
            this.identify = IdentifyController.decode(
                    admin.read(AdminCommand.identify(IDENTIFY_CONTROLLER, 0), IdentifyController.BYTES));
            this.maxTransferBytes = maxTransferBytes();
            int pairs = requestQueues();
            offers.accept(admin, memory, identify, pairs);
            this.queues = new IoQueues(function, memory, registers, capabilities, admin, pairs, pageShift, offers);
            requestEvents();
            enter(ControllerState.LIVE);
            live = true;
        } finally {
            if (!live) {
                stopAfterFailure();
            }
        }
    }

    private void stopAfterFailure() {
        try {
            lifecycle.disable();
        } catch (ControllerException stillRunning) {
            // The function is closed next, which takes bus mastering away: nothing more can be done, and the first
            // failure is told.
            state = ControllerState.DEAD;
        }
    }

    private int maxTransferBytes() throws ControllerException {
        if (identify.submissionEntryShift() > QueuePair.SUBMISSION_SHIFT
                || identify.completionEntryShift() > QueuePair.COMPLETION_SHIFT) {
            throw new ControllerException(
                    name,
                    "its queue entries are of 2^" + identify.submissionEntryShift() + " and 2^"
                            + identify.completionEntryShift()
                            + " bytes at least, but those of the NVM command set are of 64 and 16");
        }
        int most = quirks.contains(Quirk.NO_CHAINED_LISTS) ? Quirk.UNCHAINED_TRANSFER_BYTES : Integer.MAX_VALUE;
        int shift = identify.maxTransferShift();
        if (shift == 0) {
            return most;
        }
        if (shift + capabilities.minPageShift() >= 63) {
            throw new ControllerException(
                    name, "its largest transfer is 2^" + shift + " pages (MDTS), which no controller has");
        }
        int bytesShift = shift + capabilities.minPageShift();
        return bytesShift > 30 ? most : Math.min(most, 1 << bytesShift);
    }

    private int requestQueues() throws IOException {
        // 65534 is the largest number of queues that the field takes, less one.
        int wanted = Math.min(options.ioQueuePairs() - 1, 65534);
        int granted =
                admin.execute(AdminCommand.setFeature(Feature.NUMBER_OF_QUEUES.id(), wanted << 16 | wanted, false));
        // A controller may grant more than was asked for; it is not told so, and what was asked for is enough.
        int pairs = Math.min(wanted, Math.min(granted & 0xffff, granted >>> 16)) + 1;
        return (int) Math.min(pairs, doorbellPairs() - 1);
    }

    /** How many queue pairs, the admin queues included, have their doorbells within BAR 0 (section 3.1.24). */
    private long doorbellPairs() {
        return (registers.size() - Registers.DOORBELLS) / (2L * capabilities.doorbellStrideBytes());
    }

    private void requestEvents() throws IOException {
        try {
            int events = HEALTH_EVENTS | (NOTICE_EVENTS & identify.asyncEventsSupported());
            int ignored = admin.execute(AdminCommand.setFeature(Feature.ASYNC_EVENTS.id(), events, false));
        } catch (CommandFailedException notOffered) {
            // Events that need no configuration (errors) come all the same; the feature is not worth a drive.
            if (notOffered.status().type() > 1) {
                throw notOffered;
            }
        }
        for (int i = 0; i < Math.min(identify.asyncEventLimit(), MOST_EVENT_REQUESTS); i++) {
            admin.requestEvent();
        }
    }

    /** Name in messages: that of the function, such as {@code 0000:03:00.0}. */
    public String name() {
        return name;
    }

    /** Where the controller is in its life. */
    public ControllerState state() {
        return state;
    }

    /** What its registers say it can. */
    public Capabilities capabilities() {
        return capabilities;
    }

    /** What it said of itself when it was opened. */
    public IdentifyController identify() {
        return identify;
    }

    /** How many I/O queue pairs it granted, and so how many sessions can be open at once on all its namespaces. */
    public int ioQueuePairs() {
        return queues.count();
    }

    /** What of what it offers for speed this driver uses. */
    public InUse inUse() {
        return offers.inUse();
    }

    /** Largest transfer of one command in bytes; {@link Integer#MAX_VALUE} when the controller sets no limit. */
    public int maxTransfer() {
        return maxTransferBytes;
    }

    /** Size of a memory page in bytes, as the controller was told (CC.MPS). */
    public int pageBytes() {
        return 1 << pageShift;
    }

    /** The namespaces that are active now, by identifier, ascending. */
    public List<Integer> namespaceIds() throws IOException {
        requireLive();
        List<Integer> ids = new ArrayList<>();
        if (quirks.contains(Quirk.NO_NAMESPACE_LIST) || !capabilities.atLeast(1, 1)) {
            for (int id = 1; id <= Math.min(identify.namespaceCount(), 1024); id++) {
                if (identifyNamespace(id).sizeBlocks() != 0) {
                    ids.add(id);
                }
            }
            return ids;
        }
        // A list holds up to 1024 identifiers above the given one, ascending, and ends with 0.
        int last = 0;
        while (true) {
            DataStructure list = new DataStructure(
                    admin.read(AdminCommand.identify(IDENTIFY_ACTIVE_NAMESPACES, last), AdminQueue.DATA_BYTES));
            for (int i = 0; i < 1024; i++) {
                int id = (int) list.u32(4 * i);
                if (id == 0) {
                    return ids;
                }
                if (Integer.compareUnsigned(id, last) <= 0) {
                    throw new ControllerException(
                            name,
                            "its list of active namespaces does not ascend: " + Integer.toUnsignedString(id)
                                    + " follows " + Integer.toUnsignedString(last));
                }
                ids.add(id);
                last = id;
            }
        }
    }

    /**
     * A namespace as a block device.
     *
     * @param id its identifier, from 1
     * @throws ControllerException when there is no such namespace, or its format is none that this driver reads
     */
    public NvmeNamespace namespace(int id) throws IOException {
        requireLive();
        if (id == 0 || Integer.toUnsignedLong(id) > identify.namespaceCount()) {
            throw noNamespace(id);
        }
        IdentifyNamespace namespace;
        try {
            namespace = identifyNamespace(id);
        } catch (CommandFailedException refused) {
            ControllerException failure = noNamespace(id);
            failure.initCause(refused);
            throw failure;
        }
        if (namespace.sizeBlocks() == 0) {
            throw noNamespace(id);
        }
        return new NvmeNamespace(this, namespace, quirks.contains(Quirk.NO_WRITE_ZEROES));
    }

    /** Whether a sync of a namespace has failed since the controller was opened. */
    SyncFailure syncFailure(int namespaceId) {
        return syncFailures.computeIfAbsent(namespaceId, id -> new SyncFailure());
    }

    private ControllerException noNamespace(int id) throws IOException {
        return new ControllerException(
                name,
                "there is no active namespace " + Integer.toUnsignedString(id) + "; active are " + namespaceIds());
    }

    private IdentifyNamespace identifyNamespace(int id) throws IOException {
        return IdentifyNamespace.decode(
                id, admin.read(AdminCommand.identify(IDENTIFY_NAMESPACE, id), IdentifyNamespace.BYTES));
    }

    /** The SMART / Health Information log page of the whole controller. */
    public SmartLog smartLog() throws IOException {
        return SmartLog.decode(logPage(LOG_SMART, SmartLog.BYTES));
    }

    /**
     * The newest entries of the error log, newest first; unused entries are left out.
     *
     * @param max most entries, at least 1
     */
    public List<ErrorLogEntry> errorLog(int max) throws IOException {
        int entries = Math.max(1, Math.min(max, identify.errorLogEntries()));
        byte[] page = logPage(LOG_ERRORS, entries * ErrorLogEntry.BYTES);
        List<ErrorLogEntry> log = new ArrayList<>();
        for (int i = 0; i < entries; i++) {
            ErrorLogEntry entry = ErrorLogEntry.decode(page, i * ErrorLogEntry.BYTES);
            if (entry.errorCount() != 0) {
                log.add(entry);
            }
        }
        return log;
    }

    /** The Firmware Slot Information log page. */
    public FirmwareLog firmwareLog() throws IOException {
        return FirmwareLog.decode(logPage(LOG_FIRMWARE, FirmwareLog.BYTES));
    }

    /**
     * A log page as it is.
     *
     * @param page Log Page Identifier
     * @param bytes how much of it, a multiple of 4 up to 1 MiB
     */
    public byte[] logPage(int page, int bytes) throws IOException {
        requireLive();
        if (bytes < 4 || bytes > 1 << 20 || (bytes & 3) != 0) {
            throw new IllegalArgumentException(bytes + " bytes of a log page: expected a multiple of 4 up to 2^20");
        }
        if (bytes > AdminQueue.DATA_BYTES && (identify.logPageAttributes() & 1 << 2) == 0) {
            throw new ControllerException(
                    name, "it gives no more than " + AdminQueue.DATA_BYTES + " bytes of a log page (LPA bit 2)");
        }
        byte[] log = new byte[bytes];
        for (int at = 0; at < bytes; at += AdminQueue.DATA_BYTES) {
            int part = Math.min(bytes - at, AdminQueue.DATA_BYTES);
            byte[] read = admin.read(AdminCommand.getLogPage(page, AdminCommand.ALL_NAMESPACES, at, part), part);
            System.arraycopy(read, 0, log, at, part);
        }
        return log;
    }

    /** The present value of a feature that transfers no data: doubleword 0 of the completion (section 5.13). */
    public int feature(Feature feature) throws IOException {
        return feature(feature, FeatureValue.CURRENT);
    }

    /**
     * A value of a feature that transfers no data (section 5.13).
     *
     * @throws ControllerException when the controller keeps the present value alone
     */
    public int feature(Feature feature, FeatureValue value) throws IOException {
        requireLive();
        requireNoData(feature);
        if (value != FeatureValue.CURRENT && !identify.selectsFeatureValues()) {
            throw new ControllerException(name, "it tells the present values of features alone (ONCS bit 4)");
        }
        return admin.execute(AdminCommand.getFeature(feature.id(), value.select()));
    }

    /**
     * Sets a feature (section 5.21).
     *
     * @param value command doubleword 11
     * @param save whether the value survives a power cycle
     */
    public void setFeature(Feature feature, int value, boolean save) throws IOException {
        requireLive();
        requireNoData(feature);
        int ignored = admin.execute(AdminCommand.setFeature(feature.id(), value, save));
    }

    /** Without a place for it the controller would move the data from or to address 0. */
    private static void requireNoData(Feature feature) {
        if (feature.transfersData()) {
            throw new IllegalArgumentException(feature + " transfers data, which is not of this method");
        }
    }

    /**
     * Whether the volatile write cache is on (section 5.21.1.6): whether completed writes wait for a {@link io.sluice.block.Operation#SYNC} to be durable.
     */
    public boolean writeCacheEnabled() throws IOException {
        return identify.volatileWriteCache() && (feature(Feature.VOLATILE_WRITE_CACHE) & 1) != 0;
    }

    /**
     * Switches the volatile write cache.
     *
     * @param save whether that survives a reset, with which closing the controller ends
     * @throws ControllerException when there is none
     */
    public void enableWriteCache(boolean on, boolean save) throws IOException {
        requireLive();
        if (!identify.volatileWriteCache()) {
            throw new ControllerException(name, "it has no volatile write cache (VWC)");
        }
        setFeature(Feature.VOLATILE_WRITE_CACHE, on ? 1 : 0, save);
    }

    /** Its power states. */
    public PowerControl power() {
        return new PowerControl(this, admin);
    }

    /**
     * What the controller reported since the last call. Reads the log page of each event, which makes the controller report the
     * next of its type. Call it from time to time: nobody else does.
     */
    public synchronized List<AsyncEvent> events() throws IOException {
        requireLive();
        List<AsyncEvent> events = new ArrayList<>();
        for (Integer result = admin.nextEvent(); result != null; result = admin.nextEvent()) {
            AsyncEvent event = AsyncEvent.decode(result);
            events.add(event);
            ControllerEvent.report(name, event);
            switch (event.logPage()) {
                case LOG_ERRORS -> logPage(LOG_ERRORS, ErrorLogEntry.BYTES);
                case LOG_SMART, LOG_FIRMWARE -> logPage(event.logPage(), 512);
                case LOG_CHANGED_NAMESPACES -> logPage(LOG_CHANGED_NAMESPACES, AdminQueue.DATA_BYTES);
                default -> {}
            }
            admin.requestEvent();
        }
        return events;
    }

    /** Whether somebody asked for the controller back; see {@link PciFunction#removalRequested}. */
    public boolean removalRequested() {
        return function.removalRequested();
    }

    synchronized NvmeSession openSession(NvmeNamespace namespace, SessionOptions wanted) throws IOException {
        requireLive();
        return queues.open(namespace, wanted);
    }

    /** I/O queue pairs that no session has. */
    synchronized int queuesLeft() {
        return queues.left();
    }

    /** Ends a session's queues; see {@link IoQueues#release}. */
    synchronized void release(NvmeSession session) throws IOException {
        queues.release(session, state == ControllerState.LIVE);
    }

    /** See {@link IoQueues#mayServe}. */
    synchronized boolean mayServe(NvmeSession session) {
        return queues.mayServe(session);
    }

    /** Closes the sessions of a namespace that is being closed. */
    void closeSessions(NvmeNamespace namespace) throws IOException {
        List<NvmeSession> open;
        synchronized (this) {
            open = queues.sessions().stream()
                    .filter(s -> s.namespace() == namespace)
                    .toList();
        }
        Closing.all(open);
    }

    /**
     * Reads CSTS and remembers when it says that the controller failed, or is not enabled any more, which is what a reset of the
     * function by somebody else leaves; null when it works.
     */
    @Nullable
    String failure() {
        int csts = registers.read32(Registers.CSTS);
        if (!Registers.failed(csts)) {
            return null;
        }
        synchronized (this) {
            if (state == ControllerState.LIVE) {
                enter(ControllerState.DEAD);
            }
        }
        return Registers.describeStatus(csts);
    }

    void requireLive() throws BlockIoException {
        ControllerState now = state;
        if (now == ControllerState.DEAD) {
            throw new DeviceGoneException(name, "the controller failed; close it and open it again");
        }
        if (now != ControllerState.LIVE) {
            throw new SessionClosedException(name, "the controller is closed");
        }
    }

    private synchronized void enter(ControllerState next) {
        if (!state.next().contains(next)) {
            throw new IllegalStateException(name + ": a controller that is " + state + " cannot become " + next);
        }
        ControllerStateChanged.report(name, state, next);
        state = next;
    }

    /**
     * Shuts the controller down: ends every session, deletes the queues, notifies the controller (CC.SHN) and waits for it as long
     * as the options and the controller itself (RTD3E) allow, then gives the function back. Operations in flight on other threads
     * are not reported. Idempotent.
     *
     * @throws IOException when the controller did not confirm the shutdown; the function is given back all the same
     */
    @Override
    public void close() throws IOException {
        List<NvmeSession> open;
        synchronized (this) {
            if (closing) {
                return;
            }
            closing = true;
            open = queues.sessions();
        }
        try {
            Closing.all(open);
        } finally {
            shutDownAndRelease();
        }
    }

    private void shutDownAndRelease() throws IOException {
        boolean alive = state == ControllerState.LIVE;
        enter(ControllerState.CLOSING);
        try {
            Closing.all(alive ? List.of(offers::takeHostMemoryBack, this::shutDown) : List.of());
        } finally {
            function.close();
            enter(ControllerState.CLOSED);
            synchronized (this) {
                queues.stopped();
            }
        }
    }

    private void shutDown() throws ControllerException {
        if (!lifecycle.shutdown(shutdownDeadline())) {
            throw new ControllerException(
                    name,
                    "did not confirm its shutdown within "
                            + shutdownDeadline().toMillis() + " ms; "
                            + Registers.describeStatus(registers.read32(Registers.CSTS)));
        }
        lifecycle.disable();
        offers.end();
    }

    private Duration shutdownDeadline() {
        long asked = Math.min(identify.shutdownMicros() / 1000, MOST_SHUTDOWN_MILLIS);
        return Duration.ofMillis(Math.max(asked, options.shutdownDeadline().toMillis()));
    }

    @Override
    public String toString() {
        return name + " " + identify.modelNumber() + " " + state;
    }
}
