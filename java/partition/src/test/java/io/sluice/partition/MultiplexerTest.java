package io.sluice.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.Completion;
import io.sluice.block.DeviceGoneException;
import io.sluice.block.FencedException;
import io.sluice.block.InvalidRequestException;
import io.sluice.block.Operation;
import io.sluice.block.RamDevice;
import io.sluice.block.SessionClosedException;
import io.sluice.block.SessionOptions;
import io.sluice.block.driver.LeasedSession;
import io.sluice.block.statistics.OpenSession;
import io.sluice.block.statistics.OpenSessions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many sessions over one, with the multiplexer's own thread. */
@Timeout(60)
class MultiplexerTest implements Completion {
    private static final long SECOND = 1_000_000_000;
    private static final int BLOCKS = 4096;

    private final RamDevice device = new RamDevice("ram", 512, BLOCKS);
    private final List<Long> done = new ArrayList<>();
    private final List<BlockIoException> failures = new ArrayList<>();
    private Multiplexer multiplexer;

    @AfterEach
    void close() throws IOException {
        if (multiplexer != null) {
            multiplexer.close();
        }
        device.close();
    }

    @Override
    public void completed(long tag) {
        done.add(tag);
    }

    @Override
    public void failed(long tag, BlockIoException failure) {
        failures.add(failure);
    }

    private void start(boolean copying) throws IOException {
        MultiplexerOptions options = MultiplexerOptions.defaults().bufferBytes(1 << 20);
        multiplexer = copying ? Multiplexer.copying(device, options) : Multiplexer.sharing(device, options);
    }

    private static SessionOptions writeable() {
        return SessionOptions.defaults().writeable(true).bufferBytes(256 << 10).queueDepth(16);
    }

    private static void perform(BlockSession session, Operation operation, long block, int count) throws IOException {
        MultiplexerTest one = new MultiplexerTest();
        assertThat(session.submit(operation, block, count, session.buffer(), 0, 1))
                .isTrue();
        session.commit();
        while (session.poll(one, 1) == 0) {
            session.await(SECOND);
        }
        assertThat(one.failures).isEmpty();
    }

