package io.sluice.bench;

import io.sluice.block.BlockDevice;
import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.Completion;
import io.sluice.block.LimitedSession;
import io.sluice.block.Limits;
import io.sluice.block.Operation;
import io.sluice.block.Rate;
import io.sluice.block.SessionOptions;
import io.sluice.partition.LabelPattern;
import io.sluice.partition.Mediator;
import io.sluice.partition.Multiplexer;
import io.sluice.partition.MultiplexerOptions;
import io.sluice.partition.PartitionChoice;
import io.sluice.partition.Policies;
import io.sluice.partition.Policy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What sessions cost while nothing happens, how well limits are kept, and how long a small client waits beside a large one on a shared queue. */
final class MediatorCosts {
    private static final int SMALL_BYTES = 4 << 10;
    private static final int LARGE_BYTES = 128 << 10;
    private static final int LARGE_DEPTH = 64;
    private static final int IDLE_SESSIONS = 24;

    private final BlockDevice device;
    private final boolean quick;

    private MediatorCosts(BlockDevice device, boolean quick) {
        this.device = device;
        this.quick = quick;
    }

    /** Prints a line for each figure: its name, its unit and what it came to. */
    static void print(MediatorLayers layers, boolean quick) throws IOException {
        MediatorCosts costs = new MediatorCosts(layers.device(), quick);
        costs.sessions();
        costs.limits();
        costs.sharedQueue();
    }

    private static void line(String name, String unit, double value) {
        System.out.printf(Locale.ROOT, "cost %s %s %.4f%n", name, unit, value);
    }

    private void sessions() throws IOException {
        Policy policy = Policy.of("idle", new LabelPattern.Exact("idle"), new PartitionChoice.ByNumber(1))
                .shared(true)
                .sessions(IDLE_SESSIONS + 1);
        try (Mediator mediator = Mediator.over(device, Policies.of(policy))) {
            int times = quick ? 5 : 40;
            double[] mediated = new double[times];
            double[] direct = new double[times];
            for (int i = 0; i < times; i++) {
                mediated[i] = millis(() -> mediator.open("idle", SessionOptions.defaults()));
                direct[i] = millis(() -> device.open(SessionOptions.defaults()));
            }
            Arrays.sort(mediated);
            Arrays.sort(direct);
            line("open-mediated", "ms", mediated[times / 2]);
            line("open-mediated-worst", "ms", mediated[times - 1]);
            line("open-direct", "ms", direct[times / 2]);
            List<BlockSession> idle = new ArrayList<>();
            long before = mappedBytes();
            for (int i = 0; i < IDLE_SESSIONS; i++) {
                idle.add(mediator.open("idle", SessionOptions.defaults()));
            }
            line("idle-session", "MiB", (mappedBytes() - before) / (double) IDLE_SESSIONS / (1 << 20));
            for (BlockSession session : idle) {
                session.close();
            }
        }
    }

    private interface Opening {
        BlockSession open() throws IOException;
    }

    private static double millis(Opening opening) throws IOException {
        long start = System.nanoTime();
        BlockSession session = opening.open();
        long nanos = System.nanoTime() - start;
        session.close();
        return nanos / 1e6;
    }

    /** All mappings of this process, touched or not (proc(5), statm). */
    private static long mappedBytes() throws IOException {
        return Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ", -1)[0]) * 4096;
    }

    private void limits() throws IOException {
        limit("limit-iops", Limits.none().readOperations(Rate.perSecond(20_000)), SMALL_BYTES, 20_000);
        limit(
                "limit-bytes",
                Limits.none().readBytes(Rate.perSecond(200L << 20)),
                LARGE_BYTES,
                (200 << 20) / LARGE_BYTES);
    }

    private void limit(String name, Limits limits, int bytes, double perSecond) throws IOException {
        long nanos = quick ? 300_000_000L : 2_000_000_000L;
        try (BlockSession session =
                LimitedSession.over(device.open(SessionOptions.defaults().queueDepth(64)), device.name(), limits)) {
            TransferLoop loop = new TransferLoop(session);
            // What may pass at once is used up before.
            long ignored = loop.run(bytes, true, 32, 100_000_000);
            long before = loop.done();
            long took = loop.run(bytes, true, 32, nanos);
            line(name, "of-limit", (loop.done() - before) * 1e9 / took / perSecond);
        }
    }

    private void sharedQueue() throws IOException {
        try (Multiplexer queue = Multiplexer.sharing(device, MultiplexerOptions.defaults());
                BlockSession small = queue.open(SessionOptions.defaults().queueDepth(1));
                BlockSession large = queue.open(SessionOptions.defaults()
                        .bufferBytes(LARGE_DEPTH * LARGE_BYTES)
                        .queueDepth(LARGE_DEPTH))) {
            Client client = new Client(small, SMALL_BYTES);
            double alone = client.p99Micros(null, rounds());
            Client other = new Client(large, LARGE_BYTES);
            double one = other.p99Micros(null, rounds() / 4);
            double beside = client.p99Micros(other, rounds());
            line("shared-small-alone-p99", "us", alone);
            line("shared-large-alone-p99", "us", one);
            line("shared-small-beside-p99", "us", beside);
            line("shared-small-bound", "us", 3 * alone + one);
            other.finish();
        }
    }

    private int rounds() {
        return quick ? 500 : 20_000;
    }

    /** Reads the same blocks, so many at once; all clients are driven by one thread, as the machine may have no more. */
    private static final class Client implements Completion {
        private final BlockSession session;
        private final int blocks;
        private @Nullable BlockIoException failure;
        private int done;

        Client(BlockSession session, int bytes) {
            this.session = session;
            this.blocks = bytes >> session.geometry().blockShift();
        }

        /** The 99th percentile of how long one read takes, another client's queue kept full meanwhile. */
        double p99Micros(@Nullable Client other, int rounds) throws BlockIoException {
            long[] nanos = new long[rounds];
            for (int i = -rounds / 4; i < rounds; i++) {
                if (other != null) {
                    other.keepFull();
                }
                int before = done;
                long start = System.nanoTime();
                submit(0);
                session.commit();
                while (done == before) {
                    session.poll(this, 1);
                    if (other != null) {
                        other.keepFull();
                    }
                }
                if (i >= 0) {
                    nanos[i] = System.nanoTime() - start;
                }
            }
            Arrays.sort(nanos);
            return nanos[(int) (rounds * 0.99)] / 1e3;
        }

        private void submit(int place) throws BlockIoException {
            if (!session.submit(
                    Operation.READ,
                    (long) place * blocks,
                    blocks,
                    session.buffer(),
                    ((long) place * blocks) << session.geometry().blockShift(),
                    place)) {
                throw new IllegalStateException("the session is full");
            }
        }

        void keepFull() throws BlockIoException {
            session.poll(this, LARGE_DEPTH);
            boolean more = false;
            for (int place = 0; session.inFlight() < LARGE_DEPTH; place++) {
                submit(place);
                more = true;
            }
            if (more) {
                session.commit();
            }
            if (failure != null) {
                throw failure;
            }
        }

        void finish() throws BlockIoException {
            while (session.inFlight() > 0) {
                session.poll(this, LARGE_DEPTH);
            }
        }

        @Override
        public void completed(long tag) {
            done++;
        }

        @Override
        public void failed(long tag, BlockIoException reason) {
            failure = reason;
            done++;
        }
    }
}
