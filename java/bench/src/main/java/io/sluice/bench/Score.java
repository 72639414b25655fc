package io.sluice.bench;

import java.util.Map;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * What one JVM measured of one benchmark.
 *
 * @param nanos per operation
 * @param bytes allocated per operation; what the harness itself allocates is in it
 */
record Score(double nanos, double bytes) {
    /**
     * Runs a benchmark in a JVM of its own.
     *
     * @param parameters values of {@code @Param} fields
     * @param threads how many threads run it beside each other
     */
    static Score of(Class<?> benchmarks, String method, Map<String, String> parameters, int threads, boolean quick)
            throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(benchmarks.getName() + "." + method + "$")
                .threads(threads)
                .forks(1)
                .warmupIterations(quick ? 5 : 10)
                .warmupTime(TimeValue.milliseconds(100))
                .measurementIterations(quick ? 10 : 40)
                .measurementTime(TimeValue.milliseconds(25))
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        parameters.forEach(options::param);
        RunResult result = new Runner(options.build()).run().iterator().next();
        // On a shared machine some iterations lose their processor; many short ones and a low percentile leave those
        // out.
        return new Score(
                result.getPrimaryResult().getStatistics().getPercentile(25),
                result.getSecondaryResults().get("gc.alloc.rate.norm").getScore());
    }
}
