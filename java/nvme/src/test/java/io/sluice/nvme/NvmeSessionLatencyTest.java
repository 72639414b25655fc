package io.sluice.nvme;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.block.LatencyStatistics;
import io.sluice.block.Operation;
import io.sluice.block.statistics.OpenSession;
import io.sluice.block.statistics.OpenSessions;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class NvmeSessionLatencyTest {
    private static final long MILLI = 1_000_000;

    private static ScriptedSession open() throws IOException {
        return ScriptedSession.open(
                new ScriptedController(),
                ScriptedSession.WRITEABLE.latency(true).label("timed"));
    }

    private static void sleep(long nanos) {
        long until = System.nanoTime() + nanos;
        while (System.nanoTime() < until) {
            LockSupport.parkNanos(MILLI);
        }
    }

    @Test
    void everyOperationThatSucceedsIsCounted() throws IOException {
        try (ScriptedSession s = open()) {
            s.submit(Operation.WRITE, 1);
            s.submit(Operation.SYNC, 2);
            s.submit(Operation.READ, 3);
            s.submit(Operation.READ, 4);
            s.session().commit();
            for (int done = 0; done < 4; ) {
                // The sync goes when the write is done.
                s.queue().completeAll();
                done += s.poll();
            }
            LatencyStatistics latency = s.session().latency();
            assertThat(latency.of(Operation.WRITE).count()).isEqualTo(1);
            assertThat(latency.of(Operation.SYNC).count()).isEqualTo(1);
            assertThat(latency.of(Operation.READ).count()).isEqualTo(2);
            assertThat(latency.of(Operation.TRIM).count()).isZero();
        }
    }

    @Test
    void theTimeRunsFromTheCommitToThePoll() throws IOException {
        try (ScriptedSession s = open()) {
            s.submit(Operation.READ, 1);
            s.session().commit();
            sleep(3 * MILLI);
            s.queue().completeAll();
            sleep(3 * MILLI);
            assertThat(s.poll()).isEqualTo(1);
            // Within 0.8 %.
            assertThat(s.session().latency().of(Operation.READ).maxNanos()).isGreaterThan(5_900_000);
        }
    }

    @Test
    void anotherThreadSeesTheSessionAndWhatItCounts() throws Exception {
        try (ScriptedSession s = open()) {
            s.submit(Operation.READ, 3, 2, 0, 3);
            s.submit(Operation.WRITE, 4);
            s.session().commit();
            s.queue().complete(s.queue().fetch().get(0));
            assertThat(s.poll()).isEqualTo(1);

            OpenSession[] seen = new OpenSession[1];
            Thread reader = new Thread(() -> seen[0] = find(s.session()));
            reader.start();
            reader.join();
            assertThat(seen[0].device()).isEqualTo("0000:5c:00.0/n1");
            assertThat(seen[0].inFlight()).isEqualTo(1);
            assertThat(seen[0].done(Operation.READ)).isEqualTo(1);
            assertThat(seen[0].blocks(Operation.READ)).isEqualTo(2);
            assertThat(seen[0].latency().all().count()).isEqualTo(1);
            s.queue().completeAll();
            s.poll();
        }
    }

    /** Other tests have sessions on controllers of the same name: it is the newest of those with this label. */
    private static OpenSession find(NvmeSession session) {
        List<OpenSession> labelled = OpenSessions.now().stream()
                .filter(open ->
                        open.label().equals("timed") && open.statistics().equals(session.statistics()))
                .toList();
        return labelled.get(labelled.size() - 1);
    }

    @Test
    void aSessionThatIsClosedIsNotListed() throws IOException {
        ScriptedSession s = ScriptedSession.open(
                new ScriptedController(), ScriptedSession.WRITEABLE.label("listed until it is closed"));
        try (s) {
            assertThat(OpenSessions.now()).anyMatch(open -> open.label().equals("listed until it is closed"));
        }
        assertThat(OpenSessions.now()).noneMatch(open -> open.label().equals("listed until it is closed"));
    }
}
