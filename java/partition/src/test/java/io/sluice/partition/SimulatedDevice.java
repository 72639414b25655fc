package io.sluice.partition;

import io.sluice.block.BlockDevice;
import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.Completion;
import io.sluice.block.Geometry;
import io.sluice.block.IoBuffer;
import io.sluice.block.Operation;
import io.sluice.block.RamDevice;
import io.sluice.block.SessionOptions;
import io.sluice.block.SessionStatistics;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * A device with a clock of its own that does one operation after the other, in the order in which it got them: each takes a fixed time and a time for its bytes.
 */
final class SimulatedDevice implements BlockDevice {
    private final RamDevice ram = new RamDevice("simulated", 512, 1 << 20);
    private final long fixedNanos;
    private final long bytesPerMicro;
    private long now;
    private long busyUntil;
    private final Queue<Running> running = new ArrayDeque<>();

    private record Running(long tag, long end) {}

    SimulatedDevice(long fixedNanos, long bytesPerMicro) {
        this.fixedNanos = fixedNanos;
        this.bytesPerMicro = bytesPerMicro;
    }

    /** The clock, nanoseconds. */
    long now() {
        return now;
    }

    void advance(long nanos) {
        now += nanos;
    }

    /** How long an operation takes on its own. */
    long serviceNanos(long bytes) {
        return fixedNanos + bytes * 1000 / bytesPerMicro;
    }

    @Override
    public String name() {
        return ram.name();
    }

    @Override
    public Geometry geometry() {
        return ram.geometry();
    }

    @Override
    public BlockSession open(SessionOptions options) throws IOException {
        return new Session(ram.open(options));
    }

    @Override
    public void close() throws IOException {
        ram.close();
    }

    private final class Session implements BlockSession {
        private final BlockSession memory;

        Session(BlockSession memory) {
            this.memory = memory;
        }

        @Override
        public Geometry geometry() {
            return memory.geometry();
        }

        @Override
        public int queueDepth() {
            return memory.queueDepth();
        }

        @Override
        public IoBuffer buffer() {
            return memory.buffer();
        }

        @Override
        public boolean submit(Operation operation, long block, long count, IoBuffer buffer, long offset, long tag) {
            busyUntil = Math.max(now, busyUntil) + serviceNanos(operation.transfers() ? count * 512 : 0);
            running.add(new Running(tag, busyUntil));
            return true;
        }

        @Override
        public void commit() {}

        @Override
        public int poll(Completion completion, int max) {
            int reported = 0;
            while (reported < max && !running.isEmpty() && running.element().end <= now) {
                completion.completed(running.remove().tag);
                reported++;
            }
            return reported;
        }

        @Override
        public boolean await(long timeoutNanos) throws BlockIoException {
            return !running.isEmpty() && running.element().end <= now;
        }

        @Override
        public int inFlight() {
            return running.size();
        }

        @Override
        public SessionStatistics statistics() {
            return memory.statistics();
        }

        @Override
        public void close() throws IOException {
            memory.close();
        }
    }
}
