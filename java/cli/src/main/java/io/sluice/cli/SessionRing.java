package io.sluice.cli;

import io.sluice.block.BlockDevice;
import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.Completion;
import io.sluice.block.Geometry;
import io.sluice.block.IoBuffer;
import io.sluice.block.Operation;
import io.sluice.block.SessionOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Records through a session, without anything in between: each has as many operations as the device's largest transfer makes of it. */
final class SessionRing implements RecordRing {

    /** How much to gather before the device is told: small records would cost a doorbell each. */
    private static final int COMMIT_BYTES = 64 << 10;

    private static final long LOOK_AGAIN_NANOS = 1_000_000_000L;

    private final String device;
    private final BlockSession session;
    private final Geometry geometry;
    private final IoBuffer buffer;
    private final int slotBytes;
    private final int[] piecesLeft;
    private final @Nullable BlockIoException[] failures;
    private final ByteBuffer[] slots;
    private final Completion completion = new Arrival();
    private long begun;
    private long taken;
    private int uncommittedBytes;

    SessionRing(BlockDevice device, long recordBytes, boolean writeable) throws IOException {
        int alignment = Math.max(RecordMemory.ALIGNMENT, device.geometry().alignmentBytes());
        slotBytes = RecordRing.slotBytes(device.name(), recordBytes, alignment);
        int count = RecordRing.slots(slotBytes);
        session = device.open(SessionOptions.defaults()
                .writeable(writeable)
                .bufferBytes(count * slotBytes)
                .queueDepth(MOST_SLOTS)
                .label("dd")
                .latency(Publishing.isWanted()));
        this.device = device.name();
        geometry = session.geometry();
        buffer = session.buffer();
        piecesLeft = new int[count];
        failures = new BlockIoException[count];
        slots = new ByteBuffer[count];
        for (int i = 0; i < count; i++) {
            slots[i] = buffer.bytes().slice(i * slotBytes, slotBytes);
        }
    }

    @Override
    public String device() {
        return device;
    }

    @Override
    public Geometry geometry() {
        return geometry;
    }

    @Override
    public boolean isFull() {
        return begun - taken == slots.length;
    }

    @Override
    public boolean isEmpty() {
        return begun == taken;
    }

    @Override
    public ByteBuffer next() {
        return slots[slot(begun)].clear();
    }

    @Override
    public void begin(Operation operation, long block, int blocks) throws IOException {
        int slot = slot(begun++);
        failures[slot] = null;
        int left = blocks;
        int offset = slot * slotBytes;
        long at = block;
        // One more than there are, so that the record cannot be complete while its pieces are still being submitted.
        piecesLeft[slot] = 1;
        while (left > 0) {
            int count = Math.min(left, geometry.maxTransferBlocks());
            while (!session.submit(operation, at, count, buffer, offset, slot)) {
                commit();
                arrive();
            }
            piecesLeft[slot]++;
            left -= count;
            at += count;
            offset += count * geometry.blockBytes();
            uncommittedBytes += count * geometry.blockBytes();
        }
        piecesLeft[slot]--;
        if (uncommittedBytes >= COMMIT_BYTES) {
            commit();
        }
    }

    @Override
    public void commit() {
        session.commit();
        uncommittedBytes = 0;
    }

    @Override
    public ByteBuffer await() throws IOException {
        int slot = slot(taken);
        if (piecesLeft[slot] > 0) {
            commit();
        }
        while (piecesLeft[slot] > 0) {
            arrive();
        }
        BlockIoException failure = failures[slot];
        if (failure != null) {
            throw failure;
        }
        return slots[slot].clear();
    }

    @Override
    public void release() {
        taken++;
    }

    @Override
    public void sync() throws IOException {
        begin(Operation.SYNC);
        await();
        release();
    }

    private void begin(Operation operation) throws IOException {
        int slot = slot(begun++);
        failures[slot] = null;
        piecesLeft[slot] = 1;
        while (!session.submit(operation, 0, 0, buffer, 0, slot)) {
            arrive();
        }
    }

    private void arrive() throws IOException {
        if (session.poll(completion, Integer.MAX_VALUE) == 0) {
            session.await(LOOK_AGAIN_NANOS);
        }
    }

    private int slot(long number) {
        return (int) (number % slots.length);
    }

    private final class Arrival implements Completion {
        @Override
        public void completed(long tag) {
            piecesLeft[(int) tag]--;
        }

        @Override
        public void failed(long tag, BlockIoException failure) {
            failures[(int) tag] = failure;
            piecesLeft[(int) tag]--;
        }
    }

    @Override
    public void close() throws IOException {
        session.close();
    }
}
