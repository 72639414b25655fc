package io.sluice.tester;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Phaser;
import org.jspecify.annotations.Nullable;

/**
 * Workloads that run at the same time, each on a session and a thread of its own; one alone runs on the thread that calls. Ramps end together, and what
 * is measured begins together. {@link #run} is called once, by the thread that opened it or one that took it over; {@link #done} and {@link #stop} by
 * any.
 */
public final class TestRun implements Closeable {
    private final List<WorkloadRun> runs;

    private TestRun(List<WorkloadRun> runs) {
        this.runs = runs;
    }

    /**
     * Opens a session for each workload.
     *
     * @throws TesterException when a workload does not fit its target; the message says what would
     */
    public static TestRun open(List<Placement> placements) throws IOException {
        List<WorkloadRun> runs = new ArrayList<>();
        try {
            for (Placement placement : placements) {
                runs.add(new WorkloadRun(placement.target(), placement.workload()));
            }
        } catch (IOException | RuntimeException e) {
            try {
                close(runs);
            } catch (IOException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
        return new TestRun(runs);
    }

    /** Runs all of them to their end: ramp, the part that counts, and reading back what was written. */
    public TestResult run() throws IOException {
        Clocks clocks = new Clocks(runs.size());
        List<Thread> threads = new ArrayList<>();
        List<Throwable> failures = new ArrayList<>();
        for (int i = 1; i < runs.size(); i++) {
            WorkloadRun run = runs.get(i);
            Thread thread = new Thread(() -> runOne(run, clocks, failures), "tester-" + i);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
        runOne(runs.get(0), clocks, failures);
        for (Thread thread : threads) {
            join(thread);
        }
        if (!failures.isEmpty()) {
            Throwable first = failures.get(0);
            failures.stream().skip(1).forEach(first::addSuppressed);
            throw first instanceof IOException io ? io : new IOException("a workload ended: " + first, first);
        }
        List<Measured> parts = runs.stream().map(WorkloadRun::measured).toList();
        return new TestResult(
                parts,
                Tally.sum(parts.stream().map(Measured::tally).toList()),
                parts.stream().mapToLong(Measured::nanos).max().orElse(0),
                clocks.processNanos(),
                clocks.idlePercent());
    }

    private void runOne(WorkloadRun run, Clocks clocks, List<Throwable> failures) {
        try {
            run.ramp();
            clocks.arriveAndAwaitAdvance();
            run.measure();
            if (run.failed()) {
                stopOthers(run);
            }
            clocks.arriveAndAwaitAdvance();
            run.readBack();
        } catch (IOException | RuntimeException | Error e) {
            synchronized (failures) {
                failures.add(e);
            }
            runs.forEach(WorkloadRun::stop);
        } finally {
            clocks.arriveAndDeregister();
        }
    }

    private void stopOthers(WorkloadRun failed) {
        if (failed.measured().workload().stopOnError()) {
            runs.forEach(WorkloadRun::stop);
        }
    }

    // A workload ends by itself, or soon after it is stopped.
    private void join(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
                stop();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** How many I/Os are done so far, ramps included; any thread. */
    public long done() {
        return runs.stream().mapToLong(WorkloadRun::done).sum();
    }

    /** Ends all of them soon, as if their time were over; any thread. */
    public void stop() {
        runs.forEach(WorkloadRun::stop);
    }

    @Override
    public void close() throws IOException {
        close(runs);
    }

    private static void close(List<WorkloadRun> runs) throws IOException {
        IOException first = null;
        for (WorkloadRun run : runs) {
            try {
                run.close();
            } catch (IOException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }

    /** Where all wait for each other, and where the processors are looked at: after the ramps, and after what counts. */
    private static final class Clocks extends Phaser {
        private @Nullable CpuClock before;
        private @Nullable CpuClock after;
        private @Nullable IOException failure;

        Clocks(int parties) {
            super(parties);
        }

        @Override
        protected boolean onAdvance(int phase, int parties) {
            try {
                if (phase == 0) {
                    before = CpuClock.now();
                } else if (phase == 1) {
                    after = CpuClock.now();
                }
            } catch (IOException e) {
                failure = e;
            }
            return parties == 0;
        }

        long processNanos() throws IOException {
            if (failure != null) {
                throw failure;
            }
            return before == null || after == null ? 0 : after.processNanosSince(before);
        }

        List<Double> idlePercent() {
            return before == null || after == null ? List.of() : after.idlePercentSince(before);
        }
    }
}
