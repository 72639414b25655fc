package io.sluice.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.block.BlockDevice;
import io.sluice.block.BlockSession;
import io.sluice.block.LimitedSession;
import io.sluice.block.Limits;
import io.sluice.block.RamDevice;
import io.sluice.block.Rate;
import java.io.Closeable;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two neighbours that ask for anything, by every way there is to a partition: about a million operations over all of them. */
@Timeout(300)
class IsolationTest {
    private static final int OPERATIONS = 180_000;

    /** How clients come to their blocks. */
    enum Way {
        /** Sessions of the device. */
        MEDIATED,
        /** Sessions of the device behind limits that hold some operations back. */
        LIMITED,
        /** Sessions that a mediator behind a mediator handed out. */
        NESTED,
        /** Clients of one queue, without a copy. */
        SHARED_QUEUE,
        /** Clients of one session, with a copy. */
        COPIED
    }

    private final RamDevice device = new RamDevice("ram", 512, NeighbouringClients.BLOCKS);
    private final Deque<Closeable> opened = new ArrayDeque<>(List.of(device));
    private final long seed = new Random().nextLong();

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

    private List<BlockSession> sessions(Way way) throws IOException {
        BlockDevice under = switch (way) {
            case MEDIATED, LIMITED -> device;
            case NESTED -> {
                Policy whole = Policy.of("whole", new LabelPattern.Exact("in"), new PartitionChoice.ByNumber(0));
                BlockDevice plain = keep(new RamDevice("plain", 512, NeighbouringClients.BLOCKS));
                yield keep(Mediator.over(
                                plain, Policies.of(whole.writeable(true).sessions(4))))
                        .device("in");
            }
            case SHARED_QUEUE -> keep(Multiplexer.sharing(device, MultiplexerOptions.defaults()));
            case COPIED -> keep(Multiplexer.copying(device, MultiplexerOptions.defaults()));
        };
        clients = new NeighbouringClients(under);
        Mediator mediator = keep(Mediator.over(under, NeighbouringClients.policies()));
        List<BlockSession> sessions = new ArrayList<>();
        for (String label : NeighbouringClients.LABELS) {
            BlockSession session = mediator.open(label, NeighbouringClients.options());
            sessions.add(
                    way == Way.LIMITED
                            ? LimitedSession.over(
                                    session,
                                    "ram",
                                    Limits.none()
                                            .readOperations(
                                                    Rate.perSecond(2_000_000).burst(4))
                                            .writeOperations(
                                                    Rate.perSecond(2_000_000).burst(4)))
                            : session);
        }
        return sessions;
    }

    private NeighbouringClients clients;

    @ParameterizedTest
    @EnumSource
    void noClientReadsOrChangesAByteOutsideOfItsPartition(Way way) throws IOException {
        try {
            clients(way);
        } catch (AssertionError | IOException | RuntimeException failure) {
            throw new AssertionError(way + ", seed " + seed, failure);
        }
    }

    private void clients(Way way) throws IOException {
        List<BlockSession> sessions = sessions(way);
        clients.askSessions(sessions, seed, OPERATIONS);
        clients.check();
        clients.askJobs(sessions, seed, OPERATIONS / 8);
        clients.check();
        clients.askShared(sessions, seed, OPERATIONS / 16);
        clients.check();
    }

    @Test
    void whatAMediatorHandsOutHasNoWayAroundTheWindow() throws IOException {
        List<BlockSession> sessions = sessions(Way.MEDIATED);
        BlockDevice partition =
                keep(Mediator.over(device, NeighbouringClients.policies())).device(NeighbouringClients.LABELS.get(0));
        assertThat(Arrays.stream(partition.getClass().getMethods())
                        .filter(method -> method.getDeclaringClass() == partition.getClass())
                        .map(Method::getName))
                .as("a partition is a block device, and has no command of another kind")
                .containsOnly("name", "geometry", "open", "sessionsLeft", "close", "toString");
        for (BlockSession session : sessions) {
            assertThat(session.geometry().blockCount()).isEqualTo(300);
        }
    }
}
