package io.sluice.nvme.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.Completion;
import io.sluice.block.Operation;
import io.sluice.block.SessionOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;

/** Queues: their depth, their ends, many of them at once. */
public abstract class QueueContract {
    @OnEveryController
    void aSessionTakesAsManyOperationsAsItsDepthAndThenReturnsFalse(ControllerLab lab) throws IOException {
        int most = lab.shape().maxQueueEntries() - 1;
        try (Drive drive = Drive.open(lab)) {
            for (int wanted : new int[] {1, 2, 3, 8, 64, 65535}) {
                try (BlockSession session = drive.session(Drive.writeable().queueDepth(wanted))) {
                    int depth = Math.min(wanted, most);
                    assertThat(session.queueDepth()).isEqualTo(depth);
                    int taken = 0;
                    while (taken <= depth && read(session, taken)) {
                        taken++;
                    }
                    assertThat(taken).isEqualTo(depth);
                    assertThat(session.inFlight()).isEqualTo(depth);
                    Exchange exchange = new Exchange(session);
                    exchange.finish();
                    assertThat(exchange.failures()).isEmpty();
                    // Sorted first: AssertJ's comparison in any order takes the square of the number.
                    assertThat(exchange.done().stream().sorted().toList())
                            .isEqualTo(LongStream.range(0, depth).boxed().toList());
                    assertThat(read(session, 0)).isTrue();
                }
            }
        }
    }

    @OnEveryController
    void theRingsTurnManyTimesAndNoCompletionIsLost(ControllerLab lab) throws IOException {
        try (Drive drive = Drive.open(lab)) {
            for (int depth : new int[] {1, 5, 32}) {
                try (BlockSession session = drive.session(Drive.writeable().queueDepth(depth))) {
                    Exchange exchange = new Exchange(session);
                    int operations = 2000;
                    int submitted = 0;
                    while (submitted < operations || session.inFlight() > 0) {
                        // Batches of changing size, so that each doorbell value comes up.
                        int batch = 1 + submitted % depth;
                        while (batch-- > 0 && submitted < operations && read(session, submitted)) {
                            submitted++;
                        }
                        session.commit();
                        session.poll(exchange, 1 + submitted % 3);
                    }
                    assertThat(exchange.failures()).isEmpty();
                    assertThat(exchange.done()).hasSize(operations).doesNotHaveDuplicates();
                    assertThat(session.statistics().strays()).isZero();
                    assertThat(session.statistics().blocksRead()).isEqualTo(operations);
                }
            }
        }
    }

    @OnEveryController
    void pollReportsNoMoreThanItIsAskedFor(ControllerLab lab) throws IOException {
        try (Drive drive = Drive.open(lab);
                BlockSession session = drive.session()) {
            int count = Math.min(5, session.queueDepth());
            for (int i = 0; i < count; i++) {
                read(session, i);
            }
            session.commit();
            Exchange exchange = new Exchange(session);
            while (session.inFlight() > 0) {
                assertThat(session.await(60_000_000_000L)).isTrue();
                int before = exchange.done().size();
                assertThat(session.poll(exchange, 1)).isEqualTo(1);
                assertThat(exchange.done()).hasSize(before + 1);
            }
            assertThat(session.poll(exchange, 1)).isZero();
            assertThat(session.await(0)).isFalse();
        }
    }

    @OnEveryController
    void aCompletionMaySubmitTheNextOperation(ControllerLab lab) throws IOException {
        try (Drive drive = Drive.open(lab);
                BlockSession session = drive.session(Drive.writeable().queueDepth(4))) {
            int[] left = {200};
            Completion again = new Completion() {
                @Override
                public void completed(long tag) {
                    if (left[0]-- > 0) {
                        try {
                            assertThat(read(session, tag)).isTrue();
                        } catch (IOException failure) {
                            throw new AssertionError(failure);
                        }
                    }
                }

                @Override
                public void failed(long tag, BlockIoException failure) {
                    throw new AssertionError(failure);
                }
            };
            for (int i = 0; i < session.queueDepth(); i++) {
                read(session, i);
            }
            while (session.inFlight() > 0) {
                session.commit();
                session.poll(again, 4);
            }
            assertThat(left[0]).isNotPositive();
            assertThat(session.statistics().reads()).isEqualTo(200 + session.queueDepth());
        }
    }

    @OnEveryController
    void sessionsOfSeveralThreadsKeepTheirDataApart(ControllerLab lab) throws Exception {
        int threads = Math.min(3, lab.shape().ioQueuePairs());
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try (Drive drive = Drive.open(lab)) {
            List<Future<?>> results = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                long seed = thread + 1L;
                results.add(executor.submit(() -> {
                    writeAndCheck(drive, seed);
                    return null;
                }));
            }
            for (Future<?> result : results) {
                result.get();
            }
        } finally {
            executor.shutdownNow();
        }
    }

    private static void writeAndCheck(Drive drive, long seed) throws IOException {
        SessionOptions window = Drive.writeable().window(seed * 2000, 1000);
        for (int round = 0; round < 3; round++) {
            try (BlockSession session = drive.session(window)) {
                Exchange exchange = new Exchange(session);
                for (int i = 0; i < 40; i++) {
                    byte[] data = Pattern.of(seed * 1000 + i, session.geometry().blockBytes());
                    exchange.write(i, data, 0);
                }
                for (int i = 0; i < 40; i++) {
                    byte[] data = Pattern.of(seed * 1000 + i, session.geometry().blockBytes());
                    assertThat(exchange.read(i, 1, 0)).isEqualTo(data);
                }
            }
        }
    }

    @OnEveryController
    void whenQueuePairsRunOutTheErrorSaysSoAndAClosedSessionGivesItsBack(ControllerLab lab) throws IOException {
        SessionOptions small = Drive.writeable().bufferBytes(4096).queueDepth(2);
        List<BlockSession> sessions = new ArrayList<>();
        try (Drive drive = Drive.open(lab)) {
            for (int i = 0; i < lab.shape().ioQueuePairs(); i++) {
                sessions.add(drive.session(small));
            }
            assertThatThrownBy(() -> drive.session(small))
                    .isInstanceOf(BlockIoException.class)
                    .hasMessageContaining("all " + lab.shape().ioQueuePairs() + " I/O queue pairs")
                    .hasMessageContaining("close one");
            sessions.remove(sessions.size() / 2).close();
            sessions.add(drive.session(small));
            for (BlockSession session : sessions) {
                new Exchange(session).perform(Operation.READ, 0, 1, 0);
            }
        }
    }

    @OnEveryController
    void aWindowMovesBlockZeroAndEndsWhereItWasToldTo(ControllerLab lab) throws IOException {
        try (Drive drive = Drive.open(lab)) {
            int block = lab.shape().stored().blockBytes();
            byte[] data = Pattern.of(9, block);
            try (BlockSession window = drive.session(Drive.writeable().window(500, 10))) {
                assertThat(window.geometry().blockCount()).isEqualTo(10);
                new Exchange(window).write(9, data, 0);
            }
            try (BlockSession whole = drive.session()) {
                assertThat(new Exchange(whole).read(509, 1, 0)).isEqualTo(data);
            }
        }
    }

    private static boolean read(BlockSession session, long tag) throws IOException {
        return session.submit(Operation.READ, tag % 1000, 1, session.buffer(), 0, tag);
    }
}
