package io.sluice.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.pci.DmaMap;
import io.sluice.pci.FunctionHost;
import io.sluice.pci.RegisterSpace;
import java.io.Closeable;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.BooleanSupplier;

/** A host without a driver: writes registers, queue entries and lists itself, right or wrong. */
final class RawHost implements FunctionHost, Closeable {
    /** Where its memory stands for the controller. */
    static final long MEMORY = 0x1_0000_0000L;

    static final int MEMORY_BYTES = 8 << 20;
    static final int PAGE = 4096;
    static final int ADMIN_ENTRIES = 16;
    /** Where tests put data; the queues stand before it. */
    static final long DATA = MEMORY + (1 << 20);

    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int CC = 0x14;
    private static final int CSTS = 0x1c;
    private static final int DOORBELLS = 0x1000;
    private static final int ENABLE = 6 << 16 | 4 << 20 | 1;
    /** Far more than anything takes: a controller that does not answer is to fail a test, not to hang it. */
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    private final EmulatedController controller;
    private final ByteBuffer memory = ByteBuffer.allocateDirect(MEMORY_BYTES + PAGE - 1)
            .alignedSlice(PAGE)
            .order(ByteOrder.LITTLE_ENDIAN);
    private final RegisterSpace registers;
    private final int stride;
    private final int[] tails = new int[64];
    private final int[] heads = new int[64];
    private final int[] phases = new int[64];
    private final int[] sizes = new int[64];
    private final AtomicIntegerArray interrupts = new AtomicIntegerArray(4096);
    private volatile DmaMap map = DmaMap.EMPTY.with(MEMORY, memory, true);
    private volatile boolean memoryLost;
    private int nextCommand;

    /** Connects, and enables nothing. */
    RawHost(EmulatedController controller) {
        this.controller = controller;
        controller.connect(this);
        registers = controller.bar(0);
        stride = 4 << ((int) (registers.read64(0) >>> 32) & 0xf);
    }

    /** A host of a controller that it enabled, with I/O queue pair 1. */
    static RawHost enabled(EmulatedController controller) {
        RawHost host = new RawHost(controller);
        host.enable();
        host.createQueues(1, 64);
        return host;
    }

    @Override
    public DmaMap memory() {
        return map;
    }

    void memory(DmaMap value) {
        map = value;
        controller.memoryChanged();
    }

    @Override
    public void memoryLost() {
        memoryLost = true;
    }

    /** Whether the controller found memory gone that nobody took away. */
    boolean hasLostMemory() {
        return memoryLost;
    }

    @Override
    public void interrupt(int vector) {
        interrupts.incrementAndGet(vector);
    }

    int interrupts(int vector) {
        return interrupts.get(vector);
    }

    RegisterSpace registers() {
        return registers;
    }

    EmulatedController controller() {
        return controller;
    }

    /** All of the memory; {@link #DATA} and the like less {@link #MEMORY} are positions in it. */
    ByteBuffer bytes() {
        return memory;
    }

    static int at(long address) {
        return (int) (address - MEMORY);
    }

    void fill(long address, byte[] data) {
        memory.put(at(address), data);
    }

    byte[] read(long address, int length) {
        byte[] data = new byte[length];
        memory.get(at(address), data);
        return data;
    }

    void configureAdmin(int entries) {
        registers.write32(0x24, (entries - 1) << 16 | (entries - 1));
        registers.write64(0x28, MEMORY);
        registers.write64(0x30, completionAddress(0));
        reset(0, entries);
    }

    private void reset(int queue, int entries) {
        tails[queue] = 0;
        heads[queue] = 0;
        phases[queue] = 1;
        sizes[queue] = entries;
        for (int i = 0; i < 16 * entries; i += 8) {
            memory.putLong(completionsAt(queue) + i, 0);
        }
    }

    void enable() {
        configureAdmin(ADMIN_ENTRIES);
        configure(ENABLE);
        awaitStatus(3, 1);
    }

    void configure(int value) {
        registers.write32(CC, value);
    }

    int configuration() {
        return registers.read32(CC);
    }

    int status() {
        return registers.read32(CSTS);
    }

    void awaitStatus(int mask, int value) {
        long start = System.nanoTime();
        while ((status() & mask) != value) {
            assertThat(System.nanoTime() - start)
                    .as("CSTS is %xh; %s", status(), controller.failure())
                    .isLessThan(PATIENCE_NANOS);
            Thread.onSpinWait();
        }
    }

    private static int submissionsAt(int queue) {
        return queue == 0 ? 0 : (1 << 16) + queue * (1 << 14);
    }

    private static int completionsAt(int queue) {
        return queue == 0 ? 1 << 13 : (1 << 16) + queue * (1 << 14) + (1 << 13);
    }

    static long submissionAddress(int queue) {
        return MEMORY + submissionsAt(queue);
    }

    static long completionAddress(int queue) {
        return MEMORY + completionsAt(queue);
    }

    /** Creates queue pair 1 to 32 of up to 128 entries, with interrupt vector 1. */
    void createQueues(int id, int entries) {
        createQueues(id, entries, 0);
    }

