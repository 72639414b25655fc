package io.sluice.bench;

import io.sluice.block.BlockIoException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;

/** What stands on a session, beside the session itself: nanoseconds per 4 KiB read, or per 8 MiB read. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SessionsBenchmark {
    /** As many in each invocation, whatever the batch, so that a score is per read. */
    static final int READS = 128;
    /** The batch of the parallel ones. */
    static final int BATCH = 32;

    static final int SHARED_BATCH = 512;

    /** The session. */
    @Benchmark
    @OperationsPerInvocation(READS)
    public long session(OpenSession session) throws BlockIoException {
        for (int done = 0; done < READS; done += session.batch) {
            session.round();
        }
        return session.sum();
    }

    /** Aligned jobs in the session's memory. */
    @Benchmark
    @OperationsPerInvocation(READS)
    public long jobs(OpenJobs jobs) throws BlockIoException {
        for (int done = 0; done < READS; done += jobs.batch) {
            jobs.round();
        }
        return jobs.sum();
    }

    /** Aligned jobs in other memory: 4 KiB are copied in each. */
    @Benchmark
    @OperationsPerInvocation(READS)
    public long copiedJobs(OpenJobs jobs) throws BlockIoException {
        for (int done = 0; done < READS; done += jobs.batch) {
            jobs.copiedRound();
        }
        return jobs.sum();
    }

    /** 8 MiB as one job. */
    @Benchmark
    public int largeJob(LargeTransfers transfers) throws BlockIoException {
        return transfers.job();
    }

    /** 8 MiB as 64 operations. */
    @Benchmark
    public int largeByHand(LargeTransfers transfers) throws BlockIoException {
        return transfers.byHand();
    }

    /** A batch through the shared session, large enough for the one sleep and wake-up of the thread that waits to weigh little. */
    @Benchmark
    @OperationsPerInvocation(SHARED_BATCH)
    public int shared(OpenShared shared) {
        return shared.batch(SHARED_BATCH);
    }

    /** A blocking read through the shared session. */
    @Benchmark
    public void sharedBlocking(OpenShared shared) throws IOException {
        shared.blocking();
    }

    /** A session for each thread. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long sessionEach(TwoSessions.Mine mine) throws BlockIoException {
        return mine.round();
    }
}
