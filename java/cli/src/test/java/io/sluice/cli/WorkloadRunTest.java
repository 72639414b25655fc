package io.sluice.cli;

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
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class WorkloadRunTest {
    private static Workload reads(long ios) {
        return new Workload(
                AccessPattern.RANDREAD, 4096, 32, 8, 100, 1, 1L << 40, 0, Long.MAX_VALUE, ios * 4096, false, false);
    }

    private static BenchRow run(long ios) throws IOException {
        try (WorkloadRun run = new WorkloadRun(new InstantDevice(), reads(ios), 0)) {
            return run.run();
        }
    }

    private static long allocatedBy(long ios) throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        run(ios);
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    @Test
    void theLoopAllocatesNothingForAnIo() throws IOException {
        allocatedBy(1000);
        long few = allocatedBy(1000);
        long many = allocatedBy(1_000_000);

        assertThat(many - few).isLessThan(100_000);
    }

    @Test
    void countsEveryIoOnce() throws IOException {
        BenchRow row = run(12_345);

        assertThat(row.ios()).isEqualTo(12_345);
        assertThat(row.errors()).isZero();
        assertThat(row.latency().p50())
                .isPositive()
                .isLessThanOrEqualTo(row.latency().p99());
        assertThat(row.latency().p999()).isLessThanOrEqualTo(row.latency().max());
    }

    @Test
    void readingBackWhatWasWrittenIsNoLatencyOfTheWrites() throws IOException {
        Workload writes = new Workload(
                AccessPattern.RANDWRITE, 4096, 4, 1, 0, 1, 1L << 20, 0, Long.MAX_VALUE, 8 * 4096, true, false);
        long readMillis = 300;
        try (WorkloadRun run = new WorkloadRun(new InstantDevice(readMillis), writes, 0)) {
            BenchRow row = run.run();

            assertThat(row.ios()).isEqualTo(8);
            // An I/O is part of what was measured, and so no longer than all of it; the histogram rounds to three
            // digits.
            assertThat(row.latency().max()).isLessThanOrEqualTo(row.nanos() + row.nanos() / 100);
        }
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
