package io.sluice.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.block.BlockDevice;
import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.Completion;
import io.sluice.block.HostileNumbers;
import io.sluice.block.Job;
import io.sluice.block.JobCompletion;
import io.sluice.block.JobException;
import io.sluice.block.JobOptions;
import io.sluice.block.Jobs;
import io.sluice.block.Operation;
import io.sluice.block.Segments;
import io.sluice.block.SessionOptions;
import io.sluice.block.SharedOptions;
import io.sluice.block.SharedSession;
import io.sluice.partition.table.Extent;
import io.sluice.partition.table.PartitionTable;
import io.sluice.partition.table.TestTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;

/**
 * Two partitions beside each other on a device full of canaries, and a client on each that asks for whatever it likes. Each client knows one word, and zero; no
 * other word may ever come to it, and its own may never get out of its partition.
 */
public final class NeighbouringClients {
    private static final int WORD = Long.BYTES;
    private static final long CANARY = 0xc0ffee00c0ffee00L;
    private static final long[] MARKS = {0xa1a1a1a1a1a1a1a1L, 0xb2b2b2b2b2b2b2b2L};
    private static final int BATCH = 16;

    /** The partitions: the second begins where the first ends. */
    private static final Extent[] PARTITIONS = {new Extent(256, 300), new Extent(556, 300)};

    /** Blocks that the device has at least. */
    public static final int BLOCKS = 1024;

    /** The label of each client. */
    public static final List<String> LABELS = List.of("first", "second");

    private final BlockDevice device;
    private final int blockBytes;

    /** Fills a device with canaries and partitions it. */
    public NeighbouringClients(BlockDevice device) throws IOException {
        this.device = device;
        this.blockBytes = device.geometry().blockBytes();
        fill(new Extent(0, device.geometry().blockCount()), CANARY);
        fill(PARTITIONS[0], MARKS[0]);
        fill(PARTITIONS[1], MARKS[1]);
        new TestTable(device)
                .with(1, PARTITIONS[0].firstBlock(), PARTITIONS[0].blockCount())
                .with(2, PARTITIONS[1].firstBlock(), PARTITIONS[1].blockCount())
                .writeTo(device);
    }

    /** Gives each client its partition. */
    public static Policies policies() {
        return Policies.of(
                Policy.of("1", new LabelPattern.Exact(LABELS.get(0)), new PartitionChoice.ByNumber(1))
                        .writeable(true),
                Policy.of("2", new LabelPattern.Exact(LABELS.get(1)), new PartitionChoice.ByNumber(2))
                        .writeable(true));
    }

    /** What a client opens its session with. */
    public static SessionOptions options() {
        return SessionOptions.defaults().writeable(true).bufferBytes(64 << 10).queueDepth(BATCH);
    }

    private void fill(Extent extent, long word) throws IOException {
        try (BlockSession session = device.open(options())) {
            words(session.buffer().bytes(), word);
            Done done = new Done();
            int step = session.buffer().size() / blockBytes;
            for (long block = extent.firstBlock(); block <= extent.lastBlock(); block += step) {
                long count = Math.min(step, extent.lastBlock() - block + 1);
                assertThat(session.submit(Operation.WRITE, block, count, session.buffer(), 0, 0))
                        .isTrue();
                finish(session, done);
            }
        }
    }

    private static void words(ByteBuffer memory, long word) {
        for (int at = 0; at < memory.capacity(); at += WORD) {
            memory.putLong(at, word);
        }
    }

    private static void finish(BlockSession session, Completion completion) throws IOException {
        session.commit();
        while (session.inFlight() > 0) {
            if (session.poll(completion, BATCH) == 0) {
                session.await(1_000_000_000);
            }
        }
    }

    private record Done() implements Completion {
        @Override
        public void completed(long tag) {}

        @Override
        public void failed(long tag, BlockIoException failure) {
            throw new AssertionError(failure);
        }
    }

