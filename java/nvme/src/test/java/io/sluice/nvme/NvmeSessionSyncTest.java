package io.sluice.nvme;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.block.Operation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A sync reaches the device after every earlier write is complete, and no later. */
class NvmeSessionSyncTest {
    private static final int FLUSH = 0;

    @Test
    void aSyncAfterNothingGoesAtOnce() throws IOException {
        try (ScriptedSession s = ScriptedSession.open()) {
            s.submit(Operation.SYNC, 1);

            assertThat(s.commitAndFetchOne().opcode()).isEqualTo(FLUSH);
        }
    }

    @Test
    void aSyncDoesNotWaitForReads() throws IOException {
        try (ScriptedSession s = ScriptedSession.open()) {
            s.submit(Operation.READ, 1);
            s.submit(Operation.SYNC, 2);

            assertThat(s.commitAndFetch()).hasSize(2);
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"READ", "SYNC"})
    void aSyncWaitsForWhatChangesBlocks(Operation operation) throws IOException {
        try (ScriptedSession s = ScriptedSession.open()) {
            s.submit(operation, 1);
            s.submit(Operation.SYNC, 2);
            SubmissionEntry write = s.commitAndFetchOne();
            assertThat(s.session().inFlight()).isEqualTo(2);
            s.poll();
            assertThat(s.queue().fetch()).isEmpty();

            s.queue().complete(write);
            s.poll();

            SubmissionEntry flush = s.queue().fetchOne();
            assertThat(flush.opcode()).isEqualTo(FLUSH);
            s.queue().complete(flush);
            s.poll();
            assertThat(s.recorder().completed()).containsExactly(1L, 2L);
        }
    }

    @Test
    void aSyncThatFailedStaysFailedForEverySessionOnTheNamespaceUntilTheLossIsAcknowledged() throws IOException {
        try (ScriptedSession s = ScriptedSession.open()) {
            s.submit(Operation.SYNC, 1);
            s.queue().post(s.commitAndFetchOne().commandId(), 0x280, 0);
            s.poll();
            assertThat(s.recorder().failure(1)).hasMessageContaining("Write Fault");

            s.submit(Operation.SYNC, 2);
            s.queue().complete(s.commitAndFetchOne());
            s.poll();
            assertThat(s.recorder().failure(2))
                    .hasMessageContaining("an earlier sync failed")
                    .hasMessageContaining("Write Fault");

            NvmeNamespace sameNamespace = s.controller().namespace(1);
            try (NvmeSession other = sameNamespace.open(ScriptedSession.WRITEABLE)) {
                Recorder recorder = new Recorder();
                assertThat(other.submit(Operation.SYNC, 0, 0, other.buffer(), 0, 3))
                        .isTrue();
                other.commit();
                ScriptedQueue queue = s.device().queue(other.queueId());
                queue.complete(queue.fetchOne());
                other.poll(recorder, 1);
                assertThat(recorder.failure(3)).hasMessageContaining("an earlier sync failed");
            }

            sameNamespace.acknowledgeDataLoss();
            s.submit(Operation.SYNC, 4);
            s.queue().complete(s.commitAndFetchOne());
            s.poll();
            assertThat(s.recorder().completed()).containsExactly(4L);
        }
    }

    @Test
    void aSyncAlsoFollowsAWriteThatFailed() throws IOException {
        try (ScriptedSession s = ScriptedSession.open()) {
            s.submit(Operation.WRITE, 1);
            s.submit(Operation.SYNC, 2);
            s.queue().post(s.commitAndFetchOne().commandId(), 0x280, 0);
            s.poll();
            s.queue().complete(s.queue().fetchOne());
            s.poll();

            assertThat(s.recorder().failure(1)).hasMessageContaining("Write Fault");
            assertThat(s.recorder().completed()).containsExactly(2L);
        }
    }

    @Test
    void writesAfterASyncGoOnWhileItWaits() throws IOException {
        try (ScriptedSession s = ScriptedSession.open()) {
            s.submit(Operation.WRITE, 1);
            s.submit(Operation.SYNC, 2);
            s.submit(Operation.WRITE, 3);
            List<SubmissionEntry> writes = s.commitAndFetch();
            assertThat(writes).hasSize(2);

            s.queue().complete(writes.get(0));
            s.poll();

            assertThat(s.queue().fetchOne().opcode()).isEqualTo(FLUSH);
        }
    }

    @Test
    void randomMixesKeepTheOrder() throws IOException {
        for (long seed = 0; seed < 30; seed++) {
            try (ScriptedSession s = ScriptedSession.open()) {
                run(s, new Random(seed), seed);
            }
        }
    }

    private static void run(ScriptedSession s, Random random, long seed) throws IOException {
        Set<Long> writesUnderWay = new HashSet<>();
        Map<Long, Set<Long>> syncs = new TreeMap<>();
        List<SubmissionEntry> atDevice = new ArrayList<>();
        long tag = 0;
        for (int step = 0; step < 1500; step++) {
            tag++;
            boolean write = random.nextInt(4) != 0;
            if (random.nextBoolean()
                    && s.session()
                            .submit(
                                    write ? Operation.WRITE : Operation.SYNC,
                                    tag,
                                    1,
                                    s.session().buffer(),
                                    0,
                                    tag)) {
                if (write) {
                    writesUnderWay.add(tag);
                } else {
                    syncs.put(tag, new HashSet<>(writesUnderWay));
                }
            }
            if (random.nextInt(3) == 0) {
                s.session().commit();
            }
            atDevice.addAll(s.queue().fetch());
            if (!atDevice.isEmpty() && random.nextBoolean()) {
                s.queue().complete(atDevice.remove(random.nextInt(atDevice.size())));
                s.poll();
                for (long done : s.recorder().completed()) {
                    writesUnderWay.remove(done);
                    syncs.values().forEach(before -> before.remove(done));
                    Set<Long> before = syncs.remove(done);
                    assertThat(before == null || before.isEmpty())
                            .as("seed %d: sync %d before a write", seed, done)
                            .isTrue();
                }
                s.recorder().completed().clear();
            }
            // Syncs that nothing holds back are at the device as soon as they are committed.
            s.session().commit();
            atDevice.addAll(s.queue().fetch());
            long ready = syncs.values().stream().filter(Set::isEmpty).count();
            assertThat(atDevice.stream().filter(e -> e.opcode() == FLUSH).count())
                    .as("seed %d: syncs at the device", seed)
                    .isEqualTo(ready);
        }
    }
}