    private static void fill(BlockSession session, long value) {
        for (int at = 0; at < session.buffer().size(); at += Long.BYTES) {
            session.buffer().bytes().putLong(at, value);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClientIsListedWithItsWindowAndItsLatencies(boolean copying) throws IOException {
        start(copying);
        String label = "listed client, copying " + copying;
        BlockSession client =
                multiplexer.open(writeable().window(100, 50).label(label).latency(true));
        perform(client, Operation.WRITE, 1, 2);
        perform(client, Operation.READ, 1, 2);
        assertThat(listed(label)).singleElement().satisfies(open -> {
            assertThat(open.device()).isEqualTo("ram");
            assertThat(open.firstBlock()).isEqualTo(100);
            assertThat(open.blockCount()).isEqualTo(50);
            assertThat(open.done(Operation.READ)).isEqualTo(1);
            assertThat(open.latency().of(Operation.WRITE).count()).isEqualTo(1);
        });
        client.close();
        assertThat(listed(label)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClientSaysThatItTakesNoMemoryButItsOwn(boolean copying) throws IOException {
        start(copying);
        try (BlockSession client = multiplexer.open(writeable())) {
            assertThatThrownBy(() -> client.wrap(ByteBuffer.allocateDirect(4096)))
                    .isInstanceOf(BlockIoException.class)
                    .hasMessage("ram: this session has no queue of the device for itself: it goes through the "
                            + (copying ? "copying" : "sharing")
                            + " multiplexer, which takes no memory but the session's own buffer(); copy the data there, or"
                            + " open a session of the device or of a mediator that has a queue left");
            perform(client, Operation.WRITE, 1, 2);
        }
    }

    private static List<OpenSession> listed(String label) {
        return OpenSessions.now().stream()
                .filter(open -> open.label().equals(label))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void clientsSeeTheirWindowsOfTheSameDevice(boolean copying) throws IOException {
        start(copying);
        try (BlockSession first = multiplexer.open(writeable().window(0, 1024));
                BlockSession second = multiplexer.open(writeable().window(1024, 1024));
                BlockSession whole = multiplexer.open(SessionOptions.defaults())) {
            assertThat(first.geometry().blockCount()).isEqualTo(1024);
            fill(first, 11);
            fill(second, 22);
            perform(first, Operation.WRITE, 1020, 4);
            perform(second, Operation.WRITE_DURABLE, 0, 4);
            perform(first, Operation.SYNC, 0, 0);
            perform(whole, Operation.READ, 1018, 8);
            for (int block = 0; block < 8; block++) {
                assertThat(whole.buffer().bytes().getLong(block * 512)).isEqualTo(block < 2 ? 0 : block < 6 ? 11 : 22);
            }
            perform(second, Operation.TRIM, 0, 1);
            perform(second, Operation.WRITE_ZEROES, 1, 1);
            perform(whole, Operation.READ, 1024, 3);
            assertThat(whole.buffer().bytes().getLong(0)).isZero();
            assertThat(whole.buffer().bytes().getLong(1024)).isEqualTo(22);
            assertThat(second.statistics().writes()).isEqualTo(3);
            assertThat(first.statistics().syncs()).isEqualTo(1);
        }
        assertThat(multiplexer.sessions()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatCannotBeDoneIsRefusedInTheClientsOwnNumbers(boolean copying) throws IOException {
        start(copying);
        try (BlockSession session =
                        multiplexer.open(SessionOptions.defaults().window(8, 8).bufferBytes(4096));
                BlockSession other = multiplexer.open(writeable())) {
            assertThatThrownBy(() -> session.submit(Operation.READ, 7, 2, session.buffer(), 0, 0))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessage("read of 2 blocks at block 7 on ram: the range must lie within the session's window of"
                            + " 8 blocks");
            assertThatThrownBy(() -> session.submit(Operation.WRITE, 0, 1, session.buffer(), 0, 0))
                    .hasMessageContaining("read-only");
            assertThatThrownBy(() -> session.submit(Operation.READ, 0, 1, other.buffer(), 0, 0))
                    .hasMessageContaining("not of this session");
            assertThatThrownBy(() -> session.submit(Operation.READ, 0, 8, session.buffer(), 512, 0))
                    .hasMessageContaining("do not fit");
            assertThat(session.inFlight()).isZero();
        }
        assertThatThrownBy(() -> multiplexer.open(SessionOptions.defaults().window(BLOCKS, 1)))
                .isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> multiplexer.open(SessionOptions.defaults(), 0))
                .isInstanceOf(IllegalArgumentException.class);
        try (BlockSession stranger = device.open(SessionOptions.defaults());
                BlockSession known = multiplexer.open(SessionOptions.defaults())) {
            assertThatThrownBy(() -> multiplexer.weight(stranger, 1)).hasMessageContaining("is not a session of the");
            assertThatThrownBy(() -> multiplexer.weight(known, 1001)).hasMessageContaining("expected 1 to 1000");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFullQueueSaysSoAndEverythingIsReportedOnce(boolean copying) throws IOException {
        start(copying);
        try (BlockSession session = multiplexer.open(writeable())) {
            for (int i = 0; i < 16; i++) {
                assertThat(session.submit(Operation.WRITE, i, 1, session.buffer(), 0, i))
                        .isTrue();
            }
            assertThat(session.submit(Operation.READ, 0, 1, session.buffer(), 0, 99))
                    .isFalse();
            session.commit();
            while (session.inFlight() > 0) {
                session.await(SECOND);
                session.poll(this, 3);
            }
            assertThat(done).hasSize(16).doesNotHaveDuplicates();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void memoryOfANewClientIsZeroWhateverTheLastOneLeft(boolean copying) throws IOException {
        start(copying);
        for (int i = 0; i < 8; i++) {
            BlockSession session = multiplexer.open(writeable());
            for (int at = 0; at < session.buffer().size(); at += Long.BYTES) {
                assertThat(session.buffer().bytes().getLong(at)).isZero();
            }
            fill(session, -1);
            perform(session, Operation.WRITE, 0, 16);
            session.close();
        }
    }

    @Test
    void aReadThatFailsLeavesTheClientsMemoryAsItWas() throws IOException {
        RamDevice ram = new RamDevice("ram", 512, BLOCKS);
        FailingDevice failing = new FailingDevice(ram);
        try (Multiplexer copier = Multiplexer.copying(
                        failing, MultiplexerOptions.defaults().bufferBytes(64 << 10));
                BlockSession secret = copier.open(writeable().window(0, 64));
                BlockSession victim = copier.open(SessionOptions.defaults().window(64, 64))) {
            fill(secret, 0x5ec4e7);
            perform(secret, Operation.WRITE, 0, 64);
            perform(secret, Operation.READ, 0, 64);
            fill(victim, 1);
            failing.failReads(true);
            assertThat(victim.submit(Operation.READ, 3, 4, victim.buffer(), 0, 5))
                    .isTrue();
            victim.commit();
            while (victim.poll(this, 1) == 0) {
                victim.await(SECOND);
            }
            assertThat(failures).singleElement().satisfies(failure -> {
                assertThat(failure.firstBlock()).isEqualTo(3);
                assertThat(failure).hasMessageContaining("read of 4 blocks at block 3");
            });
            for (int at = 0; at < 2048; at += Long.BYTES) {
                assertThat(victim.buffer().bytes().getLong(at)).isEqualTo(1);
            }
        } finally {
            ram.close();
        }
    }

    @Test
    void afterTheDeviceIsGoneEverythingFailsAndClosingEnds() throws IOException {
        FailingDevice failing = new FailingDevice(device);
        try (Multiplexer copier = Multiplexer.copying(failing, MultiplexerOptions.defaults());
                BlockSession session = copier.open(writeable())) {
            perform(session, Operation.WRITE, 0, 1);
            failing.breakDown();
            for (int i = 0; i < 3; i++) {
                assertThat(session.submit(Operation.READ, 0, 1, session.buffer(), 0, i))
                        .isTrue();
                session.commit();
            }
            while (session.inFlight() > 0) {
                session.await(SECOND);
                session.poll(this, 16);
            }
            assertThat(failures).hasSize(3).allMatch(DeviceGoneException.class::isInstance);
        }
    }

    @Test
    void aFencedClientFailsAndTheOthersGoOn() throws IOException {
        start(true);
        try (LeasedSession fenced = (LeasedSession) multiplexer.open(writeable());
                BlockSession other = multiplexer.open(writeable())) {
            fenced.fence("partition 3 moved");
            assertThatThrownBy(() -> fenced.submit(Operation.READ, 0, 1, fenced.buffer(), 0, 0))
                    .isInstanceOf(FencedException.class)
                    .hasMessage("ram: partition 3 moved");
            perform(other, Operation.READ, 0, 1);
        }
    }

    @Test
    void closingTheMultiplexerClosesItsSessions() throws IOException {
        start(true);
        LeasedSession session = (LeasedSession) multiplexer.open(writeable());
        boolean[] ended = new boolean[1];
        session.whenEnded(() -> ended[0] = true);
        multiplexer.close();
        multiplexer.close();
        assertThat(ended[0]).isTrue();
        assertThatThrownBy(() -> session.submit(Operation.READ, 0, 1, session.buffer(), 0, 0))
                .isInstanceOf(SessionClosedException.class);
        assertThatThrownBy(() -> session.poll(this, 1)).isInstanceOf(SessionClosedException.class);
        assertThatThrownBy(() -> session.await(1)).isInstanceOf(SessionClosedException.class);
        session.commit();
        session.close();
        session.buffer().bytes().putLong(0, 1);
        assertThatThrownBy(() -> multiplexer.open(writeable())).isInstanceOf(SessionClosedException.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void clientsComeAndGoWhileOthersAreAtWork(boolean copying) throws Exception {
        start(copying);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> runs = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                long first = thread * 1024L;
                runs.add(threads.submit(() -> {
                    for (int life = 0; life < 40; life++) {
                        try (BlockSession session = multiplexer.open(writeable().window(first, 1024))) {
                            fill(session, first + life);
                            perform(session, Operation.WRITE, life, 64);
                            fill(session, 0);
                            perform(session, Operation.READ, life, 64);
                            for (int block = 0; block < 64; block++) {
                                assertThat(session.buffer().bytes().getLong(block * 512))
                                        .isEqualTo(first + life);
                            }
                            // Left behind on purpose: closing waits for it.
                            session.submit(Operation.WRITE, 0, 1, session.buffer(), 0, 0);
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> run : runs) {
                run.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(multiplexer.sessions()).isZero();
    }

    @Test
    void wakeupEndsAWaitAndAnAnswerEndsASleep() throws Exception {
        start(true);
        try (BlockSession session = multiplexer.open(writeable())) {
            assertThat(session.hasInterrupt()).isTrue();
            session.wakeup();
            assertThat(session.await(60 * SECOND)).isFalse();
            Thread waker = new Thread(session::wakeup);
            waker.start();
            assertThat(session.await(60 * SECOND)).isFalse();
            waker.join();
            session.submit(Operation.READ, 0, 1, session.buffer(), 0, 7);
            assertThat(session.await(60 * SECOND)).isTrue();
            assertThat(session.poll(this, 1)).isEqualTo(1);
            assertThat(done).containsExactly(7L);
        }
    }
}
