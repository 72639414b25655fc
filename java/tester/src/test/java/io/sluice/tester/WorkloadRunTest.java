package io.sluice.tester;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.sluice.block.BlockDevice;
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
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
        Measured measured = run(new InstantDevice(300), writes);

        assertThat(measured.tally().ios()).isEqualTo(8);
        // An I/O is part of what was measured, and so no longer than all of it; the histogram rounds to three
        // digits.
        assertThat(measured.tally().latency().getMaxValue())
                .isLessThanOrEqualTo(measured.nanos() + measured.nanos() / 100);
    }

    /** Finishes everything at the next poll, moves no data and allocates nothing. Reads may be slow. */
    private static final class InstantDevice implements BlockDevice {
        private final long readMillis;

        InstantDevice() {
            this(0);
        }

        InstantDevice(long readMillis) {
            this.readMillis = readMillis;
        }

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
            return new InstantSession(options, readMillis);
        }

        @Override
        public void close() {}
    }

    private record Memory(int size, ByteBuffer bytes) implements IoBuffer {}

    private static final class InstantSession implements BlockSession {
        private final long[] tags;
        private final IoBuffer buffer;
        private final long readMillis;
        private int inFlight;

        InstantSession(SessionOptions options, long readMillis) {
            this.readMillis = readMillis;
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
            if (readMillis > 0 && operation == Operation.READ) {
                LockSupport.parkNanos(readMillis * 1_000_000);
            }
            tags[inFlight++] = tag;
            return true;
        }

        @Override
        public void commit() {}

        @Override
        public int poll(Completion completion, int max) {
            int done = inFlight;
            inFlight = 0;
            for (int i = 0; i < done; i++) {
                completion.completed(tags[i]);
            }
            return done;
        }

        @Override
        public boolean await(long timeoutNanos) {
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