    /** Nothing but canaries outside of the partitions and their tables, nothing but a client's own word and zeroes within. */
    public void check() throws IOException {
        try (BlockSession session = device.open(options().writeable(false))) {
            int step = session.buffer().size() / blockBytes;
            // In front of it and behind it are the tables, which are read as such below.
            Extent checked = new Extent(64, BLOCKS - 128);
            for (long block = checked.firstBlock(); block <= checked.lastBlock(); block += step) {
                long count = Math.min(step, checked.lastBlock() - block + 1);
                assertThat(session.submit(Operation.READ, block, count, session.buffer(), 0, 0))
                        .isTrue();
                finish(session, new Done());
                for (int i = 0; i < count * blockBytes; i += WORD) {
                    checkWord(block + i / blockBytes, session.buffer().bytes().getLong(i));
                }
            }
        }
        assertThat(PartitionTable.read(device).partitions())
                .as("the partitions")
                .hasSize(2);
    }

    private static void checkWord(long block, long word) {
        boolean right = word == CANARY;
        for (int i = 0; i < PARTITIONS.length; i++) {
            if (PARTITIONS[i].contains(new Extent(block, 1))) {
                right = isOf(word, i);
            }
        }
        if (!right) {
            throw new AssertionError(String.format("block %d has the word %016x", block, word));
        }
    }

    /** What a client finds in its memory. */
    private static void checkMemory(ByteBuffer memory, long offset, long bytes, int client) {
        for (int at = (int) offset & -WORD; at + WORD <= offset + bytes; at += WORD) {
            long word = memory.getLong(at);
            if (!isOf(word, client)) {
                throw new AssertionError(String.format("client %d got the word %016x", client, word));
            }
        }
    }

    /** Whether a word is a client's, or zero; jobs of any bytes leave words of which some bytes are zero. */
    private static boolean isOf(long word, int client) {
        if (word == 0 || word == MARKS[client]) {
            return true;
        }
        for (int shift = 0; shift < 64; shift += 8) {
            long octet = word >>> shift & 0xff;
            if (octet != 0 && octet != (MARKS[client] & 0xff)) {
                return false;
            }
        }
        return true;
    }

    private HostileNumbers numbers(long seed, long buffer) {
        return new HostileNumbers(
                seed,
                PARTITIONS[0].blockCount(),
                PARTITIONS[0].firstBlock(),
                PARTITIONS[1].firstBlock(),
                device.geometry().blockCount(),
                buffer,
                1L << 16,
                1);
    }

    /** The clients ask their sessions for so many operations, in turns; what is refused counts. */
    public void askSessions(List<BlockSession> sessions, long seed, int operations) throws IOException {
        Random random = new Random(seed);
        HostileNumbers numbers = numbers(seed, sessions.get(0).buffer().size());
        int accepted = 0;
        for (BlockSession session : sessions) {
            words(session.buffer().bytes(), MARKS[sessions.indexOf(session)]);
        }
        for (int asked = 0; asked < operations; asked += BATCH) {
            int client = random.nextInt(sessions.size());
            accepted += batch(sessions.get(client), client, random, numbers);
        }
        assertThat(accepted).as("operations that were possible").isGreaterThan(operations / 50);
    }

    private static int batch(BlockSession session, int client, Random random, HostileNumbers numbers)
            throws IOException {
        int accepted = 0;
        long[] offsets = new long[BATCH];
        long[] counts = new long[BATCH];
        for (int i = 0; i < BATCH; i++) {
            Operation operation = Operation.values()[random.nextInt(Operation.values().length)];
            long block = random.nextInt(3) == 0 ? random.nextInt(300) : numbers.next();
            long count = random.nextBoolean() ? 1 + random.nextInt(4) : numbers.next();
            long offset = random.nextBoolean() ? i * 4096L : numbers.next();
            try {
                boolean several = operation.transfers() && random.nextInt(8) == 0;
                boolean taken = several
                        ? submitScattered(session, operation, block, count, i)
                        : session.submit(operation, block, count, session.buffer(), offset, i);
                if (taken) {
                    accepted++;
                    boolean reads = operation == Operation.READ;
                    offsets[i] = several || !reads ? 0 : offset;
                    counts[i] = reads
                            ? (several ? 64 << 10 : count * session.geometry().blockBytes())
                            : 0;
                }
            } catch (BlockIoException | IndexOutOfBoundsException refused) {
                counts[i] = 0;
            }
        }
        finish(session, new Done());
        for (int i = 0; i < BATCH; i++) {
            checkMemory(session.buffer().bytes(), offsets[i], counts[i], client);
        }
        return accepted;
    }

