package io.sluice.emulator;

import io.sluice.block.BlockDevice;
import io.sluice.block.FileDevice;
import io.sluice.block.FileDeviceOptions;
import io.sluice.block.RamDevice;
import io.sluice.emulator.EmulatedOptions.HostMemoryWish;
import io.sluice.pci.FunctionHost;
import io.sluice.pci.FunctionModel;
import io.sluice.pci.RegisterSpace;
import io.sluice.pci.SharedRegisters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An NVMe controller (NVM Express 1.4) in software, over any block devices. A driver in this process reaches it through {@code LocalFunction}:
 *
 * <pre>{@code
 * PciFunction function = LocalFunction.owning(EmulatedController.ram(1L << 30));
 * }</pre>
 *
 * <p>It has one host at a time. While it has one, a thread of its own looks at the doorbells: without a pause as long as there is something to do, now and then when there is
 * not. Nothing that the host says or stores is believed: commands that make no sense are refused by a status of the specification, and a queue whose memory is not there makes the controller
 * fail (CSTS.CFS) until it is reset.
 *
 * <p>What is stored outlives a host; queues, features and event requests do not.
 */
public final class EmulatedController implements FunctionModel {
    private static final int PAGE = 4096;
    private static final int MEMORY_BUFFER_BAR = 2;
    private static final int MESSAGE_BAR = 4;

    private final String name;
    private final EmulatedOptions options;
    private final Engine.Subsystem subsystem;
    private final ConfigurationSpace config;
    private final ControllerRegisters registers;
    private final @Nullable MessageTable messages;
    private final FaultScript faults;
    private volatile ByteBuffer doorbells;
    private volatile @Nullable ByteBuffer memoryBuffer;
    private volatile @Nullable ControllerLoop loop;
    private volatile @Nullable PullableMemory pullable;
    private boolean closed;

    private EmulatedController(String name, EmulatedOptions options, Engine.Subsystem subsystem, FaultScript faults) {
        this.name = name;
        this.options = options;
        this.subsystem = subsystem;
        this.faults = faults;
        int vectors = options.interruptVectors();
        this.messages = vectors > 0 ? new MessageTable(vectors) : null;
        this.config = new ConfigurationSpace(
                options.identity().vendor(),
                options.identity().device(),
                new long[] {
                    options.registerBytes(),
                    options.memoryBufferBytes(),
                    vectors > 0 ? MessageTable.barBytes(vectors) : 0
                },
                vectors,
                this::reset);
        this.doorbells = pages(options.doorbellBytes());
        this.registers = new ControllerRegisters(
                options.registerBytes(),
                options.capabilities(),
                EmulatedOptions.VERSION,
                options.memoryBufferLocation(),
                options.memoryBufferSize(),
                doorbells,
                new Written());
    }

    /** A controller with one namespace in memory, of blocks of 512 bytes; see {@link Builder} for everything else. */
    public static EmulatedController ram(long bytes) throws IOException {
        return builder().namespace(new RamDevice("ram", 512, bytes / 512)).build();
    }

    /** A controller with one namespace in a file; see {@link FileDevice}. */
    public static EmulatedController file(Path path, FileDeviceOptions options) throws IOException {
        return builder().namespace(FileDevice.open(path, options)).build();
    }

    /** A controller to be set up. */
    public static Builder builder() {
        return new Builder();
    }

