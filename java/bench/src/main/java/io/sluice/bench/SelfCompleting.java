package io.sluice.bench;

import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.Completion;
import io.sluice.block.Geometry;
import io.sluice.block.IoBuffer;
import io.sluice.block.Operation;
import io.sluice.block.SessionStatistics;
import io.sluice.nvme.ScriptedQueue;
import java.io.IOException;

/** A session on a scripted controller that completes whatever it is told of within the commit: for owners that cannot play the device themselves. */
final class SelfCompleting implements BlockSession {
    private final BlockSession session;
    private final ScriptedQueue device;
    private boolean kept;

    SelfCompleting(BlockSession session, ScriptedQueue device) {
        this.session = session;
        this.device = device;
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
        int ignored = device.completeAll();
    }

    @Override
    public int poll(Completion completion, int max) throws BlockIoException {
        return session.poll(completion, max);
    }

    @Override
    public boolean await(long timeoutNanos) throws IOException {
        commit();
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

    /** Whether closing it leaves it open, for owners that would open another one each time. */
    void keep(boolean value) {
        kept = value;
    }

    @Override
    public void close() throws IOException {
        if (!kept) {
            session.close();
        }
    }
}
