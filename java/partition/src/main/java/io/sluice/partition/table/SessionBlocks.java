package io.sluice.partition.table;

import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.Completion;
import io.sluice.block.Geometry;
import io.sluice.block.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Blocks by way of a session that nobody else uses meanwhile. */
final class SessionBlocks implements Blocks, Completion {
    private static final long LOOK_AGAIN_NANOS = 1_000_000_000L;

    private final String device;
    private final BlockSession session;
    private final Geometry geometry;
    /** Most blocks of one operation: what the device and the session's memory take. */
    private final int mostBlocks;

    private boolean done;
    private @Nullable BlockIoException failure;

    /**
     * Takes a session whose window is the device.
     *
     * @throws BlockIoException when the session's memory does not hold a block
     * @throws IllegalStateException when operations are in flight
     */
    SessionBlocks(String device, BlockSession session) throws BlockIoException {
        if (session.inFlight() > 0) {
            throw new IllegalStateException(session + ": " + session.inFlight()
                    + " operations are in flight; a table is read through a session that nobody uses meanwhile");
        }
        this.device = device;
        this.session = session;
        this.geometry = session.geometry();
        this.mostBlocks =
                Math.min(geometry.maxTransferBlocks(), session.buffer().size() >> geometry.blockShift());
        if (mostBlocks < 1) {
            throw new BlockIoException(
                    device,
                    "the session's memory of " + session.buffer().size() + " bytes does not hold a block of "
                            + geometry.blockBytes() + "; open it with a larger buffer");
        }
    }

    @Override
    public String device() {
        return device;
    }

    @Override
    public int blockBytes() {
        return geometry.blockBytes();
    }

    @Override
    public long blockCount() {
        return geometry.blockCount();
    }

    @Override
    public ByteBuffer read(long first, int count) throws IOException {
        ByteBuffer data = ByteBuffer.allocate(Math.multiplyExact(count, blockBytes()));
        ByteBuffer memory = session.buffer().bytes();
        for (int done = 0; done < count; ) {
            int now = Math.min(mostBlocks, count - done);
            perform(Operation.READ, first + done, now);
            int bytes = now * blockBytes();
            data.put(done * blockBytes(), memory, 0, bytes);
            done += now;
        }
        return data.order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void write(long first, ByteBuffer data) throws IOException {
        int count = data.remaining() / blockBytes();
        ByteBuffer memory = session.buffer().bytes();
        for (int done = 0; done < count; ) {
            int now = Math.min(mostBlocks, count - done);
            int bytes = now * blockBytes();
            memory.put(0, data, data.position() + done * blockBytes(), bytes);
            perform(Operation.WRITE, first + done, now);
            done += now;
        }
    }

    @Override
    public void sync() throws IOException {
        perform(Operation.SYNC, 0, 0);
    }

    private void perform(Operation operation, long block, int count) throws IOException {
        done = false;
        failure = null;
        // Nothing is in flight, so there is room.
        if (!session.submit(operation, block, count, session.buffer(), 0, 0)) {
            throw new IllegalStateException(session + " is used by somebody else meanwhile");
        }
        session.commit();
        while (!done) {
            if (session.poll(this, 1) == 0) {
                session.await(LOOK_AGAIN_NANOS);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void completed(long tag) {
        done = true;
    }

    @Override
    public void failed(long tag, BlockIoException reason) {
        failure = reason;
        done = true;
    }
}
