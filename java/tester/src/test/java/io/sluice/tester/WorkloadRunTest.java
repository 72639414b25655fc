package io.sluice.tester;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.sluice.block.BlockDevice;
import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.Completion;
import io.sluice.block.Geometry;
import io.sluice.block.IoBuffer;
import io.sluice.block.Operation;
import io.sluice.block.SessionOptions;
import io.sluice.block.SessionStatistics;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkloadRunTest {
    private static Workload.Builder reads(long ios) {
        return Workload.builder()
                .name("reads")
                .access(Access.random())
                .depth(32, 8)
                .run(Long.MAX_VALUE, ios * 4096);
    }

    private static Measured run(InstantDevice device, Workload workload) throws IOException {
        try (TestRun run = TestRun.open(List.of(new Placement(Target.session(device), workload)))) {
            return run.run().parts().get(0);
        }
    }

    private static long allocatedBy(long ios, Timing timing) throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        run(new InstantDevice(), reads(ios).timing(timing).build());
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    @ParameterizedTest
    @EnumSource(Timing.class)
    void theLoopAllocatesNothingForAnIo(Timing timing) throws IOException {
        allocatedBy(1000, timing);
        long few = allocatedBy(1000, timing);
        long many = allocatedBy(1_000_000, timing);

        assertThat(many - few).isLessThan(100_000);
    }

    @Test
    void countsEveryIoOnce() throws IOException {
        Tally tally = run(
                        new InstantDevice(),
                        reads(12_345).timing(Timing.DETAILED).build())
                .tally();

        assertThat(tally.ios()).isEqualTo(12_345);
        assertThat(tally.ios(Operation.READ)).isEqualTo(12_345);
        assertThat(tally.bytes()).isEqualTo(12_345 * 4096);
        assertThat(tally.errors()).isZero();
        assertThat(tally.latency().getTotalCount()).isEqualTo(12_345);
        assertThat(tally.submission(Operation.READ).getTotalCount()).isEqualTo(12_345);
        assertThat(tally.completion(Operation.READ).getTotalCount()).isEqualTo(12_345);
        assertThat(Arrays.stream(tally.depths()).sum()).isEqualTo(12_345);
        assertThat(tally.depths()[5]).isPositive();
    }

    @Test
    void withoutTimingThereAreNoLatencies() throws IOException {
        Tally tally =
                run(new InstantDevice(), reads(100).timing(Timing.NONE).build()).tally();

        assertThat(tally.ios()).isEqualTo(100);
        assertThat(tally.latency().getTotalCount()).isZero();
    }

    @Test
    void readingBackWhatWasWrittenIsNoLatencyOfTheWrites() throws IOException {
        Workload writes = Workload.builder()
                .access(Access.random())
                .mix(Mix.writes())
                .window(0, 1 << 20)
                .depth(4, 1)
                .run(Long.MAX_VALUE, 8 * 4096)
                .verification(Verification.stamped())
                .build();
        Measured measured = run(new InstantDevice(), writes);

        assertThat(measured.tally().ios()).isEqualTo(8);
        assertThat(measured.tally().latency().getTotalCount()).isEqualTo(8);
        assertThat(measured.tally().latency(Operation.READ).getTotalCount()).isZero();
    }

    @Test
    void whatSlotsRememberMakesNoDifferenceToTheRequests() throws IOException {
        InstantDevice forgetting = new InstantDevice();
        forgetting.blocks = new ArrayList<>();
        InstantDevice remembering = new InstantDevice();
        remembering.blocks = new ArrayList<>();
        Workload.Builder few = reads(5_000).seed(7);
        Tally forgot = run(forgetting, few.build()).tally();
        // Copying looks at the data of each, so that slots remember what is in them.
        Tally remembered = run(remembering, few.copy(true).build()).tally();

        assertThat(forgetting.blocks).hasSize(5_000).isEqualTo(remembering.blocks);
        assertThat(forgot.ios()).isEqualTo(remembered.ios());
        assertThat(forgot.bytes()).isEqualTo(remembered.bytes());
        assertThat(forgot.latency().getTotalCount()).isEqualTo(5_000);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatFailedIsAnErrorAndNoIo(boolean copied) throws IOException {
        InstantDevice device = new InstantDevice();
        device.failsEvery = 10;
        Tally tally = run(device, reads(1_000).copy(copied).build()).tally();

        assertThat(tally.errors()).isEqualTo(100);
        assertThat(tally.ios()).isEqualTo(900);
        assertThat(tally.bytes()).isEqualTo(900 * 4096);
        assertThat(tally.latency().getTotalCount()).isEqualTo(900);
    }

    @Test
    void waitsForAsManyAsItNeedsBeforeItSubmitsMore() throws IOException {
        InstantDevice device = new InstantDevice();
        device.endsOnlyWhenAwaited = true;
        Measured measured = run(
                device,
                Workload.builder()
                        .depth(8, 2, 5)
                        .run(Long.MAX_VALUE, 18 * 4096)
                        .waiting(Waiting.SLEEP)
                        .build());

        assertThat(measured.tally().ios()).isEqualTo(18);
        // Up to five free ones while there is more to come; then what is left comes as it comes.
        assertThat(device.awaited).containsExactly(5, 4, 4, 1, 1, 1, 1, 1);
    }

    private static Measured run(InstantDevice device, Workload workload, SteppingClock clock) throws IOException {
        try (WorkloadRun run = new WorkloadRun(Target.session(device), workload, clock)) {
            run.measure();
            return run.measured();
        }
    }

    @Test
    void latenciesBeginWhenIosWereDueWhereThatIsWanted() throws IOException {
        // Due each 50 us, on a device that needs 100 us for each: the last of 200 is due after 10 ms and ends after 20.
        InstantDevice device = new InstantDevice();
        SteppingClock clock = new SteppingClock(10);
        device.onSubmit = () -> clock.advance(100_000);
        Workload.Builder paced = reads(200).depth(1, 1);
        Measured fromDue =
                run(device, paced.pace(new Pace(20_000, 0, false, true, 0, 1)).build(), clock);
        Measured fromSubmission =
                run(device, paced.pace(new Pace(20_000, 0, false, false, 0, 1)).build(), clock);

        assertThat(fromDue.tally().latency().getMaxValue()).isBetween(10_000_000L, 10_300_000L);
        assertThat(fromSubmission.tally().latency().getMaxValue()).isBetween(100_000L, 101_000L);
    }

    @Test
    void aRateIsKeptTo() throws IOException {
        Measured measured = run(
                new InstantDevice(),
                reads(201).depth(1, 1).pace(Pace.iops(10_000)).build(),
                new SteppingClock(1_000));

        // The first one is due at once, the last one 200 times 100 us later.
        assertThat(measured.nanos()).isBetween(20_000_000L, 20_100_000L);
    }

    @Test
    void thinkingRestsAfterSoManyIos() throws IOException {
        Measured measured = run(
                new InstantDevice(),
                reads(40)
                        .depth(1, 1)
                        .pace(new Pace(0, 0, false, false, 150_000, 10))
                        .build(),
                new SteppingClock(100));

        // After 10, 20 and 30; nothing is left to rest for after 40.
        assertThat(measured.nanos()).isBetween(450_000L, 500_000L);
    }

    @Test
    void aReplayKeepsToTheTimesOfItsTrace() throws IOException {
        Trace trace = new Trace.Builder("trace")
                .add(0, Operation.READ, 0, 4096)
                .add(100_000, Operation.READ, 8192, 4096)
                .add(250_000, Operation.READ, 4096, 4096)
                .build();
        Workload.Builder replay = Workload.builder().depth(4, 4).run(Long.MAX_VALUE, Long.MAX_VALUE);
        Measured timed = run(
                new InstantDevice(),
                replay.access(new Access.Replay(trace, true)).build(),
                new SteppingClock(1_000));
        Measured atOnce = run(
                new InstantDevice(),
                replay.access(new Access.Replay(trace, false)).build(),
                new SteppingClock(1_000));

        assertThat(timed.nanos()).isBetween(250_000L, 280_000L);
        assertThat(atOnce.nanos()).isLessThan(50_000);
    }

    /** Goes on by so much whenever somebody looks. */
    private static final class SteppingClock implements LongSupplier {
        private final long step;
        private long now = 1_000_000;

        SteppingClock(long step) {
            this.step = step;
        }

        void advance(long nanos) {
            now += nanos;
        }

        @Override
        public long getAsLong() {
            return now += step;
        }
    }

    /** Finishes everything at the next poll, or await, moves no data and allocates nothing unless it is asked to remember. */
    private static final class InstantDevice implements BlockDevice {
        /** Where its operations are. */
        private @Nullable List<Long> blocks;

        private final List<Integer> awaited = new ArrayList<>();
        private Runnable onSubmit = () -> {};
        private int failsEvery;
        private boolean endsOnlyWhenAwaited;

        private static final Geometry GEOMETRY = new Geometry(512, 1L << 31, true, 4, 64, 0, 0, false);

        @Override
        public String name() {
            return "instant";
        }

        @Override
        public Geometry geometry() {
            return GEOMETRY;
        }

        @Override
        public BlockSession open(SessionOptions options) {
            return new InstantSession(this, options);
        }

        @Override
        public void close() {}
    }

    private record Memory(int size, ByteBuffer bytes) implements IoBuffer {}

    private static final class InstantSession implements BlockSession {
        private final long[] tags;
        private final IoBuffer buffer;
        private final InstantDevice device;
        private int inFlight;
        private int answered;
        private int ended;

        InstantSession(InstantDevice device, SessionOptions options) {
            this.device = device;
            tags = new long[options.queueDepth()];
            buffer = new Memory(
                    options.bufferBytes(),
                    ByteBuffer.allocateDirect(options.bufferBytes()).order(ByteOrder.LITTLE_ENDIAN));
        }

        @Override
        public Geometry geometry() {
            return InstantDevice.GEOMETRY;
        }

        @Override
        public int queueDepth() {
            return tags.length;
        }

        @Override
        public IoBuffer buffer() {
            return buffer;
        }

        @Override
        public boolean submit(Operation operation, long block, long count, IoBuffer memory, long offset, long tag) {
            if (block < 0 || block > InstantDevice.GEOMETRY.blockCount() - count || block % count != 0) {
                throw new AssertionError("block " + block);
            }
            if (inFlight == tags.length) {
                return false;
            }
            device.onSubmit.run();
            if (device.blocks != null) {
                device.blocks.add(block);
            }
            tags[inFlight++] = tag;
            return true;
        }

        @Override
        public void commit() {}

        @Override
        public int poll(Completion completion, int max) {
            int done = device.endsOnlyWhenAwaited ? Math.min(ended, inFlight) : inFlight;
            ended = 0;
            for (int i = 0; i < done; i++) {
                if (device.failsEvery > 0 && ++answered % device.failsEvery == 0) {
                    completion.failed(tags[i], new BlockIoException("instant", "told to fail"));
                } else {
                    completion.completed(tags[i]);
                }
            }
            inFlight -= done;
            System.arraycopy(tags, done, tags, 0, inFlight);
            return done;
        }

        @Override
        public boolean await(long timeoutNanos) {
            return inFlight > 0;
        }

        @Override
        public boolean await(int operations, long timeoutNanos) {
            device.awaited.add(operations);
            ended = operations;
            return inFlight > 0;
        }

        @Override
        public int inFlight() {
            return inFlight;
        }

        @Override
        public SessionStatistics statistics() {
            return new SessionStatistics(0, 0, 0, 0, 0, 0, 0, 0);
        }

        @Override
        public void close() {}
    }
}