    void createQueues(int id, int entries, int priority) {
        assertThat(admin(Entry.of(0x05)
                                .pointer1(completionAddress(id))
                                .dword10(((entries - 1) << 16) | id)
                                .dword11(1 << 16 | 3))
                        .status())
                .isZero();
        assertThat(admin(Entry.of(0x01)
                                .pointer1(submissionAddress(id))
                                .dword10(((entries - 1) << 16) | id)
                                .dword11(id << 16 | priority << 1 | 1))
                        .status())
                .isZero();
        reset(id, entries);
    }

    /** Executes an admin command. */
    Answer admin(Entry entry) {
        return execute(0, entry);
    }

    /** Executes a command of I/O queue 1. */
    Answer io(Entry entry) {
        return execute(1, entry);
    }

    Answer execute(int queue, Entry entry) {
        int command = submit(queue, entry);
        ring(queue);
        Answer answer = await(queue);
        assertThat(answer.command()).isEqualTo(command);
        assertThat(answer.queue()).isEqualTo(queue);
        return answer;
    }

    /** Writes an entry; the controller does not know of it yet. Returns the command identifier. */
    int submit(int queue, Entry entry) {
        int command = nextCommand++ & 0x3fff;
        entry.write(memory, submissionsAt(queue) + 64 * tails[queue], command);
        tails[queue] = (tails[queue] + 1) % sizes[queue];
        return command;
    }

    /** Writes an entry anywhere in the queue. */
    void rawEntry(int queue, int index, Entry entry) {
        entry.write(memory, submissionsAt(queue) + 64 * index, nextCommand++ & 0x3fff);
    }

    void ring(int queue) {
        registers.write32(DOORBELLS + 2L * queue * stride, tails[queue]);
    }

    int tail(int queue) {
        return tails[queue];
    }

    void ringCompletion(int queue, int value) {
        registers.write32(DOORBELLS + (2L * queue + 1) * stride, value);
    }

    void ringSubmission(int queue, int value) {
        registers.write32(DOORBELLS + 2L * queue * stride, value);
    }

    /** Whether an answer is there. */
    boolean answered(int queue) {
        int word = (int) INT.getAcquire(memory, completionsAt(queue) + 16 * heads[queue] + 12);
        return (word >>> 16 & 1) == phases[queue];
    }

    Answer await(int queue) {
        long start = System.nanoTime();
        while (!answered(queue)) {
            assertThat(System.nanoTime() - start)
                    .as("queue %s was not answered, CSTS is %xh; %s", queue, status(), controller.failure())
                    .isLessThan(PATIENCE_NANOS);
            Thread.onSpinWait();
        }
        int at = completionsAt(queue) + 16 * heads[queue];
        Answer answer = new Answer(
                memory.getInt(at),
                memory.getShort(at + 8) & 0xffff,
                memory.getShort(at + 10) & 0xffff,
                memory.getShort(at + 12) & 0xffff,
                memory.getShort(at + 14) >>> 1 & 0x7fff);
        heads[queue]++;
        if (heads[queue] == sizes[queue]) {
            heads[queue] = 0;
            phases[queue] ^= 1;
        }
        ringCompletion(queue, heads[queue]);
        return answer;
    }

    /** Waits until something holds. */
    static void await(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - start).as(what).isLessThan(PATIENCE_NANOS);
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        Throwable failure = controller.failure();
        controller.close();
        if (failure != null) {
            throw new AssertionError("the controller failed within itself", failure);
        }
    }

    /**
     * A completion.
     *
     * @param statusField all 15 bits
     */
    record Answer(int result, int head, int queue, int command, int statusField) {
        /** Type and code, as in {@link Status}. */
        int status() {
            return statusField & 0x7ff;
        }
    }

    /** A submission entry. */
    static final class Entry {
        private final ByteBuffer bytes = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);

        static Entry of(int opcode) {
            Entry entry = new Entry();
            entry.bytes.put(0, (byte) opcode);
            return entry;
        }

        Entry flags(int value) {
            bytes.put(1, (byte) value);
            return this;
        }

        Entry namespace(int value) {
            bytes.putInt(4, value);
            return this;
        }

        Entry pointer1(long value) {
            bytes.putLong(24, value);
            return this;
        }

        Entry pointer2(long value) {
            bytes.putLong(32, value);
            return this;
        }

        Entry dword10(int value) {
            bytes.putInt(40, value);
            return this;
        }

        Entry dword11(int value) {
            bytes.putInt(44, value);
            return this;
        }

        Entry dword12(int value) {
            bytes.putInt(48, value);
            return this;
        }

        Entry dword13(int value) {
            bytes.putInt(52, value);
            return this;
        }

        /** First block and number of blocks. */
        Entry blocks(long first, int count) {
            bytes.putLong(40, first);
            return dword12(count - 1);
        }

        /** Any bytes at all. */
        Entry raw(byte[] all) {
            bytes.put(0, all);
            return this;
        }

        private void write(ByteBuffer queue, int at, int command) {
            bytes.putShort(2, (short) command);
            queue.put(at, bytes, 0, 64);
        }
    }
}
