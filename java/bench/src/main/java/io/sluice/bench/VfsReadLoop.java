package io.sluice.bench;

import com.sun.management.ThreadMXBean;
import com.sun.nio.file.ExtendedOpenOption;
import io.sluice.block.BlockDevice;
import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.Completion;
import io.sluice.block.FileDevice;
import io.sluice.block.FileDeviceOptions;
import io.sluice.block.Operation;
import io.sluice.block.RamDevice;
import io.sluice.block.SessionOptions;
import io.sluice.block.SharedOptions;
import io.sluice.block.SharedSession;
import io.sluice.emulator.EmulatedController;
import io.sluice.nvme.ControllerOptions;
import io.sluice.nvme.NvmeController;
import io.sluice.pci.LocalFunction;
import io.sluice.uring.UringDevice;
import io.sluice.uring.UringOptions;
import java.io.Closeable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads of one size through one layer, in a process of its own: {@code VfsReadLoop LAYER DEVICE BYTES DEPTH WARM-UP-MILLIS MILLIS}. LAYER is {@code session}, {@code channel}, {@code async} or
 * {@code jdk}, the file channel of the JDK; DEVICE is {@code memory} or a file, read through the page cache, under an emulated controller in this process for all but {@code jdk}, or {@code
 * direct:FILE}, a file past the page cache, over io_uring for all but {@code jdk}. Reads of 4096 bytes are at random places, larger ones follow each other. Prints how many reads came in the time, how many nanoseconds that was, and how many bytes of heap the reading thread allocated.
 */
final class VfsReadLoop {
    /** In memory; all of it is written before, since memory that never was holds nothing to copy. */
    private static final int MEMORY_BYTES = 64 << 20;

    static final String MEMORY = "memory";

    /** Before the name of a file: past the page cache. */
    static final String DIRECT = "direct:";

    private static final int RANDOM_BYTES = 4096;
    private static final int ROUNDS_PER_LOOK = 64;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final int bytes;
    private final RandomBlocks random;
    private final long reads;
    private long next;
    private long completed;
    private volatile @Nullable Throwable failure;

    private VfsReadLoop(int bytes, long size) {
        this.bytes = bytes;
        this.reads = size / bytes;
        this.random = new RandomBlocks(63 - Long.numberOfLeadingZeros(size / RANDOM_BYTES));
    }

    /** What is measured: one round of reads, as many as are done in it. */
    private interface Layer {
        int round() throws IOException, InterruptedException;
    }

