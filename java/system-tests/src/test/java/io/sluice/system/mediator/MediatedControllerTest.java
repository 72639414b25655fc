package io.sluice.system.mediator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.block.BlockDevice;
import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.Completion;
import io.sluice.block.FencedException;
import io.sluice.block.Operation;
import io.sluice.block.RamDevice;
import io.sluice.block.SessionOptions;
import io.sluice.block.driver.LeasedSession;
import io.sluice.emulator.EmulatedController;
import io.sluice.nvme.ControllerOptions;
import io.sluice.nvme.NvmeController;
import io.sluice.nvme.NvmeSession;
import io.sluice.partition.LabelPattern;
import io.sluice.partition.Mediator;
import io.sluice.partition.MediatorOptions;
import io.sluice.partition.MediatorReport;
import io.sluice.partition.NeighbouringClients;
import io.sluice.partition.PartitionChoice;
import io.sluice.partition.Policies;
import io.sluice.partition.Policy;
import io.sluice.partition.table.TestTable;
import io.sluice.pci.LocalFunction;
import java.io.Closeable;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The mediator over the driver, on a controller with many queue pairs and with few. */
@Timeout(240)
class MediatedControllerTest {
    private static final long SECOND = 1_000_000_000;
    private static final int PARTITIONS = 64;
    private static final int PARTITION_BLOCKS = 256;
    private static final int FIRST_BLOCK = 2048;
    private static final SessionOptions OPTIONS =
            SessionOptions.defaults().writeable(true).bufferBytes(256 << 10).queueDepth(8);

    private final Deque<Closeable> opened = new ArrayDeque<>();

