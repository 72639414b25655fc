package io.sluice.nvme;

import io.sluice.pci.DmaMemory;
import io.sluice.pci.Interrupt;
import io.sluice.pci.PciFunction;
import io.sluice.pci.RegisterSpace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * An NVMe controller in memory that does what a test says, right or wrong. Its doorbells of I/O queues are mapped, so that the driver
 * stores straight into them; those of the admin queue are messages, and an admin command is executed within the store that tells of it. I/O commands
 * wait until {@link ScriptedQueue#completeAll} or another method of the queue completes them; no data moves.
 *
 * <p>Every address that the driver gives is checked against the memory that it allocated.
 */
public final class ScriptedController implements PciFunction {
    static final int BLOCK_SHIFT = 9;
    static final long BLOCKS = 1L << 31;
    private static final int BAR_BYTES = 0x4000;
    private static final long ADDRESS_STEP = 1L << 31;

    private final ByteBuffer registers;
    private final ByteBuffer config =
            ByteBuffer.allocateDirect(256).order(ByteOrder.LITTLE_ENDIAN).putInt(0, 0x0010_1b36);
    private final ConcurrentSkipListMap<Long, DmaMemory> memories = new ConcurrentSkipListMap<>();
    private final ByteBuffer identity = ScriptedIdentity.controller();
    private final TreeMap<Integer, ByteBuffer> namespaces = new TreeMap<>();
    private final Map<Integer, byte[]> logPages = new HashMap<>();
    private final Map<Integer, Integer> features = new HashMap<>();
    private final Map<Integer, Integer> refused = new HashMap<>();
    private volatile long keptAddress = -1;
    private final Set<Integer> ignored = new HashSet<>();
    private final Set<ScriptedFault> faults = EnumSet.noneOf(ScriptedFault.class);
    private final Map<Integer, ScriptedQueue> queues = new TreeMap<>();
    private final Map<Integer, SubmissionEntry> completionQueues = new HashMap<>();
    private final List<SubmissionEntry> adminCommands = new ArrayList<>();
    private final List<SubmissionEntry> unanswered = new ArrayList<>();
    private final List<SubmissionEntry> eventRequests = new ArrayList<>();
    private final List<ScriptedInterrupt> interrupts = new ArrayList<>();
    private int @Nullable [] activeNamespaces;
    private @Nullable ScriptedQueue admin;
    private @Nullable ScriptedShadows shadows;
    private long nextAddress = 1L << 40;
    private long addressOffset;
    private long pageBytes = 4096;
    private int grantedQueues = 64;
    private Runnable beforeStatus = () -> {};
    private boolean removed;
    private boolean closed;
    private boolean releaseWanted;

    /** A controller without fault with one namespace: 2^31 blocks of 512 bytes. */
    public ScriptedController() {
        this(BAR_BYTES);
    }

    ScriptedController(int barBytes) {
        registers = ByteBuffer.allocateDirect(barBytes).order(ByteOrder.LITTLE_ENDIAN);
        // 65536 entries, contiguous, 500 ms, doublewords between doorbells, NVM commands, pages of 4 KiB to 128 MiB.
        capabilities(0xffffL | 1 << 16 | 1 << 24 | 1L << 37 | 0xfL << 52);
        registers.putInt(Registers.VS, 0x1_0400);
        namespaces.put(1, ScriptedIdentity.namespace(BLOCKS, BLOCK_SHIFT));
        logPages.put(1, new byte[64 * 64]);
        logPages.put(2, new byte[512]);
        logPages.put(3, new byte[512]);
        logPages.put(4, new byte[4096]);
    }

    /** Sets CAP. */
    ScriptedController capabilities(long cap) {
        registers.putLong(Registers.CAP, cap);
        return this;
    }

    long capabilities() {
        return registers.getLong(Registers.CAP);
    }

    ScriptedController version(int version) {
        registers.putInt(Registers.VS, version);
        return this;
    }

    /** What the controller was told last. */
    int configuration() {
        return registers.getInt(Registers.CC);
    }

    int adminQueueAttributes() {
        return registers.getInt(Registers.AQA);
    }

    /** The Identify Controller data structure, to be changed before the controller is opened. */
    ByteBuffer identity() {
        return identity;
    }

    /** The Identify Namespace data structure of a namespace, made when there is none yet. */
    ByteBuffer namespace(int id) {
        return namespaces.computeIfAbsent(id, i -> ScriptedIdentity.namespace(BLOCKS, BLOCK_SHIFT));
    }

    /** Gives this list of active namespaces instead of the true one. */
    ScriptedController activeNamespaces(int... ids) {
        activeNamespaces = ids;
        return this;
    }

    byte[] logPage(int page) {
        return logPages.computeIfAbsent(page, p -> new byte[4096]);
    }

    ScriptedController with(ScriptedFault fault) {
        faults.add(fault);
        return this;
    }

    ScriptedController grantedQueues(int count) {
        grantedQueues = count;
        return this;
    }

    ScriptedController device(int vendor, int device) {
        config.putInt(0, device << 16 | vendor);
        return this;
    }

    /** What the addresses of further memory are off from the start of a 2 GiB range. */
    ScriptedController addressOffset(long bytes) {
        addressOffset = bytes;
        return this;
    }

    /** What sizes of further memory are rounded up to. */
    ScriptedController pageBytes(long bytes) {
        pageBytes = bytes;
        return this;
    }

    ScriptedController interrupts(int count) {
        for (int i = 0; i < count; i++) {
            interrupts.add(new ScriptedInterrupt());
        }
        return this;
    }

    ScriptedInterrupt interrupt(int vector) {
        return interrupts.get(vector);
    }

    /** Answers an admin command with a status from now on. */
    void refuse(int opcode, int status) {
        refused.put(opcode, status);
    }

    /** Does not answer an admin command from now on. */
    void ignore(int opcode) {
        ignored.add(opcode);
    }

    /** Answers the admin commands that were left without an answer. */
    void answerIgnored() {
        ignored.clear();
        List<SubmissionEntry> late = List.copyOf(unanswered);
        unanswered.clear();
        for (SubmissionEntry command : late) {
            admin().complete(command);
        }
    }

    /** Reports an event: doubleword 0 of the completion of an Asynchronous Event Request. */
    void event(int dword0) {
        admin().post(eventRequests.remove(0).commandId(), 0, dword0);
    }

    int eventRequests() {
        return eventRequests.size();
    }

    /** The controller fails: CSTS.CFS. */
    void fail() {
        registers.putInt(Registers.CSTS, registers.getInt(Registers.CSTS) | Registers.CSTS_FATAL);
    }

    /** What happens each time that the host reads CSTS, just before. */
    void beforeStatus(Runnable action) {
        beforeStatus = action;
    }

    /** The function is pulled: registers read as all ones. */
    void remove() {
        removed = true;
    }

    void wantBack() {
        releaseWanted = true;
    }

    /** The I/O queue pair of that identifier. */
    public ScriptedQueue queue(int id) {
        ScriptedQueue queue = queues.get(id);
        if (queue == null) {
            throw new AssertionError("there is no queue " + id + " but " + queues.keySet());
        }
        return queue;
    }

    Set<Integer> queueIds() {
        return queues.keySet();
    }

    /** The admin commands so far. */
    List<SubmissionEntry> adminCommands() {
        return adminCommands;
    }

    /** How many ranges of memory are mapped for the controller. */
    /** Does not let go of the memory at an address. */
    void keep(long address) {
        keptAddress = address;
    }

    int memories() {
        return memories.size();
    }

    boolean closed() {
        return closed;
    }

    /** The memory behind an address that the driver gave. */
    ByteBuffer memory(long address, int bytes) {
        Map.Entry<Long, DmaMemory> entry = memories.floorEntry(address);
        if (entry == null || address - entry.getKey() + bytes > entry.getValue().size()) {
            throw new AssertionError(bytes + " bytes at 0x" + Long.toHexString(address)
                    + " are not memory that was allocated: " + memories.keySet());
        }
        ByteBuffer memory = entry.getValue().buffer();
        return memory.slice((int) (address - entry.getKey()), bytes).order(memory.order());
    }

    @Override
    public String name() {
        return "0000:5c:00.0";
    }

    @Override
    public RegisterSpace config() {
        return new Space(config, false);
    }

    @Override
    public RegisterSpace bar(int index) throws IOException {
        if (index != 0) {
            throw new IOException("there is no BAR " + index);
        }
        return new Space(registers, true);
    }

    @Override
    public DmaMemory allocate(long bytes) throws IOException {
        int size = (int) (bytes + pageBytes - 1 & -pageBytes);
        return share(ByteBuffer.allocateDirect(size + 4096).alignedSlice(4096).slice(0, size));
    }

    /** Takes other memory that starts on a page, as an IOMMU would; of any size. */
    @Override
    public Optional<DmaMemory> map(ByteBuffer bytes) throws IOException {
        boolean reachable = bytes.isDirect() && bytes.alignmentOffset(0, 4096) == 0;
        return reachable ? Optional.of(share(bytes.duplicate().clear())) : Optional.empty();
    }

    private synchronized DmaMemory share(ByteBuffer bytes) throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        long address = nextAddress + addressOffset;
        nextAddress += ADDRESS_STEP;
        DmaMemory memory = new DmaMemory(bytes, address, () -> {
            if (address == keptAddress) {
                throw new UncheckedIOException(new IOException("it is kept"));
            }
            memories.remove(address);
        });
        memories.put(address, memory);
        return memory;
    }

    @Override
    public int interruptCount() {
        return interrupts.size();
    }

    @Override
    public List<Interrupt> enableInterrupts(int count) {
        return List.copyOf(interrupts.subList(0, count));
    }

    @Override
    public void reset() {
        configure(0);
    }

    @Override
    public boolean removalRequested() {
        return releaseWanted;
    }

    @Override
    public void close() {
        closed = true;
        List<DmaMemory> left;
        synchronized (this) {
            left = List.copyOf(memories.values());
        }
        left.forEach(DmaMemory::close);
    }

    private ScriptedQueue admin() {
        ScriptedQueue queue = admin;
        if (queue == null) {
            throw new AssertionError("the controller is not enabled");
        }
        return queue;
    }

    private void configure(int value) {
        int before = registers.getInt(Registers.CC);
        registers.putInt(Registers.CC, value);
        boolean enabled = (value & Registers.CC_ENABLE) != 0;
        if (enabled && (before & Registers.CC_ENABLE) == 0) {
            enable();
        } else if (!enabled && (before & Registers.CC_ENABLE) != 0) {
            disable();
        }
        if ((value & Registers.CC_SHUTDOWN_MASK) != 0) {
            int csts = registers.getInt(Registers.CSTS) & ~Registers.CSTS_SHUTDOWN_MASK;
            boolean stuck = faults.contains(ScriptedFault.SHUTDOWN_NEVER_COMPLETES);
            registers.putInt(Registers.CSTS, csts | (stuck ? 1 << 2 : Registers.CSTS_SHUTDOWN_COMPLETE));
        }
    }

    private void enable() {
        if (faults.contains(ScriptedFault.FATAL_AT_ENABLE)) {
            fail();
        } else if (faults.contains(ScriptedFault.GONE_AT_ENABLE)) {
            remove();
        } else if (!faults.contains(ScriptedFault.READY_NEVER_SETS)) {
            int attributes = registers.getInt(Registers.AQA);
            int stride = 4 << ((int) (capabilities() >>> 32) & 0xf);
            admin = new ScriptedQueue(
                    0,
                    memory(registers.getLong(Registers.ASQ), ((attributes & 0xfff) + 1) * 64),
                    memory(registers.getLong(Registers.ACQ), ((attributes >>> 16 & 0xfff) + 1) * 16),
                    slice(Registers.DOORBELLS),
                    slice(Registers.DOORBELLS + stride));
            registers.putInt(Registers.CSTS, Registers.CSTS_READY);
        }
    }

    private void disable() {
        queues.clear();
        completionQueues.clear();
        eventRequests.clear();
        unanswered.clear();
        admin = null;
        shadows = null;
        if (!faults.contains(ScriptedFault.READY_NEVER_CLEARS)) {
            registers.putInt(Registers.CSTS, 0);
        }
    }

    private ByteBuffer slice(int offset) {
        return registers.slice(offset, 4).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void runAdminCommands() {
        for (SubmissionEntry command : admin().fetch()) {
            adminCommands.add(command);
            Integer status = refused.get(command.opcode());
            if (ignored.contains(command.opcode())) {
                unanswered.add(command);
            } else if (status != null) {
                admin().post(command.commandId(), status, 0);
            } else {
                execute(command);
            }
        }
    }

    private void execute(SubmissionEntry command) {
        int status = 0;
        int result = 0;
        switch (command.opcode()) {
            case 0x00 -> status = queues.remove(command.dword10()) == null ? 0x101 : 0;
            case 0x01 -> status = createSubmissionQueue(command);
            case 0x02 -> status = giveLogPage(command);
            case 0x04 ->
                status = queues.containsKey(command.dword10())
                        ? 0x10c
                        : completionQueues.remove(command.dword10()) == null ? 0x101 : 0;
            case 0x05 -> status = createCompletionQueue(command);
            case 0x06 -> status = giveIdentity(command);
            case 0x09 -> result = setFeature(command);
            case 0x0a -> result = features.getOrDefault(command.dword10() & 0xff, 0);
            case 0x7c ->
                shadows = new ScriptedShadows(memory(command.pointer1(), 4096), memory(command.pointer2(), 4096));
            case 0x0c -> {
                eventRequests.add(command);
                return;
            }
            default -> status = 0x001;
        }
        admin().post(command.commandId(), status, result);
    }

    private int createCompletionQueue(SubmissionEntry command) {
        int id = command.dword10() & 0xffff;
        if (tooLarge(command)) {
            return 0x102;
        }
        return completionQueues.putIfAbsent(id, command) == null ? 0 : 0x101;
    }

    private int createSubmissionQueue(SubmissionEntry command) {
        int id = command.dword10() & 0xffff;
        SubmissionEntry completions = completionQueues.get(command.dword11() >>> 16);
        if (completions == null) {
            return 0x100;
        }
        if (tooLarge(command)) {
            return 0x102;
        }
        if (queues.containsKey(id)) {
            return 0x101;
        }
        int stride = 4 << ((int) (capabilities() >>> 32) & 0xf);
        ByteBuffer submissionDoorbell = doorbell(2 * id * stride);
        ByteBuffer completionDoorbell = doorbell((2 * id + 1) * stride);
        queues.put(
                id,
                new ScriptedQueue(
                        id,
                        memory(command.pointer1(), entries(command) * 64),
                        memory(completions.pointer1(), entries(completions) * 16),
                        submissionDoorbell,
                        completionDoorbell));
        return 0;
    }

    /** Where the driver tells of a queue that is new. */
    private ByteBuffer doorbell(int at) {
        ByteBuffer register = slice(Registers.DOORBELLS + at);
        register.putInt(0, 0);
        return shadows == null ? register : shadows.value(at);
    }

    /** Where the controller says up to where it looks at a shadow doorbell by itself; the offset is that of the register behind the first. */
    ByteBuffer eventIndex(int at) {
        return Objects.requireNonNull(shadows, "there are no shadow doorbells").eventIndex(at);
    }

    /** What was stored to a register of BAR 0 last. */
    int register(int offset) {
        return registers.getInt(offset);
    }

    private boolean tooLarge(SubmissionEntry command) {
        return entries(command) > ((int) capabilities() & 0xffff) + 1;
    }

    private static int entries(SubmissionEntry command) {
        return (command.dword10() >>> 16) + 1;
    }

    private int giveLogPage(SubmissionEntry command) {
        byte[] page = logPages.get(command.dword10() & 0xff);
        if (page == null) {
            return 0x109;
        }
        int bytes = ((command.dword10() >>> 16 | command.dword11() << 16) + 1) * 4;
        int from = Math.min(command.dword12(), page.length);
        memory(command.pointer1(), bytes).put(page, from, Math.min(bytes, page.length - from));
        return 0;
    }

    private int giveIdentity(SubmissionEntry command) {
        ByteBuffer target = memory(command.pointer1(), 4096);
        switch (command.dword10() & 0xff) {
            case 0 -> {
                ByteBuffer namespace = namespaces.get(command.namespaceId());
                if (namespace != null) {
                    target.put(0, namespace, 0, 4096);
                }
            }
            case 1 -> target.put(0, identity, 0, 4096);
            case 2 -> {
                int[] ids = activeNamespaces;
                IntStream active = ids != null
                        ? Arrays.stream(ids)
                        : namespaces.keySet().stream().mapToInt(id -> id).filter(id -> id > command.namespaceId());
                active.limit(1024).forEach(target::putInt);
            }
            default -> {
                return 0x002;
            }
        }
        return 0;
    }

    private int setFeature(SubmissionEntry command) {
        int feature = command.dword10() & 0xff;
        int value = command.dword11();
        if (feature == Feature.NUMBER_OF_QUEUES.id()) {
            return (grantedQueues - 1) * 0x1_0001;
        }
        features.put(feature, value);
        return 0;
    }

    private final class Space implements RegisterSpace {
        private final ByteBuffer bytes;
        private final boolean acts;

        /** Registers; writing to those of the controller has effects. */
        Space(ByteBuffer bytes, boolean acts) {
            this.bytes = bytes;
            this.acts = acts;
        }

        @Override
        public long size() {
            return bytes.capacity();
        }

        @Override
        public int read32(long offset) {
            if (acts && offset == Registers.CSTS) {
                beforeStatus.run();
            }
            return removed || closed ? -1 : bytes.getInt((int) offset);
        }

        @Override
        public void write32(long offset, int value) {
            if (removed || closed) {
                return;
            }
            if (acts && offset == Registers.CC) {
                configure(value);
                return;
            }
            bytes.putInt((int) offset, value);
            if (acts && offset == Registers.DOORBELLS && admin != null) {
                runAdminCommands();
            }
        }

        @Override
        public long read64(long offset) {
            return removed || closed ? -1 : bytes.getLong((int) offset);
        }

        @Override
        public void write64(long offset, long value) {
            if (!removed && !closed) {
                bytes.putLong((int) offset, value);
            }
        }

        @Override
        public @Nullable ByteBuffer mapped(long offset, int length) {
            int stride = 4 << ((int) (capabilities() >>> 32) & 0xf);
            if (!acts || offset < Registers.DOORBELLS + 2L * stride || offset + length > size()) {
                return null;
            }
            return bytes.slice((int) offset, length).order(ByteOrder.LITTLE_ENDIAN);
        }
    }
}