    /** Runs; see the class. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        String layer = arguments[0];
        String where = arguments[1];
        int bytes = Integer.parseInt(arguments[2]);
        int depth = Integer.parseInt(arguments[3]);
        long warmUp = Long.parseLong(arguments[4]) * NANOS_PER_MILLI;
        long time = Long.parseLong(arguments[5]) * NANOS_PER_MILLI;
        if (layer.equals("jdk")) {
            try (FileChannel channel = jdk(where)) {
                VfsReadLoop loop = new VfsReadLoop(bytes, channel.size());
                loop.measure(loop.channel(channel), warmUp, time);
            }
            return;
        }
        try (Closeable owner = open(where)) {
            BlockDevice device =
                    owner instanceof NvmeController controller ? controller.namespace(1) : (BlockDevice) owner;
            if (layer.equals("session")) {
                try (BlockSession session =
                        device.open(SessionOptions.defaults().queueDepth(128))) {
                    VfsReadLoop loop = new VfsReadLoop(bytes, size(session));
                    loop.measure(loop.new OnSession(session, depth), warmUp, time);
                }
                return;
            }
            // The kernel announces what it has; whoever looks for it without asking is in its way.
            Map<String, ?> environment =
                    Map.of("device", device, "waiting", where.startsWith(DIRECT) ? "adaptive" : "spin");
            try (FileSystem fileSystem = FileSystems.newFileSystem(URI.create("sluice:bench"), environment)) {
                Path path = fileSystem.getPath("/disk");
                if (layer.equals("channel")) {
                    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                        VfsReadLoop loop = new VfsReadLoop(bytes, channel.size());
                        loop.measure(loop.channel(channel), warmUp, time);
                    }
                } else {
                    try (AsynchronousFileChannel channel =
                            AsynchronousFileChannel.open(path, StandardOpenOption.READ)) {
                        VfsReadLoop loop = new VfsReadLoop(bytes, channel.size());
                        loop.measure(loop.new OnHandlers(channel, depth), warmUp, time);
                    }
                }
            }
        }
    }

    private static FileChannel jdk(String where) throws IOException {
        return where.startsWith(DIRECT)
                ? FileChannel.open(
                        Path.of(where.substring(DIRECT.length())), StandardOpenOption.READ, ExtendedOpenOption.DIRECT)
                : FileChannel.open(Path.of(where), StandardOpenOption.READ);
    }

    private static Closeable open(String where) throws IOException {
        if (where.startsWith(DIRECT)) {
            return UringDevice.open(Path.of(where.substring(DIRECT.length())), UringOptions.defaults());
        }
        BlockDevice behind;
        if (where.equals(MEMORY)) {
            RamDevice memory = new RamDevice("memory", 512, MEMORY_BYTES / 512);
            fill(memory);
            behind = memory;
        } else {
            behind =
                    FileDevice.open(Path.of(where), FileDeviceOptions.defaults().writeable(false));
        }
        EmulatedController emulated =
                EmulatedController.builder().name("bench").namespace(behind).build();
        return NvmeController.open(LocalFunction.owning(emulated), ControllerOptions.defaults());
    }

    private static void fill(RamDevice memory) throws IOException {
        ByteBuffer noise = ByteBuffer.allocateDirect(1 << 20);
        RandomBlocks random = new RandomBlocks(28);
        while (noise.remaining() >= Long.BYTES) {
            noise.putLong(random.next());
        }
        try (SharedSession session =
                SharedSession.open(memory, SessionOptions.defaults().writeable(true), SharedOptions.defaults())) {
            for (long position = 0; position < MEMORY_BYTES; position += noise.capacity()) {
                session.write(position, noise.clear());
            }
        }
    }

    private static long size(BlockSession session) {
        return session.geometry().blockCount() << session.geometry().blockShift();
    }

    private long nextPosition() {
        if (bytes == RANDOM_BYTES) {
            return random.next() << 9;
        }
        next = next + 1 == reads ? 0 : next + 1;
        return next * bytes;
    }

    private Layer channel(FileChannel channel) {
        // Aligned, as reads past the page cache ask for.
        ByteBuffer buffer = ByteBuffer.allocateDirect(bytes + 4096)
                .alignedSlice(4096)
                .limit(bytes)
                .slice();
        return () -> {
            int read = channel.read(buffer.clear(), nextPosition());
            if (read != bytes) {
                throw new IOException("read " + read + " of " + bytes + " bytes");
            }
            return 1;
        };
    }

    private final class OnSession implements Layer, Completion {
        private final BlockSession session;
        private final int depth;
        private final int pieceBytes;
        private final int pieces;
        private int inFlight;

        OnSession(BlockSession session, int depth) {
            this.session = session;
            this.depth = depth;
            this.pieceBytes = Math.min(
                    bytes,
                    session.geometry().maxTransferBlocks() << session.geometry().blockShift());
            this.pieces = bytes / pieceBytes;
        }

        @Override
        public int round() throws BlockIoException {
            while (inFlight < depth * pieces) {
                long position = nextPosition();
                for (int piece = 0; piece < pieces; piece++) {
                    submit(position + (long) piece * pieceBytes, inFlight * pieceBytes % (4 << 20));
                    inFlight++;
                }
            }
            session.commit();
            int done;
            do {
                done = session.poll(this, Integer.MAX_VALUE);
                inFlight -= done;
            } while (pieces == 1 ? done == 0 : inFlight > 0);
            return pieces == 1 ? done : depth;
        }

        private void submit(long position, int offset) throws BlockIoException {
            int shift = session.geometry().blockShift();
            if (!session.submit(Operation.READ, position >> shift, pieceBytes >> shift, session.buffer(), offset, 0)) {
                throw new IllegalStateException("the session is full");
            }
        }

        @Override
        public void completed(long tag) {}

        @Override
        public void failed(long tag, BlockIoException reason) {
            failure = reason;
        }
    }

    private final class OnHandlers implements Layer, CompletionHandler<Integer, ByteBuffer> {
        private final AsynchronousFileChannel channel;
        private volatile long done;
        private long seen;

        OnHandlers(AsynchronousFileChannel channel, int depth) {
            this.channel = channel;
            for (int i = 0; i < depth; i++) {
                ByteBuffer buffer = ByteBuffer.allocateDirect(bytes);
                channel.read(buffer, (long) i * bytes, buffer, this);
            }
        }

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // One thread tells.
        public void completed(Integer result, ByteBuffer buffer) {
            done++;
            channel.read(buffer.clear(), nextPosition(), buffer, this);
        }

        @Override
        public void failed(Throwable reason, ByteBuffer buffer) {
            failure = reason;
        }

        @Override
        public int round() throws InterruptedException {
            Thread.sleep(1);
            long now = done;
            int more = (int) (now - seen);
            seen = now;
            return more;
        }
    }

    private void measure(Layer layer, long warmUp, long time) throws IOException, InterruptedException {
        long ignored = run(layer, warmUp);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long self = Thread.currentThread().getId();
        long before = completed;
        long allocated = threads.getThreadAllocatedBytes(self);
        long nanos = run(layer, time);
        allocated = threads.getThreadAllocatedBytes(self) - allocated;
        System.out.println((completed - before) + " " + nanos + " " + allocated);
        System.out.flush();
    }

    private long run(Layer layer, long nanos) throws IOException, InterruptedException {
        long start = System.nanoTime();
        long now = start;
        while (now - start < nanos) {
            for (int i = 0; i < (bytes == RANDOM_BYTES ? ROUNDS_PER_LOOK : 1); i++) {
                completed += layer.round();
            }
            Throwable failed = failure;
            if (failed != null) {
                throw new IOException("a read failed", failed);
            }
            now = System.nanoTime();
        }
        return now - start;
    }
}