    @AfterEach
    void close() throws IOException {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    private <T extends Closeable> T keep(T closeable) {
        opened.push(closeable);
        return closeable;
    }

    private BlockDevice device(int queuePairs, int blocks) throws IOException {
        EmulatedController model = EmulatedController.builder()
                .name("emulated")
                .ioQueuePairs(queuePairs)
                .namespace(new RamDevice("ram", 512, blocks))
                .build();
        return keep(NvmeController.open(
                        LocalFunction.owning(model),
                        ControllerOptions.defaults().ioQueuePairs(queuePairs)))
                .namespace(1);
    }

    private BlockDevice partitioned(int queuePairs) throws IOException {
        BlockDevice device = device(queuePairs, FIRST_BLOCK + (PARTITIONS + 2) * PARTITION_BLOCKS);
        TestTable table = new TestTable(device);
        for (int i = 1; i <= PARTITIONS; i++) {
            table.with(i, FIRST_BLOCK + (long) (i - 1) * PARTITION_BLOCKS, PARTITION_BLOCKS);
        }
        table.writeTo(device);
        return device;
    }

    private Mediator each(BlockDevice device, MediatorOptions options) throws IOException {
        List<Policy> policies = new ArrayList<>();
        for (int i = 1; i <= PARTITIONS; i++) {
            policies.add(Policy.of("p" + i, new LabelPattern.Exact("client " + i), new PartitionChoice.ByNumber(i))
                    .writeable(true));
        }
        policies.add(Policy.of("readers", new LabelPattern.Prefix("reader "), new PartitionChoice.ByName("p7"))
                .shared(true));
        return keep(Mediator.over(device, Policies.of(policies), options));
    }

    /** Reads or writes all over its window, one operation after the other for each place in its queue. */
    private static final class Client implements Completion {
        private final BlockSession session;
        private final Operation operation;
        private final int blocks;
        private long done;
        private long next;

        Client(BlockSession session, Operation operation, int blocks) {
            this.session = session;
            this.operation = operation;
            this.blocks = blocks;
        }

        void act() throws IOException {
            session.poll(this, 64);
            while (session.submit(operation, next, blocks, session.buffer(), 0, 0)) {
                next = (next + blocks) % PARTITION_BLOCKS;
            }
            session.commit();
        }

        void finish() throws IOException {
            session.commit();
            while (session.inFlight() > 0) {
                if (session.poll(this, 64) == 0) {
                    session.await(SECOND);
                }
            }
        }

        @Override
        public void completed(long tag) {
            done++;
        }

        @Override
        public void failed(long tag, BlockIoException failure) {
            throw new AssertionError(failure);
        }
    }

    /** All at once, until they have done so many operations together; how even their shares are (Jain's index, 1 = all the same). */
    private static double fairness(List<Client> clients, long operations) throws IOException {
        long done = 0;
        while (done < operations) {
            done = 0;
            for (Client client : clients) {
                client.act();
                done += client.done;
            }
        }
        double sum = 0;
        double squares = 0;
        for (Client client : clients) {
            sum += client.done;
            squares += (double) client.done * client.done;
        }
        for (Client client : clients) {
            client.finish();
        }
        return sum * sum / (clients.size() * squares);
    }

    @Test
    void theClientHasAQueuePairOfItsOwnAndNothingInBetween() throws IOException {
        Mediator mediator = each(partitioned(8), MediatorOptions.defaults());
        try (BlockSession session = mediator.open("client 3", OPTIONS)) {
            assertThat(session).isExactlyInstanceOf(NvmeSession.class);
            assertThat(session.geometry().blockCount()).isEqualTo(PARTITION_BLOCKS);
        }
    }

    @Test
    void whatTheClientHoldsHasNoCommandsBesideThoseOfEverySession() throws IOException {
        Mediator mediator = each(partitioned(8), MediatorOptions.defaults());
        Set<String> known = Stream.of(BlockSession.class, LeasedSession.class, Object.class)
                .flatMap(type -> Arrays.stream(type.getMethods()))
                .map(Method::getName)
                .collect(Collectors.toSet());
        try (BlockSession session = mediator.open("client 3", OPTIONS)) {
            assertThat(Arrays.stream(session.getClass().getMethods()).map(Method::getName))
                    .as("no raw and no admin command, and no way to the controller")
                    .isSubsetOf(known);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {128, 4, 1})
    void sixtyFourClientsOnSixtyFourPartitionsGetFairShares(int queuePairs) throws IOException {
        Mediator mediator = each(partitioned(queuePairs), MediatorOptions.defaults());
        List<Client> clients = new ArrayList<>();
        for (int i = 1; i <= PARTITIONS; i++) {
            clients.add(new Client(mediator.open("client " + i, OPTIONS), Operation.WRITE, 8));
        }
        long sharing = mediator.report().sessions().stream()
                .map(MediatorReport.Session::grant)
                .filter(grant -> grant.sharesQueue())
                .count();
        assertThat(sharing).isEqualTo(Math.max(0, PARTITIONS - queuePairs + 1));
        // Those who have a queue of their own are not slowed down for the sake of those who share one.
        List<Client> alike = queuePairs == 4 ? clients.subList(3, PARTITIONS) : clients;
        assertThat(fairness(alike, 64_000)).as("Jain index").isGreaterThanOrEqualTo(0.98);
    }

    @ParameterizedTest
    @ValueSource(ints = {128, 1})
    void sixtyFourReadersOfOnePartitionGetFairShares(int queuePairs) throws IOException {
        Mediator mediator = each(partitioned(queuePairs), MediatorOptions.defaults());
        List<Client> clients = new ArrayList<>();
        for (int i = 1; i <= 64; i++) {
            clients.add(new Client(mediator.open("reader " + i, OPTIONS.writeable(false)), Operation.READ, 8));
        }
        assertThat(fairness(clients, 64_000)).as("Jain index").isGreaterThanOrEqualTo(0.98);
    }

    @Test
    void whereTheOnlyQueueIsSharedTheTableIsReadOverItToo() throws IOException {
        BlockDevice device = partitioned(1);
        Mediator mediator = each(device, MediatorOptions.defaults());
        try (BlockSession first = mediator.open("client 1", OPTIONS);
                BlockSession second = mediator.open("client 2", OPTIONS)) {
            assertThat(device.sessionsLeft()).isZero();
            assertThat(mediator.refresh()).isZero();
            Client one = new Client(first, Operation.WRITE, 1);
            Client two = new Client(second, Operation.READ, 256);
            first.buffer().bytes().putLong(0, 42);
            one.act();
            two.act();
            one.finish();
            two.finish();
            assertThat(one.done).isEqualTo(8);
            assertThat(second.buffer().bytes().getLong(0)).isZero();
        }
    }

    @Test
    void withoutSharingTheLastQueueIsOneSessionsAndTheNextIsRefused() throws IOException {
        Mediator mediator = each(partitioned(2), MediatorOptions.defaults().sharesQueues(false));
        try (BlockSession first = mediator.open("client 1", OPTIONS);
                BlockSession second = mediator.open("client 2", OPTIONS)) {
            assertThat(first).isInstanceOf(NvmeSession.class);
            assertThat(second).isInstanceOf(NvmeSession.class);
            assertThatThrownBy(() -> mediator.open("client 3", OPTIONS))
                    .isInstanceOf(BlockIoException.class)
                    .hasMessageContaining("all 2 I/O queue pairs");
        }
    }

    @Test
    void aPartitionThatMovesUnderOperationsInFlightIsFenced() throws IOException {
        BlockDevice device = partitioned(8);
        Mediator mediator = each(device, MediatorOptions.defaults());
        try (BlockSession session = mediator.open("client 1", OPTIONS)) {
            Client client = new Client(session, Operation.WRITE, 8);
            client.act();
            new TestTable(device).with(1, FIRST_BLOCK + 8, PARTITION_BLOCKS).writeTo(device);
            assertThat(mediator.refresh()).isEqualTo(1);
            client.finish();
            assertThat(client.done).as("what was in flight drains").isEqualTo(8);
            assertThatThrownBy(() -> session.submit(Operation.WRITE, 0, 1, session.buffer(), 0, 0))
                    .isInstanceOf(FencedException.class)
                    .hasMessageContaining("partition 1 'p1' changed its place");
        }
    }

    @Test
    void memoryIsZeroForEachNewOwner() throws IOException {
        for (int queuePairs : new int[] {8, 1}) {
            Mediator mediator = each(partitioned(queuePairs), MediatorOptions.defaults());
            for (int i = 1; i <= 12; i++) {
                try (BlockSession session = mediator.open("client " + i, OPTIONS)) {
                    for (int at = 0; at < session.buffer().size(); at += Long.BYTES) {
                        assertThat(session.buffer().bytes().getLong(at)).isZero();
                        session.buffer().bytes().putLong(at, 0x5ec4e75ec4e7L);
                    }
                    Client client = new Client(session, Operation.WRITE, 64);
                    client.act();
                    client.finish();
                }
            }
            close();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 1})
    void neighboursThatAskForAnythingGetNothingOfEachOther(int queuePairs) throws IOException {
        long seed = new Random().nextLong();
        BlockDevice device = device(queuePairs, NeighbouringClients.BLOCKS);
        NeighbouringClients clients = new NeighbouringClients(device);
        Mediator mediator = Mediator.over(device, NeighbouringClients.policies());
        try {
            List<BlockSession> sessions = new ArrayList<>();
            for (String label : NeighbouringClients.LABELS) {
                sessions.add(mediator.open(label, NeighbouringClients.options()));
            }
            clients.askSessions(sessions, seed, 60_000);
            clients.askJobs(sessions, seed, 10_000);
            clients.askShared(sessions, seed, 10_000);
        } catch (AssertionError failure) {
            throw new AssertionError("seed " + seed, failure);
        } finally {
            mediator.close();
        }
        clients.check();
    }
}
