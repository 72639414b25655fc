package io.sluice.bench;

import io.sluice.block.BlockIoException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;

/** What the driver costs: nanoseconds per 4 KiB read, beside the bare ring. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DriverBenchmark {
    /** As many in each invocation, whatever the batch, so that a score is per read. */
    static final int READS = 128;

    /** The floor. */
    @Benchmark
    @OperationsPerInvocation(READS)
    public long bareRing(BareRing ring) {
        for (int done = 0; done < READS; done += ring.batch) {
            ring.round();
        }
        return ring.sum();
    }

    /** The driver, which records latencies. */
    @Benchmark
    @OperationsPerInvocation(READS)
    public long timedSession(TimedSession session) throws BlockIoException {
        for (int done = 0; done < READS; done += session.batch) {
            session.round();
        }
        return session.sum();
    }

    /** The driver. */
    @Benchmark
    @OperationsPerInvocation(READS)
    public long session(OpenSession session) throws BlockIoException {
        for (int done = 0; done < READS; done += session.batch) {
            session.round();
        }
        return session.sum();
    }
}
