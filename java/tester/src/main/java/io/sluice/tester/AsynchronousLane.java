package io.sluice.tester;

import io.sluice.block.Operation;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** An {@link AsynchronousFileChannel}; other threads are told what ended and hand it over. */
final class AsynchronousLane implements Lane {
    private record End(int slot, @Nullable IOException failure) {}

    private final AsynchronousFileChannel channel;
    private final long startBytes;
    private final ByteBuffer memory;
    private final int slotBytes;
    private final Slot[] slots;
    private final Queue<End> ends = new ConcurrentLinkedQueue<>();
    private volatile @Nullable Thread waiting;

    /** Takes over a channel. */
    AsynchronousLane(AsynchronousFileChannel channel, long startBytes, ByteBuffer memory, int slots, int slotBytes) {
        this.channel = channel;
        this.startBytes = startBytes;
        this.memory = memory;
        this.slotBytes = slotBytes;
        this.slots = new Slot[slots];
        for (int i = 0; i < slots; i++) {
            this.slots[i] = new Slot(i, memory.slice(i * slotBytes, slotBytes));
        }
    }

    @Override
    public int slots() {
        return slots.length;
    }

    @Override
    public ByteBuffer memory() {
        return memory;
    }

    @Override
    public int offset(int slot) {
        return slot * slotBytes;
    }

    @Override
    public void submit(Operation operation, long position, int length, int slot) {
        slots[slot].begin(operation, startBytes + position, length);
    }

    @Override
    public void commit() {
        // Begun already.
    }

    @Override
    public int poll(Arrivals arrivals) {
        int count = 0;
        for (End end = ends.poll(); end != null; end = ends.poll()) {
            count++;
            if (end.failure == null) {
                arrivals.done(end.slot);
            } else {
                arrivals.failed(end.slot, end.failure);
            }
        }
        return count;
    }

    @Override
    public void await(int ios, long nanos) {
        waiting = Thread.currentThread();
        // Whoever hands over afterwards sees the thread; what was handed over before is seen here.
        if (ends.isEmpty()) {
            LockSupport.parkNanos(this, nanos);
        }
        waiting = null;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void handOver(int slot, @Nullable IOException failure) {
        ends.add(new End(slot, failure));
        Thread thread = waiting;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }

    private final class Slot implements CompletionHandler<Integer, Operation> {
        private final int number;
        private final ByteBuffer bytes;
        private long start;
        private long at;

        Slot(int number, ByteBuffer bytes) {
            this.number = number;
            this.bytes = bytes;
        }

        void begin(Operation operation, long position, int length) {
            if (operation == Operation.SYNC) {
                sync();
                return;
            }
            start = position;
            at = position;
            bytes.clear().limit(length);
            move(operation);
        }

        // There is no force that reports later.
        private void sync() {
            try {
                channel.force(false);
                handOver(number, null);
            } catch (IOException e) {
                handOver(number, e);
            }
        }

        private void move(Operation operation) {
            if (operation == Operation.READ) {
                channel.read(bytes, at, operation, this);
            } else {
                channel.write(bytes, at, operation, this);
            }
        }

        @Override
        public void completed(Integer moved, Operation operation) {
            if (moved <= 0) {
                handOver(number, new EOFException("an I/O at byte " + start + " ended at byte " + at));
                return;
            }
            at += moved;
            if (bytes.hasRemaining()) {
                move(operation);
            } else {
                handOver(number, null);
            }
        }

        @Override
        public void failed(Throwable reason, Operation operation) {
            handOver(number, reason instanceof IOException io ? io : new IOException(reason.toString(), reason));
        }
    }
}
