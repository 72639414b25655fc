package io.sluice.tester;

import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.Completion;
import io.sluice.block.IoBuffer;
import io.sluice.block.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A bare session. What is larger than the device's largest transfer is so many operations side by side. */
final class SessionLane implements Lane, Completion {
    private final BlockSession session;
    private final IoBuffer buffer;
    private final int slots;
    private final int slotBytes;
    private final int blockShift;
    private final int mostBytes;
    private final long mostTrimBytes;
    private final long mostZeroBytes;
    /** Whether each I/O is one operation, so that there are no pieces to count. */
    private final boolean whole;

    private final int[] piecesLeft;
    private final @Nullable BlockIoException[] failures;
    private @Nullable Arrivals arrivals;
    private int ended;

    /**
     * Takes over a session that has room for all pieces of all slots.
     *
     * @param whole whether no I/O is more than one operation
     */
    SessionLane(BlockSession session, int slots, int slotBytes, boolean whole) {
        this.session = session;
        this.slots = slots;
        this.slotBytes = slotBytes;
        this.whole = whole;
        buffer = session.buffer();
        blockShift = session.geometry().blockShift();
        mostBytes = (int) Math.min(Sizes.LARGEST, (long) session.geometry().maxTransferBlocks() << blockShift);
        mostTrimBytes = bytes(session.geometry().maxTrimBlocks());
        mostZeroBytes = bytes(session.geometry().maxZeroBlocks());
        piecesLeft = new int[slots];
        failures = new BlockIoException[slots];
    }

    private long bytes(long blocks) {
        return Math.min(blocks, Long.MAX_VALUE >> blockShift) << blockShift;
    }

    @Override
    public int slots() {
        return slots;
    }

    @Override
    public ByteBuffer memory() {
        return buffer.bytes();
    }

    @Override
    public int offset(int slot) {
        return slot * slotBytes;
    }

    @Override
    public void submit(Operation operation, long position, int length, int slot) throws IOException {
        if (!whole) {
            submitPieces(operation, position, length, slot);
            return;
        }
        long block = position >> blockShift;
        int count = length >> blockShift;
        long offset = (long) slot * slotBytes;
        // The same three times, so that the compiler knows in each what the operation is.
        boolean taken;
        if (operation == Operation.READ) {
            taken = session.submit(Operation.READ, block, count, buffer, offset, slot);
        } else if (operation == Operation.WRITE) {
            taken = session.submit(Operation.WRITE, block, count, buffer, offset, slot);
        } else {
            taken = session.submit(operation, block, count, buffer, offset, slot);
        }
        if (!taken) {
            throw full();
        }
    }

    private void submitPieces(Operation operation, long position, int length, int slot) throws IOException {
        long most = mostBytes;
        if (operation == Operation.TRIM) {
            most = mostTrimBytes;
        } else if (operation == Operation.WRITE_ZEROES) {
            most = mostZeroBytes;
        } else if (operation == Operation.SYNC) {
            most = Long.MAX_VALUE;
        }
        int offset = slot * slotBytes;
        long at = position;
        long left = length;
        // Nothing is reported before the poll, so that the count is whole by then.
        piecesLeft[slot] = 0;
        do {
            long bytes = Math.min(left, most);
            if (!session.submit(operation, at >> blockShift, bytes >> blockShift, buffer, offset, slot)) {
                throw full();
            }
            piecesLeft[slot]++;
            at += bytes;
            left -= bytes;
            if (operation.transfers()) {
                offset += (int) bytes;
            }
        } while (left > 0);
    }

    private BlockIoException full() {
        return new BlockIoException(
                session.toString(),
                "its queue is full with " + session.inFlight() + " operations, it said " + session.queueDepth()
                        + " would fit");
    }

    @Override
    public void commit() {
        session.commit();
    }

    @Override
    public int poll(Arrivals toTell) throws IOException {
        arrivals = toTell;
        ended = 0;
        int reported = session.poll(this, Integer.MAX_VALUE);
        return whole ? reported : ended;
    }

    @Override
    public void completed(long tag) {
        int slot = (int) tag;
        if (whole) {
            arrivals.done(slot);
        } else if (--piecesLeft[slot] == 0) {
            end(slot);
        }
    }

    @Override
    public void failed(long tag, BlockIoException failure) {
        int slot = (int) tag;
        if (whole) {
            arrivals.failed(slot, failure);
            return;
        }
        failures[slot] = failure;
        if (--piecesLeft[slot] == 0) {
            end(slot);
        }
    }

    private void end(int slot) {
        ended++;
        BlockIoException failure = failures[slot];
        if (failure == null) {
            arrivals.done(slot);
        } else {
            failures[slot] = null;
            arrivals.failed(slot, failure);
        }
    }

    @Override
    public void await(int ios, long nanos) throws IOException {
        boolean ignored = session.await(ios, nanos);
    }

    @Override
    public void close() throws IOException {
        session.close();
    }
}
