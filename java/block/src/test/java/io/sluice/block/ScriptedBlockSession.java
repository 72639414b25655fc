package io.sluice.block;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** A session whose operations finish one by one as a test says. The blocks are an array that a test may look into. */
final class ScriptedBlockSession implements BlockSession {
    /** An operation that was submitted and not finished. */
    record Submitted(Operation operation, long block, long count, IoBuffer memory, long offset, long tag) {
        @Override
        public String toString() {
            return operation + " " + block + "+" + count;
        }
    }

    private record Memory(ByteBuffer bytes) implements IoBuffer {
        @Override
        public int size() {
            return bytes.capacity();
        }
    }

    private final Geometry geometry;
    private final int depth;
    private final Memory buffer;
    private final byte[] content;
    private final List<Submitted> submitted = new ArrayList<>();
    private final List<Submitted> finished = new ArrayList<>();
    private final List<Submitted> givenUp = new ArrayList<>();
    private final List<BlockIoException> outcomes = new ArrayList<>();
    private int committed;
    private int commits;
    private BlockIoException gone;
    private boolean closed;

    ScriptedBlockSession(Geometry geometry, int depth, int bufferBytes) {
        this.geometry = geometry;
        this.depth = depth;
        this.buffer = new Memory(ByteBuffer.allocateDirect(bufferBytes).order(ByteOrder.LITTLE_ENDIAN));
        this.content = new byte[Math.toIntExact(geometry.blockCount() << geometry.blockShift())];
    }

    byte[] content() {
        return content;
    }

    /** What was submitted and not finished, oldest first. */
    List<Submitted> submitted() {
        return List.copyOf(submitted);
    }

    boolean committedAll() {
        return committed == submitted.size();
    }

    int commits() {
        return commits;
    }

    boolean closed() {
        return closed;
    }

    /** Does the operation at a place of {@link #submitted} and lets the next poll report it. */
    void finish(int at) {
        Submitted operation = take(at);
        carryOut(operation);
        finished.add(operation);
        outcomes.add(null);
    }

    private void carryOut(Submitted operation) {
        int position = (int) (operation.block << geometry.blockShift());
        int bytes = (int) (operation.count << geometry.blockShift());
        switch (operation.operation) {
            case READ -> operation.memory.bytes().put((int) operation.offset, content, position, bytes);
            case WRITE, WRITE_DURABLE -> operation.memory.bytes().get((int) operation.offset, content, position, bytes);
            case WRITE_ZEROES, TRIM -> java.util.Arrays.fill(content, position, position + bytes, (byte) 0);
            case SYNC -> {}
        }
    }

    void finishAll() {
        while (!submitted.isEmpty()) {
            finish(0);
        }
    }

    /** Lets the next poll report an operation as failed, of which nothing was done. */
    BlockIoException fail(int at) {
        Submitted operation = take(at);
        BlockIoException failure = new BlockIoException(
                "scripted", operation.operation, operation.block, operation.count, "it was told to fail");
        finished.add(operation);
        outcomes.add(failure);
        return failure;
    }

    /** Lets the next poll report an operation as given up; the device still has it, until {@link #finishLate}. */
    void giveUp(int at) {
        Submitted operation = take(at);
        givenUp.add(operation);
        finished.add(operation);
        outcomes.add(new DeadlineException(
                "scripted", operation.operation, operation.block, operation.count, "it was told to be late"));
    }

    /** The device carries out what was given up first. */
    void finishLate() {
        carryOut(givenUp.remove(0));
    }

    /** The device is pulled: polls and submissions throw, nothing is reported. */
    void pull() {
        gone = new DeviceGoneException("scripted", Operation.READ, 0, 1, "it was pulled");
    }

    private Submitted take(int at) {
        if (at >= committed) {
            throw new AssertionError("the device does not know of operation " + at + " of " + submitted);
        }
        committed--;
        return submitted.remove(at);
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
        return buffer;
    }

    @Override
    public boolean submit(Operation operation, long block, long count, IoBuffer memory, long offset, long tag)
            throws BlockIoException {
        if (gone != null) {
            throw gone;
        }
        if (submitted.size() + finished.size() == depth) {
            return false;
        }
        submitted.add(new Submitted(operation, block, count, memory, offset, tag));
        return true;
    }

    @Override
    public void commit() {
        committed = submitted.size();
        commits++;
    }

    @Override
    public int poll(Completion completion, int max) throws BlockIoException {
        if (gone != null) {
            throw gone;
        }
        int reported = 0;
        while (reported < max && !finished.isEmpty()) {
            Submitted operation = finished.remove(0);
            BlockIoException failure = outcomes.remove(0);
            reported++;
            if (failure == null) {
                completion.completed(operation.tag);
            } else {
                completion.failed(operation.tag, failure);
            }
        }
        return reported;
    }

    @Override
    public boolean await(long timeoutNanos) throws IOException {
        commit();
        if (gone != null) {
            throw gone;
        }
        if (timeoutNanos > 0) {
            // Whoever really waits is closing: then the device does what it has.
            finishAll();
        }
        return !finished.isEmpty();
    }

    @Override
    public int inFlight() {
        return submitted.size() + finished.size();
    }

    @Override
    public int givenUp() {
        return givenUp.size();
    }

    @Override
    public SessionStatistics statistics() {
        throw new AssertionError("nobody asks for them");
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public String toString() {
        return "scripted";
    }
}
