package io.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both layers do the work that is measured. */
class LayersTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 8, 32, 128})
    void theBareRingReadsRoundAndRound(int batch) {
        BareRing ring = new BareRing();
        ring.batch = batch;
        for (int i = 0; i < 1000; i++) {
            ring.round();
        }
        assertThat(ring.sum()).isEqualTo(1000L * batch * (batch - 1) / 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 32, 128})
    void theSessionReadsRoundAndRound(int batch) throws IOException {
        OpenSession session = new OpenSession();
        session.batch = batch;
        session.open();
        for (int i = 0; i < 1000; i++) {
            session.round();
        }
        assertThat(session.sum()).isEqualTo(1000L * batch * (batch - 1) / 2);
        session.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 32})
    void theTimedSessionRecordsEachRead(int batch) throws IOException {
        TimedSession session = new TimedSession();
        session.batch = batch;
        session.open();
        for (int i = 0; i < 1000; i++) {
            session.round();
        }
        assertThat(session.latencies()).isEqualTo(1000L * batch);
        session.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 32})
    void jobsReadRoundAndRound(int batch) throws IOException {
        OpenJobs jobs = new OpenJobs();
        jobs.batch = batch;
        jobs.open();
        for (int i = 0; i < 1000; i++) {
            jobs.round();
            jobs.copiedRound();
        }
        assertThat(jobs.sum()).isEqualTo(2000L * batch * (batch - 1) / 2);
        jobs.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"at-once", "emulated"})
    void aLargeJobHasAllOfItsPiecesInFlightTogether(String device) throws IOException {
        LargeTransfers transfers = new LargeTransfers();
        transfers.device = device;
        transfers.open();
        assertThat(transfers.job()).isEqualTo(1);
        assertThat(transfers.mostInFlight()).isEqualTo(64);
        assertThat(transfers.byHand()).isEqualTo(65);
        transfers.close();
    }

    @Test
    void theSharedSessionReadsWhatItIsGiven() throws IOException {
        OpenShared shared = new OpenShared();
        shared.open();
        assertThat(shared.batch(100)).isEqualTo(100);
        shared.blocking();
        shared.close();
    }

    @Test
    void anInterruptWakesTheOwner() throws Exception {
        // Sorted: the shortest is first.
        assertThat(Idleness.wakeNanos(true)[0]).isPositive();
        // Sorted: the shortest is first.
        assertThat(Idleness.bareWakeNanos(true)[0]).isPositive();
    }
}
