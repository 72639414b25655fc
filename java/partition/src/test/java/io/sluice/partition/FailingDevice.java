package io.sluice.partition;

import io.sluice.block.BlockDevice;
import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.Completion;
import io.sluice.block.DeviceGoneException;
import io.sluice.block.Geometry;
import io.sluice.block.IoBuffer;
import io.sluice.block.Operation;
import io.sluice.block.SessionOptions;
import io.sluice.block.SessionStatistics;
import io.sluice.block.driver.LeasedSession;
import java.io.IOException;

/** A device that does what another does until it is told to fail: then reads move their data as ever, and say that they failed; or everything is over. */
final class FailingDevice implements BlockDevice {
    private final BlockDevice device;
    private volatile boolean failing;
    private volatile boolean broken;

    FailingDevice(BlockDevice device) {
        this.device = device;
    }

    void failReads(boolean value) {
        failing = value;
    }

    void breakDown() {
        broken = true;
    }

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
        return new Session(device.open(options));
    }

    @Override
    public void close() {
        // The device underneath is its maker's.
    }

    private final class Session extends LeasedSession implements Completion {
        private final BlockSession session;
        private Completion handler = this;

        Session(BlockSession session) {
            this.session = session;
        }

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
            return session.submit(operation, block, count, memory, offset, tag);
        }

        @Override
        public void commit() {
            session.commit();
        }

        @Override
        public int poll(Completion completion, int max) throws BlockIoException {
            if (broken) {
                throw new DeviceGoneException(name(), "it was pulled");
            }
            handler = completion;
            return session.poll(this, max);
        }

        @Override
        public void completed(long tag) {
            if (failing) {
                handler.failed(tag, new BlockIoException(name(), Operation.READ, 99, 1, "unrecovered read error"));
            } else {
                handler.completed(tag);
            }
        }

        @Override
        public void failed(long tag, BlockIoException failure) {
            handler.failed(tag, failure);
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
            ended();
        }
    }
}
