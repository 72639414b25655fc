package io.sluice.tester;

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
import java.util.concurrent.locks.LockSupport;

/** Another device, each of whose operations takes a while to submit. */
record SlowDevice(BlockDevice device, long nanos) implements BlockDevice {
    @Override
    public String name() {
        return device.name();
    }

    @Override
    public Geometry geometry() {
        return device.geometry();
    }

    @Override
    public BlockSession open(SessionOptions options) throws IOException {
        return new Session(device.open(options), nanos);
    }

    @Override
    public void close() {
        // Whoever made the device closes it.
    }

    private record Session(BlockSession session, long nanos) implements BlockSession {
        @Override
        public Geometry geometry() {
            return session.geometry();
        }

        @Override
        public int queueDepth() {
            return session.queueDepth();
        }

        @Override
        public IoBuffer buffer() {
            return session.buffer();
        }

        @Override
        public boolean submit(Operation operation, long block, long count, IoBuffer memory, long offset, long tag)
                throws BlockIoException {
            long end = System.nanoTime() + nanos;
            while (System.nanoTime() - end < 0) {
                LockSupport.parkNanos(end - System.nanoTime());
            }
            return session.submit(operation, block, count, memory, offset, tag);
        }

        @Override
        public void commit() {
            session.commit();
        }

        @Override
        public int poll(Completion completion, int max) throws BlockIoException {
            return session.poll(completion, max);
        }

        @Override
        public boolean await(long timeoutNanos) throws IOException {
            return session.await(timeoutNanos);
        }

        @Override
        public int inFlight() {
            return session.inFlight();
        }

        @Override
        public SessionStatistics statistics() {
            return session.statistics();
        }

        @Override
        public void close() throws IOException {
            session.close();
        }
    }
}