    private static ByteBuffer pages(int bytes) {
        return ByteBuffer.allocateDirect(bytes + PAGE - 1).alignedSlice(PAGE).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** What the host writes to registers becomes work for the controller's thread. */
    private final class Written implements ControllerRegisters.Listener {
        @Override
        public void configured(int before, int after) {
            ControllerLoop running = loop;
            if (running != null) {
                running.post(() -> running.engine().configured(before, after));
            }
        }

        @Override
        public void subsystemReset() {
            ControllerLoop running = loop;
            if (running != null) {
                running.post(() -> functionReset(running, true));
            }
        }

        @Override
        public void memoryBufferControlled(long control) {
            ControllerLoop running = loop;
            if (running != null) {
                running.post(() -> running.engine().memoryBufferControlled(control));
            }
        }

        @Override
        public void rung() {
            ControllerLoop running = loop;
            if (running != null) {
                running.wake();
            }
        }
    }

    private void functionReset(ControllerLoop running, boolean wholeSubsystem) {
        running.engine().functionReset(wholeSubsystem);
        config.reset();
        if (messages != null) {
            messages.reset();
        }
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
    public @Nullable RegisterSpace bar(int index) {
        return switch (index) {
            case 0 -> registers;
            case MEMORY_BUFFER_BAR -> memoryBuffer();
            case MESSAGE_BAR -> messages;
            default -> null;
        };
    }

    private @Nullable RegisterSpace memoryBuffer() {
        ByteBuffer buffer = memoryBuffer;
        if (buffer == null) {
            return null;
        }
        return new MemoryBuffer(buffer);
    }

    @Override
    public List<SharedRegisters> shared(int index) {
        ByteBuffer buffer = memoryBuffer;
        return switch (index) {
            case 0 -> List.of(new SharedRegisters(ControllerRegisters.DOORBELLS, doorbells));
            case MEMORY_BUFFER_BAR -> buffer == null ? List.of() : List.of(new SharedRegisters(0, buffer));
            default -> List.of();
        };
    }

    @Override
    public int interruptCount() {
        return options.interruptVectors();
    }

    @Override
    public synchronized void connect(FunctionHost host) {
        if (closed) {
            throw new IllegalStateException(name + " is closed");
        }
        if (loop != null) {
            throw new IllegalStateException(name + " has a host, and only one at a time");
        }
        // New memory for each host: what the one before still maps is looked at by nobody.
        pullable = host.inThisProcess() && faults.makesRegistersFault()
                ? PullableMemory.allocate(options.registerBytes())
                : null;
        ByteBuffer registerMemory =
                pullable == null ? host.registerMemory(0, options.registerBytes()) : pullable.bytes();
        ByteBuffer newDoorbells = registerMemory
                .slice(ControllerRegisters.DOORBELLS, options.doorbellBytes())
                .order(ByteOrder.LITTLE_ENDIAN);
        doorbells = newDoorbells;
        registers.doorbells(newDoorbells);
        memoryBuffer = options.memoryBufferBytes() > 0
                ? host.registerMemory(MEMORY_BUFFER_BAR, options.memoryBufferBytes())
                : null;
        registers.reset(false);
        config.reset();
        if (messages != null) {
            messages.reset();
        }
        subsystem.health().powerCycle();
        gone(false);
        Engine engine =
                new Engine(options, registers, host, newDoorbells, memoryBuffer, subsystem, faults, this::removed);
        ControllerLoop started = new ControllerLoop("sluice-emulator " + name, engine);
        loop = started;
        started.start();
    }

    private void removed(Fault.Remove removal) {
        gone(true);
        PullableMemory memory = pullable;
        if (removal.faulting() && memory != null) {
            memory.pull();
        }
    }

    private void gone(boolean value) {
        registers.gone(value);
        config.gone(value);
        if (messages != null) {
            messages.gone(value);
        }
    }

    /** Has a fault strike from now on, beside those that are there. */
    public synchronized void inject(Fault fault) {
        onThread(() -> faults.add(fault));
    }

    /** Takes all faults away. What they did, and what they hold back, stays. */
    public synchronized void clearFaults() {
        onThread(faults::clear);
    }

    private void onThread(Runnable task) {
        ControllerLoop running = loop;
        if (running != null) {
            running.call(task);
        } else {
            task.run();
        }
    }

    @Override
    public void memoryChanged() {
        ControllerLoop running = loop;
        if (running != null) {
            running.call(() -> running.engine().memoryChanged());
        }
    }

    @Override
    public void reset() {
        ControllerLoop running = loop;
        if (running != null) {
            running.call(() -> functionReset(running, false));
        }
    }

    @Override
    public synchronized void disconnect() {
        ControllerLoop running = loop;
        if (running != null) {
            running.end();
            loop = null;
        }
        PullableMemory memory = pullable;
        if (memory != null) {
            memory.release();
            pullable = null;
        }
    }

    /** Disconnects, and closes the devices of the namespaces. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        disconnect();
        IOException failure = null;
        for (Namespace namespace : subsystem.namespaces().all()) {
            try {
                namespace.close();
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw new UncheckedIOException(failure);
        }
    }

    /** What should never have happened and made the controller fail; null when nothing did. For tests. */
    @Nullable
    Throwable failure() {
        ControllerLoop running = loop;
        return running == null ? null : running.failure();
    }

    /**
     * Changes the composite temperature that the health log shows; beyond the host's thresholds it is an event.
     *
     * @param kelvin 0 to 65535
     */
    public void temperature(int kelvin) {
        subsystem.health().temperatureKelvin(kelvin & 0xffff);
    }

    /**
     * Sets the critical warnings that the health log shows (section 5.14.1.2); new ones are events.
     *
     * @param bits 0 spare low, 2 reliability degraded, 3 read-only, 4 volatile backup failed
     */
    public void criticalWarning(int bits) {
        subsystem.health().criticalWarning(bits & 0x1f);
    }

    @Override
    public String toString() {
        return name + " " + subsystem.namespaces().all().size() + " namespaces";
    }

    /**
     * How a controller is to be. The defaults: 64 I/O queue pairs of up to 1024 entries and an interrupt vector for each, transfers of up to 512 KiB (MDTS 7), SGLs, doorbell buffers, a
     * volatile write cache that can be switched off, no controller memory buffer, no wish for memory of the host.
     */
    public static final class Builder {
        /** No vendor has this identifier. */
        private static final int VENDOR = 0x51ce;

        private static final int LEAST_LARGEST_ID = 16;

        private String name = "emulated";
        private String serial = "SLUICE0001";
        private String model = "Sluice Emulated NVMe Controller";
        private String firmware = "1.0";
        private int maxTransferShift = 7;
        private int maxQueueEntries = 1024;
        private int ioQueuePairs = 64;
        private int doorbellStrideShift;
        private int readyTimeoutMillis = 10_000;
        private int interruptVectors = -1;
        private int memoryBufferBytes;
        private boolean scatterGatherLists = true;
        private boolean volatileWriteCache = true;
        private boolean doorbellBuffers = true;
        private HostMemoryWish hostMemory = HostMemoryWish.NONE;
        private long spareCapacityBytes;
        private long seed = 1;
        private final List<Fault> faults = new ArrayList<>();
        private final Map<Integer, BlockDevice> devices = new TreeMap<>();

        private Builder() {}

        /** Name in messages. */
        public Builder name(String value) {
            name = value;
            return this;
        }

        /** Serial number, 1 to 20 printable ASCII characters. */
        public Builder serial(String value) {
            serial = value;
            return this;
        }

        /** Model number, 1 to 40 printable ASCII characters. */
        public Builder model(String value) {
            model = value;
            return this;
        }

        /** Firmware revision, 1 to 8 printable ASCII characters. */
        public Builder firmware(String value) {
            firmware = value;
            return this;
        }

        /** A namespace with the next free identifier over a device, which the controller closes with itself. Its blocks are those of the device. */
        public Builder namespace(BlockDevice device) {
            int id = 1;
            while (devices.containsKey(id)) {
                id++;
            }
            return namespace(id, device);
        }

        /**
         * A namespace over a device.
         *
         * @param id its identifier, 1 to 1024
         */
        public Builder namespace(int id, BlockDevice device) {
            check(id >= 1 && id <= 1024, "namespace " + id + ": expected 1 to 1024");
            check(!devices.containsKey(id), "there is a namespace " + id + " already");
            devices.put(id, device);
            return this;
        }

        /** MDTS: the largest transfer is 4 KiB times two to this, 1 to 18; 0 = no limit. */
        public Builder maxTransferShift(int value) {
            check(value >= 0 && value <= 18, "MDTS " + value + ": expected 0 to 18");
            maxTransferShift = value;
            return this;
        }

        /** Most entries of an I/O queue, 2 to 65536 (CAP.MQES + 1). */
        public Builder maxQueueEntries(int value) {
            check(value >= 2 && value <= 65536, value + " entries of a queue: expected 2 to 65536");
            maxQueueEntries = value;
            return this;
        }

        /** I/O queue pairs, 1 to 4096. */
        public Builder ioQueuePairs(int value) {
            check(value >= 1 && value <= 4096, value + " I/O queue pairs: expected 1 to 4096");
            ioQueuePairs = value;
            return this;
        }

        /** CAP.DSTRD: doorbells are 4 bytes times two to this apart, 0 to 10. */
        public Builder doorbellStrideShift(int value) {
            check(value >= 0 && value <= 10, "DSTRD " + value + ": expected 0 to 10");
            doorbellStrideShift = value;
            return this;
        }

        /** How long enabling may take (CAP.TO), 500 to 127500 milliseconds in steps of 500. It takes far less. */
        public Builder readyTimeoutMillis(int value) {
            int unit = EmulatedOptions.READY_TIMEOUT_UNIT_MILLIS;
            check(
                    value >= unit && value <= 255 * unit && value % unit == 0,
                    "CAP.TO of " + value + " ms: expected a multiple of 500 up to 127500");
            readyTimeoutMillis = value;
            return this;
        }

        /** MSI-X vectors, 0 to 2048; unless given, one more than there are I/O queue pairs. */
        public Builder interruptVectors(int value) {
            check(value >= 0 && value <= 2048, value + " interrupt vectors: expected 0 to 2048");
            interruptVectors = value;
            return this;
        }

        /** Size of the controller memory buffer in bytes: a power of two from 4 KiB to 1 GiB; 0 = none. */
        public Builder memoryBufferBytes(int value) {
            check(
                    value == 0 || (value >= PAGE && value <= 1 << 30 && Integer.bitCount(value) == 1),
                    "a controller memory buffer of " + value + " bytes: expected a power of two from 4096 to 2^30");
            memoryBufferBytes = value;
            return this;
        }

        /** Whether data may be described by SGLs. */
        public Builder scatterGatherLists(boolean value) {
            scatterGatherLists = value;
            return this;
        }

        /** Whether it has a volatile write cache, which the host can switch off: then every write is durable. */
        public Builder volatileWriteCache(boolean value) {
            volatileWriteCache = value;
            return this;
        }

        /** Whether it offers the Doorbell Buffer Config command. */
        public Builder doorbellBuffers(boolean value) {
            doorbellBuffers = value;
            return this;
        }

        /**
         * Memory of the host that the controller would like to be lent (Host Memory Buffer). It marks what it gets, and fails when the host touches it.
         *
         * @param preferredBytes how much (HMPRE), a multiple of 4096 up to 2^40; 0 = none
         * @param leastBytes what it can do with (HMMIN), a multiple of 4096 up to that
         * @param leastChunkBytes the smallest chunk that it takes (HMMINDS), a multiple of 4096 up to that; 0 = not said
         * @param mostChunks how many chunks it takes (HMMAXD), 0 to 65535; 0 = not said
         */
        public Builder hostMemory(long preferredBytes, long leastBytes, int leastChunkBytes, int mostChunks) {
            check(
                    preferredBytes >= 0
                            && preferredBytes <= 1L << 40
                            && leastBytes >= 0
                            && leastBytes <= preferredBytes
                            && leastChunkBytes >= 0
                            && leastChunkBytes <= leastBytes
                            && ((preferredBytes | leastBytes | leastChunkBytes) & HostMemoryWish.UNIT - 1) == 0,
                    "host memory of " + preferredBytes + " bytes, at least " + leastBytes + " in chunks of "
                            + leastChunkBytes + ": expected multiples of 4096 that do not ascend, up to 2^40");
            check(mostChunks >= 0 && mostChunks <= 65535, mostChunks + " chunks: expected 0 to 65535");
            hostMemory = new HostMemoryWish(preferredBytes, leastBytes, leastChunkBytes, mostChunks);
            return this;
        }

        /** How many bytes hosts can make namespaces of, in memory. */
        public Builder spareCapacityBytes(long value) {
            check(value >= 0 && value <= 1L << 62, value + " bytes to spare: expected 0 to 2^62");
            spareCapacityBytes = value;
            return this;
        }

        /** A fault that strikes from the beginning, after those given before. */
        public Builder fault(Fault value) {
            faults.add(Objects.requireNonNull(value));
            return this;
        }

        /** What is random in faults follows from this. */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        private static void check(boolean condition, String otherwise) {
            if (!condition) {
                throw new IllegalArgumentException(otherwise);
            }
        }

        /**
         * Builds the controller. The devices are its own from now on, also when this fails: then they are closed.
         *
         * @throws IOException when a session on a device cannot be opened
         */
        public EmulatedController build() throws IOException {
            int vectors = interruptVectors >= 0 ? interruptVectors : Math.min(ioQueuePairs + 1, 2048);
            EmulatedOptions options = new EmulatedOptions(
                    new ControllerIdentity(VENDOR, 1, serial, model, firmware),
                    maxTransferShift,
                    maxQueueEntries,
                    ioQueuePairs,
                    doorbellStrideShift,
                    readyTimeoutMillis,
                    vectors,
                    memoryBufferBytes,
                    scatterGatherLists,
                    volatileWriteCache,
                    doorbellBuffers,
                    hostMemory);
            int largest = devices.keySet().stream().mapToInt(id -> id).max().orElse(0);
            Namespaces namespaces = new Namespaces(Math.max(LEAST_LARGEST_ID, largest), spareCapacityBytes);
            boolean built = false;
            try {
                for (Map.Entry<Integer, BlockDevice> device : devices.entrySet()) {
                    namespaces.add(Namespace.open(
                            device.getKey(),
                            device.getValue(),
                            options.identity().namespaceUuid(device.getKey())));
                }
                built = true;
            } finally {
                if (!built) {
                    for (BlockDevice device : devices.values()) {
                        device.close();
                    }
                }
            }
            FaultScript script = new FaultScript(seed);
            faults.forEach(script::add);
            return new EmulatedController(
                    name, options, new Engine.Subsystem(namespaces, new ErrorLog(), new Health()), script);
        }
    }
}
