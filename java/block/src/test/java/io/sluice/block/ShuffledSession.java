package io.sluice.block;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A session that does what a device may do and a simple one does not: finishes operations late and in any order its seed says, and lets some fail. An
 * operation takes effect at any moment between its commit and its report. A failed write may have changed its blocks or not.
 */
final class ShuffledSession implements BlockSession {
    private final BlockSession session;
    private final Geometry geometry;
    private final int depth;
    private final Random random;
    private final List<Operated> pending = new ArrayList<>();
    private int committed;
    private double failureRate;
    private double patience = 0.5;

    private record Operated(
            Operation operation,
            long block,
            long count,
            IoBuffer memory,
            long offset,
            Segments segments,
            long tag,
            boolean fails) {}

    /**
     * Over a session that finishes at once.
     *
     * @param geometry what to say instead of the truth: smaller limits
     */
    ShuffledSession(BlockSession session, Geometry geometry, int depth, long seed) {
        this.session = session;
        this.geometry = geometry;
        this.depth = depth;
        this.random = new Random(seed);
    }

    /** How many of the operations fail, 0 to 1. */
    ShuffledSession failureRate(double rate) {
        failureRate = rate;
        return this;
    }

    /** How likely an operation is to be left for a later poll, 0 to less than 1. */
    ShuffledSession patience(double value) {
        patience = value;
        return this;
    }

    @Override
    public Geometry geometry() {
        return geometry;
    }

    @Override
    public int queueDepth() {
        return depth;
    }

    @Override
    public IoBuffer buffer() {
        return session.buffer();
    }

    @Override
    public IoBuffer wrap(ByteBuffer memory) throws BlockIoException {
        return session.wrap(memory);
    }

    @Override
    public boolean submit(Operation operation, long block, long count, IoBuffer memory, long offset, long tag)
            throws BlockIoException {
        requireLegal(operation, block, count, offset);
        return add(operation, block, count, memory, offset, null, tag);
    }

    @Override
    public boolean submit(Operation operation, long block, long count, Segments segments, long tag)
            throws BlockIoException {
        for (int i = 0; i < segments.count(); i++) {
            requireLegal(operation, block, count, segments.offset(i) | segments.length(i));
        }
        // Whoever submits may change them at once.
        Segments copy = new Segments(segments.count()).copy(segments);
        return add(operation, block, count, buffer(), 0, copy, tag);
    }

    private boolean add(
            Operation operation, long block, long count, IoBuffer memory, long offset, Segments segments, long tag) {
        if (pending.size() == depth) {
            return false;
        }
        boolean fails = random.nextDouble() < failureRate;
        pending.add(new Operated(operation, block, count, memory, offset, segments, tag, fails));
        return true;
    }

    private void requireLegal(Operation operation, long block, long count, long offset) {
        long most = operation.transfers()
                ? geometry.maxTransferBlocks()
                : operation == Operation.TRIM ? geometry.maxTrimBlocks() : geometry.maxZeroBlocks();
        boolean legal = operation == Operation.SYNC
                || (block >= 0
                        && count >= 1
                        && count <= most
                        && block <= geometry.blockCount() - count
                        && (offset & geometry.alignmentBytes() - 1) == 0);
        if (!legal) {
            throw new AssertionError(operation + " of " + count + " blocks at block " + block + ", offset " + offset
                    + " is nothing that this device can do: " + geometry);
        }
    }

    @Override
    public void commit() {
        committed = pending.size();
    }

    @Override
    public int poll(Completion completion, int max) throws BlockIoException {
        int reported = 0;
        for (int tries = committed; tries > 0 && reported < max && committed > 0; tries--) {
            if (random.nextDouble() < patience) {
                continue;
            }
            int at = random.nextInt(committed);
            if (pending.get(at).operation == Operation.SYNC && changesBefore(at)) {
                continue;
            }
            Operated operated = pending.remove(at);
            committed--;
            reported++;
            finish(operated, completion);
        }
        return reported;
    }

    private boolean changesBefore(int at) {
        return pending.subList(0, at).stream().anyMatch(o -> o.operation.changes());
    }

    private void finish(Operated operated, Completion completion) throws BlockIoException {
        BlockIoException injected = new BlockIoException(
                "shuffled", operated.operation, operated.block, operated.count, "it was told to fail");
        if (!operated.fails || random.nextBoolean()) {
            boolean room = operated.segments != null
                    ? session.submit(operated.operation, operated.block, operated.count, operated.segments, 0)
                    : session.submit(
                            operated.operation, operated.block, operated.count, operated.memory, operated.offset, 0);
            if (!room) {
                throw new AssertionError("the session underneath is full");
            }
            session.commit();
            boolean[] done = new boolean[1];
            while (!done[0]) {
                int ignored = session.poll(
                        new Completion() {
                            @Override
                            public void completed(long tag) {
                                done[0] = true;
                            }

                            @Override
                            public void failed(long tag, BlockIoException failure) {
                                throw new AssertionError(failure);
                            }
                        },
                        1);
            }
        }
        if (operated.fails) {
            completion.failed(operated.tag, injected);
        } else {
            completion.completed(operated.tag);
        }
    }

    @Override
    public boolean await(long timeoutNanos) {
        commit();
        return committed > 0;
    }

    @Override
    public int inFlight() {
        return pending.size();
    }

    @Override
    public SessionStatistics statistics() {
        return session.statistics();
    }

    @Override
    public void close() throws IOException {
        session.close();
    }

    @Override
    public String toString() {
        return "shuffled " + session;
    }
}