    private static boolean submitScattered(BlockSession session, Operation operation, long block, long count, long tag)
            throws BlockIoException {
        int blockBytes = session.geometry().blockBytes();
        Segments segments = new Segments(4);
        for (int i = 0; i < Math.min(4, Math.max(1, count)); i++) {
            segments.add(session.buffer(), i * 8192L, blockBytes);
        }
        return session.submit(operation, block, count, segments, tag);
    }

    /** The same by jobs of any bytes, on each session. */
    public void askJobs(List<BlockSession> sessions, long seed, int operations) throws IOException {
        for (BlockSession session : sessions) {
            int client = sessions.indexOf(session);
            Random random = new Random(seed + client);
            HostileNumbers numbers = numbers(seed + client, session.buffer().size());
            words(session.buffer().bytes(), MARKS[client]);
            int[] done = new int[1];
            JobCompletion counter = new JobCompletion() {
                @Override
                public void completed(long tag) {
                    done[0]++;
                }

                @Override
                public void failed(long tag, JobException failure) {
                    throw new AssertionError(failure);
                }
            };
            ByteBuffer memory = ByteBuffer.allocate(16 << 10).order(ByteOrder.LITTLE_ENDIAN);
            words(memory, MARKS[client]);
            // Closed with the session, and not before: the session is used again.
            Jobs jobs = new Jobs(session, JobOptions.defaults(), counter);
            for (int asked = 0; asked < operations / sessions.size(); asked++) {
                try {
                    boolean ignored = jobs.submit(job(session, memory, random, numbers), asked);
                } catch (BlockIoException | IllegalArgumentException | IndexOutOfBoundsException refused) {
                    continue;
                }
                jobs.commit();
                while (jobs.inFlight() > 0) {
                    if (jobs.poll(BATCH) == 0) {
                        jobs.await(1_000_000_000);
                    }
                }
                checkMemory(memory, 0, memory.capacity(), client);
                checkMemory(session.buffer().bytes(), 0, 8192, client);
            }
            assertThat(done[0]).isGreaterThan(operations / 200);
        }
    }

    private Job job(BlockSession session, ByteBuffer memory, Random random, HostileNumbers numbers) {
        Operation operation = Operation.values()[random.nextInt(Operation.values().length)];
        long position = random.nextInt(3) == 0
                ? random.nextInt(300 * blockBytes)
                : numbers.next() * (random.nextBoolean() ? blockBytes : 1);
        long length = random.nextBoolean() ? 1 + random.nextInt(4 * blockBytes) : numbers.next();
        if (operation == Operation.SYNC) {
            return Job.sync();
        }
        if (!operation.transfers()) {
            return new Job(operation, position, length, null, null, 0);
        }
        return random.nextInt(4) == 0
                ? new Job(operation, position, length, null, session.buffer(), random.nextInt(4) * 512L)
                : new Job(operation, position, length, memory, null, 0);
    }

    /** The same through the shared face of each session, which is closed by it. */
    public void askShared(List<BlockSession> sessions, long seed, int operations) throws IOException {
        for (BlockSession session : sessions) {
            int client = sessions.indexOf(session);
            Random random = new Random(seed + client);
            HostileNumbers numbers = numbers(seed + client, session.buffer().size());
            words(session.buffer().bytes(), MARKS[client]);
            List<ByteBuffer> memories = new ArrayList<>();
            for (int i = 0; i < BATCH; i++) {
                memories.add(ByteBuffer.allocate(4 * blockBytes).order(ByteOrder.LITTLE_ENDIAN));
                words(memories.get(i), MARKS[client]);
            }
            int done = 0;
            try (SharedSession shared = SharedSession.share(session, SharedOptions.defaults())) {
                for (int asked = 0; asked < operations / sessions.size(); asked += BATCH) {
                    List<Job> jobs = new ArrayList<>();
                    for (int i = 0; i < BATCH; i++) {
                        jobs.add(job(session, memories.get(i), random, numbers));
                    }
                    for (var future : shared.submitAll(jobs)) {
                        try {
                            var ignored = future.join();
                            done++;
                        } catch (CompletionException refused) {
                            assertThat(refused.getCause())
                                    .isInstanceOfAny(
                                            BlockIoException.class,
                                            IllegalArgumentException.class,
                                            IndexOutOfBoundsException.class);
                        }
                    }
                    for (ByteBuffer memory : memories) {
                        checkMemory(memory, 0, memory.capacity(), client);
                    }
                }
            }
            assertThat(done).isGreaterThan(operations / 200);
        }
    }
}
