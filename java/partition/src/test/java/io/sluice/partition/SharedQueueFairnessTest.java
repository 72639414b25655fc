package io.sluice.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.block.BlockIoException;
import io.sluice.block.Completion;
import io.sluice.block.Operation;
import io.sluice.block.SessionOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who waits how long, and gets how much, on one queue of a device that does one thing after the other, by that device's clock. */
class SharedQueueFairnessTest {
    private static final long STEP = 500;
    private static final long MILLI = 1_000_000;
    private static final int SMALL = 8;
    private static final int LARGE = 256;

    /** An operation takes 8 microseconds, and 64 more for 128 KiB. */
    private final SimulatedDevice device = new SimulatedDevice(8_000, 2048);

    private final List<Client> clients = new ArrayList<>();
    private Multiplexer multiplexer;

    @AfterEach
    void close() throws IOException {
        device.close();
    }

    private void share(int sharedBytes) throws IOException {
        multiplexer = Multiplexer.of(device, MultiplexerOptions.defaults().sharedBytes(sharedBytes), true);
    }

    /** Keeps so many operations of one size in flight, each after a time of its own. */
    private final class Client implements Completion {
        private final ClientSession session;
        private final int blocks;
        private final long thinkNanos;
        private final long[] begun;
        private final long[] due;
        private final List<Long> latencies = new ArrayList<>();
        private final Random random = new Random(4711);
        private long bytes;

        Client(int blocks, int depth, long thinkNanos, int weight) throws IOException {
            this.session = multiplexer.openClient(
                    SessionOptions.defaults().queueDepth(depth).bufferBytes(1 << 20), weight);
            this.blocks = blocks;
            this.thinkNanos = thinkNanos;
            this.begun = new long[depth];
            this.due = new long[depth];
            Arrays.setAll(due, i -> device.now());
            clients.add(this);
        }

        void act() throws IOException {
            session.poll(this, Integer.MAX_VALUE);
            for (int i = 0; i < due.length; i++) {
                if (due[i] <= device.now()) {
                    assertThat(session.submit(Operation.READ, 0, blocks, session.buffer(), 0, i))
                            .isTrue();
                    begun[i] = device.now();
                    due[i] = Long.MAX_VALUE;
                }
            }
            session.commit();
        }

        @Override
        public void completed(long tag) {
            latencies.add(device.now() - begun[(int) tag]);
            due[(int) tag] = device.now() + (thinkNanos == 0 ? 0 : random.nextLong(thinkNanos));
            bytes += blocks * 512L;
        }

        @Override
        public void failed(long tag, BlockIoException failure) {
            throw new AssertionError(failure);
        }

        long p99() {
            assertThat(latencies).hasSizeGreaterThan(200);
            Collections.sort(latencies);
            return latencies.get((int) (latencies.size() * 0.99));
        }

        long takeBytes() {
            long taken = bytes;
            bytes = 0;
            latencies.clear();
            return taken;
        }

        void leave() throws IOException {
            clients.remove(this);
            // What is in flight is answered as the clock goes on.
            due[0] = Long.MAX_VALUE;
            Arrays.fill(due, Long.MAX_VALUE);
            while (session.inFlight() > 0) {
                step();
                session.poll(this, Integer.MAX_VALUE);
                Arrays.fill(due, Long.MAX_VALUE);
            }
            session.close();
        }
    }

    private void step() throws IOException {
        for (Client client : clients) {
            client.act();
        }
        multiplexer.round();
        device.advance(STEP);
    }

    private void run(long nanos) throws IOException {
        for (long end = device.now() + nanos; device.now() < end; ) {
            step();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 30_000, 400_000})
    void aSmallOperationWaitsForOneLargeTransferNotForTheOthersQueue(long thinkNanos) throws IOException {
        share(128 << 10);
        Client small = new Client(SMALL, 1, thinkNanos, 1);
        run(100 * MILLI);
        long alone = small.p99();
        small.takeBytes();
        Client large = new Client(LARGE, 64, 0, 1);
        run(20 * MILLI);
        small.takeBytes();
        run(200 * MILLI);
        assertThat(small.p99())
                .as("p99 beside 64 transfers of 128 KiB, alone it is %d ns", alone)
                .isLessThanOrEqualTo(3 * alone + device.serviceNanos(LARGE * 512));
        assertThat(large.takeBytes()).isPositive();
    }

    @Test
    void theSameWithoutFairQueueingWouldWaitForAllOfThem() throws IOException {
        share(1 << 30);
        Client small = new Client(SMALL, 1, 0, 1);
        new Client(LARGE, 64, 0, 1);
        run(200 * MILLI);
        assertThat(small.latencies.stream().mapToLong(n -> n).max().orElse(0))
                .as("what the bound of the other tests is worth")
                .isGreaterThan(32 * device.serviceNanos(LARGE * 512));
    }

    @Test
    void sharesAreEqualInBytesWhateverTheSizeOfOperations() throws IOException {
        share(128 << 10);
        Client small = new Client(SMALL, 64, 0, 1);
        Client large = new Client(LARGE, 64, 0, 1);
        run(20 * MILLI);
        small.takeBytes();
        large.takeBytes();
        run(500 * MILLI);
        assertThat(small.takeBytes()).isCloseTo(large.takeBytes(), Percentage.withPercentage(3));
    }

    @Test
    void sharesFollowTheWeightsAlsoWhenThoseChange() throws IOException {
        share(128 << 10);
        Client three = new Client(16, 64, 0, 3);
        Client one = new Client(64, 64, 0, 1);
        run(20 * MILLI);
        three.takeBytes();
        one.takeBytes();
        run(500 * MILLI);
        assertThat((double) three.takeBytes() / one.takeBytes()).isBetween(2.9, 3.1);
        multiplexer.weight(one.session, 6);
        run(20 * MILLI);
        three.takeBytes();
        one.takeBytes();
        run(500 * MILLI);
        assertThat((double) one.takeBytes() / three.takeBytes()).isBetween(1.9, 2.1);
    }

    @Test
    void whoJoinsGetsItsShareAtOnceAndNothingForTheTimeBefore() throws IOException {
        share(128 << 10);
        Client first = new Client(64, 32, 0, 1);
        run(300 * MILLI);
        Client second = new Client(64, 32, 0, 1);
        run(10 * MILLI);
        first.takeBytes();
        second.takeBytes();
        run(200 * MILLI);
        assertThat(second.takeBytes()).isCloseTo(first.takeBytes(), Percentage.withPercentage(3));
        second.leave();
        first.takeBytes();
        run(200 * MILLI);
        long alone = first.takeBytes();
        assertThat(alone)
                .as("the whole device is for the one who is left")
                .isCloseTo(200 * MILLI / device.serviceNanos(64 * 512) * 64 * 512, Percentage.withPercentage(3));
        assertThat(multiplexer.sessions()).isEqualTo(1);
    }

    @Test
    void sixtyFourClientsGetEqualShares() throws IOException {
        share(128 << 10);
        for (int i = 0; i < 64; i++) {
            new Client(i % 2 == 0 ? SMALL : LARGE / 4, 1 + i % 7, 0, 1);
        }
        run(50 * MILLI);
        clients.forEach(Client::takeBytes);
        run(1_000 * MILLI);
        double sum = 0;
        double squares = 0;
        for (Client client : clients) {
            double bytes = client.takeBytes();
            sum += bytes;
            squares += bytes * bytes;
        }
        assertThat(sum * sum / (clients.size() * squares)).as("Jain index").isGreaterThanOrEqualTo(0.98);
    }
}
