package io.sluice.bench;

import io.sluice.block.BlockIoException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;

/** What the tester costs: nanoseconds per 4 KiB read, beside a loop that only reads. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TesterBenchmark {
    /** The loop. */
    @Benchmark
    @OperationsPerInvocation(OpenTester.READS)
    public long bare(OpenTester tester) throws BlockIoException {
        return tester.bare();
    }

    /** The tester. */
    @Benchmark
    @OperationsPerInvocation(OpenTester.READS)
    public long tester(OpenTester tester) throws IOException {
        return tester.tester();
    }
}
