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
import io.sluice.pci.LocalFunction;
import io.sluice.pci.PciFunction;
import io.sluice.pci.vfiouser.VfioUserFunction;
import io.sluice.pci.vfiouser.VfioUserOptions;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Random reads of 4 KiB with so many in flight, in a process of its own: {@code ReadLoop SOCKET|-|memory DEPTH WARM-UP-MILLIS MILLIS}. {@code -} reads from a
 * controller in this process, {@code memory} from the same memory without driver and controller: the copies alone. Prints how many reads came in the time and how many nanoseconds that was.
 */
final class ReadLoop implements Completion {
    /** All of it is written before, since memory that never was holds nothing to copy. */
    static final long BYTES = 64 << 20;

    static final String MEMORY = "memory";

    private static final int BLOCKS_OF_A_READ = 8;
    private static final int BLOCKS_OF_A_WRITE = 1024;
    private static final int POLLS_PER_LOOK = 256;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final BlockSession session;
    private final RandomBlocks blocks = new RandomBlocks(14);
    private @Nullable BlockIoException failure;
    private boolean reading;
    private long completed;

    private ReadLoop(BlockSession session) {
        this.session = session;
    }

    /** A controller as both ways of reaching it have it. */
    static EmulatedController controller() throws IOException {
        return EmulatedController.ram(BYTES);
    }

    /** Runs; see the class. */
    public static void main(String[] arguments) throws IOException {
        int depth = Integer.parseInt(arguments[1]);
        SessionOptions options = SessionOptions.defaults().writeable(true).queueDepth(Math.max(depth, 2));
        try (Closeable owner = open(arguments[0]);
                BlockSession session = device(owner).open(options)) {
            ReadLoop loop = new ReadLoop(session);
            loop.fill();
            loop.begin(depth);
            loop.run(Long.parseLong(arguments[2]) * NANOS_PER_MILLI);
            long before = loop.completed;
            long nanos = loop.run(Long.parseLong(arguments[3]) * NANOS_PER_MILLI);
            System.out.println((loop.completed - before) + " " + nanos);
        }
    }

    private static Closeable open(String where) throws IOException {
        if (where.equals(MEMORY)) {
            return new RamDevice("memory", 512, BYTES / 512);
        }
        PciFunction function = where.equals("-")
                ? LocalFunction.owning(controller())
                : VfioUserFunction.open(Path.of(where), VfioUserOptions.defaults());
        return NvmeController.open(function, ControllerOptions.defaults());
    }

    private static BlockDevice device(Closeable owner) throws IOException {
        return owner instanceof NvmeController controller ? controller.namespace(1) : (BlockDevice) owner;
    }

    private void fill() throws BlockIoException {
        for (int at = 0; at < session.buffer().size(); at += Long.BYTES) {
            session.buffer().bytes().putLong(at, blocks.next());
        }
        for (long block = 0; block < BYTES / 512; block += BLOCKS_OF_A_WRITE) {
            boolean taken = session.submit(Operation.WRITE, block, BLOCKS_OF_A_WRITE, session.buffer(), 0, 0);
            session.commit();
            while (session.inFlight() > 0) {
                session.poll(this, 1);
            }
            if (!taken || failure != null) {
                throw new IllegalStateException("the drive was not filled", failure);
            }
        }
    }

    private void begin(int depth) throws BlockIoException {
        reading = true;
        for (int i = 0; i < depth; i++) {
            submit(i);
        }
        session.commit();
    }

    private void submit(long tag) throws BlockIoException {
        if (!session.submit(Operation.READ, blocks.next(), BLOCKS_OF_A_READ, session.buffer(), tag << 12, tag)) {
            throw new IllegalStateException("the session is full");
        }
    }

    /** Reads for a time; how long it was in truth. */
    private long run(long nanos) throws BlockIoException {
        long start = System.nanoTime();
        long now = start;
        while (now - start < nanos) {
            for (int i = 0; i < POLLS_PER_LOOK; i++) {
                if (session.poll(this, Integer.MAX_VALUE) > 0) {
                    session.commit();
                }
            }
            if (failure != null) {
                throw failure;
            }
            now = System.nanoTime();
        }
        return now - start;
    }

    @Override
    public void completed(long tag) {
        completed++;
        if (reading) {
            try {
                submit(tag);
            } catch (BlockIoException refused) {
                failure = refused;
            }
        }
    }

    @Override
    public void failed(long tag, BlockIoException reason) {
        failure = reason;
    }
}
