package io.sluice.bench;

import io.sluice.block.BlockDevice;
import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.Completion;
import io.sluice.block.Operation;
import io.sluice.block.RamDevice;
import io.sluice.block.SessionOptions;
import io.sluice.emulator.EmulatedController;
import io.sluice.nvme.ControllerOptions;
import io.sluice.nvme.NvmeController;
import io.sluice.partition.LabelPattern;
import io.sluice.partition.Mediator;
import io.sluice.partition.Multiplexer;
import io.sluice.partition.MultiplexerOptions;
import io.sluice.partition.PartitionChoice;
import io.sluice.partition.Policies;
import io.sluice.partition.Policy;
import io.sluice.pci.LocalFunction;
import io.sluice.pci.PciAddress;
import io.sluice.pci.PciFunction;
import io.sluice.pci.VfioFunction;
import io.sluice.pci.VfioOptions;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The same blocks of the same device by three ways: a session on them, a session that a mediator gave for the partition that they are, and a session of a multiplexer
 * that copies, given by a mediator as well. Whatever was on the device is lost.
 */
final class MediatorLayers implements Closeable {
    /** In their order in tables. */
    static final List<String> NAMES = List.of("direct", "mediated", "copying");

    /** First block of the partition. */
    private static final int FIRST = 2048;

    /** More than any cache holds, and written before: memory that never was holds nothing to copy. */
    private static final long EMULATED_BYTES = 256L << 20;

    private static final String LABEL = "bench";
    private static final int QUEUE_DEPTH = 1023;
    private static final int BUFFER_BYTES = 16 << 20;

    private final NvmeController controller;
    private final BlockDevice device;
    private final Mediator mediator;
    private final Multiplexer multiplexer;
    private final Mediator ofCopies;
    private final SessionOptions options;
    private final SessionOptions window;
    private final Map<String, BlockSession> sessions = new HashMap<>();

    /** Partitions a device: a PCI address, or {@code emulated}. */
    MediatorLayers(String where) throws IOException {
        this.controller = NvmeController.open(function(where), ControllerOptions.defaults());
        this.device = controller.namespace(1);
        long count = device.geometry().blockCount() - FIRST;
        partition(device, where.equals("emulated"), count);
        Policies policies = policies();
        this.mediator = Mediator.over(device, policies);
        this.multiplexer = Multiplexer.copying(
                device,
                MultiplexerOptions.defaults().bufferBytes(2 * BUFFER_BYTES).queueDepth(QUEUE_DEPTH));
        this.ofCopies = Mediator.over(multiplexer, policies);
        this.options = SessionOptions.defaults().bufferBytes(BUFFER_BYTES).queueDepth(QUEUE_DEPTH);
        this.window = options.window(FIRST, count);
        reopen(false);
    }

    /**
     * Opens all sessions anew. The one of two that is opened first gets the lower queue and other pages, by which one of QEMU's controller is some
     * microseconds faster than the other, whichever layer it belongs to: so each must have been the first as often as the other.
     */
    void reopen(boolean mediatedFirst) throws IOException {
        for (BlockSession session : sessions.values()) {
            session.close();
        }
        sessions.clear();
        if (mediatedFirst) {
            sessions.put("mediated", mediator.open(LABEL, options));
        }
        sessions.put("direct", device.open(window));
        if (!mediatedFirst) {
            sessions.put("mediated", mediator.open(LABEL, options));
        }
        sessions.put("copying", ofCopies.open(LABEL, options));
    }

    private static PciFunction function(String where) throws IOException {
        return where.equals("emulated")
                ? LocalFunction.owning(EmulatedController.builder()
                        .name("bench")
                        .namespace(new RamDevice("ram", 512, EMULATED_BYTES / 512))
                        .build())
                : VfioFunction.open(PciAddress.parse(where).orElseThrow(), VfioOptions.defaults());
    }

    private static Policies policies() {
        return Policies.of(Policy.of("bench", new LabelPattern.Exact(LABEL), new PartitionChoice.ByNumber(1)));
    }

    /** The namespace. */
    BlockDevice device() {
        return device;
    }

    Mediator mediator() {
        return mediator;
    }

    BlockSession session(String layer) {
        return Objects.requireNonNull(sessions.get(layer), layer);
    }

    /** Gives a device a table of one partition (MBR, UEFI specification 2.10, section 5.2.1), and content. */
    private static void partition(BlockDevice device, boolean fill, long count) throws IOException {
        try (BlockSession session = device.open(SessionOptions.defaults().writeable(true))) {
            ByteBuffer memory = session.buffer().bytes();
            RandomBlocks noise = new RandomBlocks(60);
            int step = session.geometry().maxTransferBlocks();
            for (int at = 0; at < session.buffer().size(); at += Long.BYTES) {
                memory.putLong(at, noise.next());
            }
            for (long block = FIRST; fill && block < FIRST + count; block += step) {
                write(session, block, (int) Math.min(step, FIRST + count - block));
            }
            int blockBytes = session.geometry().blockBytes();
            memory.put(0, new byte[blockBytes]);
            memory.put(446 + 4, (byte) 0x83);
            memory.putInt(446 + 8, FIRST);
            memory.putInt(446 + 12, Math.toIntExact(count));
            memory.putShort(510, (short) 0xaa55);
            write(session, 0, 1);
            memory.put(0, new byte[blockBytes]);
            // Tables that were there before.
            write(session, 1, 1);
            write(session, FIRST + count - 1, 1);
        }
    }

    private static void write(BlockSession session, long block, int count) throws IOException {
        Completion failing = new Completion() {
            @Override
            public void completed(long tag) {}

            @Override
            public void failed(long tag, BlockIoException failure) {
                throw new IllegalStateException(failure);
            }
        };
        boolean taken = session.submit(Operation.WRITE, block, count, session.buffer(), 0, 0);
        session.commit();
        while (session.inFlight() > 0) {
            session.poll(failing, 1);
        }
        if (!taken) {
            throw new IllegalStateException("the session is full");
        }
    }

    @Override
    public void close() throws IOException {
        try (controller;
                mediator;
                multiplexer;
                ofCopies) {
            for (BlockSession session : sessions.values()) {
                session.close();
            }
        }
    }
}
