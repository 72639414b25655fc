package io.sluice.tester;

import io.sluice.block.Operation;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A {@link FileChannel}: each I/O is carried out when it is submitted, so that one is in flight at most. */
final class ChannelLane implements Lane {
    private final FileChannel channel;
    private final long startBytes;
    private final ByteBuffer memory;
    private final ByteBuffer view;
    private @Nullable IOException failure;
    private boolean ended;

    /** Takes over a channel. */
    ChannelLane(FileChannel channel, long startBytes, ByteBuffer memory) {
        this.channel = channel;
        this.startBytes = startBytes;
        this.memory = memory;
        view = memory.duplicate();
    }

    @Override
    public int slots() {
        return 1;
    }

    @Override
    public ByteBuffer memory() {
        return memory;
    }

    @Override
    public int offset(int slot) {
        return 0;
    }

    @Override
    public void submit(Operation operation, long position, int length, int slot) {
        try {
            carryOut(operation, startBytes + position, length);
        } catch (IOException e) {
            failure = e;
        }
        ended = true;
    }

    private void carryOut(Operation operation, long position, int length) throws IOException {
        if (operation == Operation.SYNC) {
            channel.force(false);
            return;
        }
        view.clear().limit(length);
        long at = position;
        while (view.hasRemaining()) {
            int moved = operation == Operation.READ ? channel.read(view, at) : channel.write(view, at);
            if (moved <= 0) {
                throw new EOFException("the " + operation.name().toLowerCase(Locale.ROOT) + " of " + length
                        + " bytes at byte " + position + " ended at byte " + at);
            }
            at += moved;
        }
    }

    @Override
    public void commit() {
        // Done already.
    }

    @Override
    public int poll(Arrivals arrivals) {
        if (!ended) {
            return 0;
        }
        ended = false;
        IOException reason = failure;
        failure = null;
        if (reason == null) {
            arrivals.done(0);
        } else {
            arrivals.failed(0, reason);
        }
        return 1;
    }

    @Override
    public void await(int ios, long nanos) {
        // Nothing is ever on its way.
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
