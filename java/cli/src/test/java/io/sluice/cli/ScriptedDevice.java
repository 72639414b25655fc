package io.sluice.cli;

import io.sluice.block.BlockDevice;
import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.Completion;
import io.sluice.block.Geometry;
import io.sluice.block.InvalidRequestException;
import io.sluice.block.IoBuffer;
import io.sluice.block.Operation;
import io.sluice.block.SessionClosedException;
import io.sluice.block.SessionOptions;
import io.sluice.block.SessionStatistics;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A device in memory that keeps the contract of sessions, completes at poll, newest first, and fails where it is told to. */
final class ScriptedDevice implements BlockDevice {
    private final Geometry geometry;
    private final ByteBuffer blocks;
    private final Set<Long> badBlocks = new HashSet<>();
    private final int largestQueue;
    private int openSessions;
    private int syncs;
    private int commits;
    private int mostInFlight;
    private boolean closed;
    private long lostWrite = -1;

    ScriptedDevice(int blockBytes, int blockCount) {
        this(blockBytes, blockCount, 64, 1024);
    }

    ScriptedDevice(int blockBytes, int blockCount, int maxTransferBlocks, int largestQueue) {
        geometry = new Geometry(blockBytes, blockCount, true, 4, maxTransferBlocks, 1L << 32, 65536, true);
        blocks = ByteBuffer.allocateDirect(blockBytes * blockCount);
        this.largestQueue = largestQueue;
    }

    /** Reads and writes of this block fail. */
    ScriptedDevice bad(long block) {
        badBlocks.add(block);
        return this;
    }

    /** The next write of this block is reported as done and not done. */
    ScriptedDevice loseWriteOf(long block) {
        lostWrite = block;
        return this;
    }

    byte[] contents() {
        byte[] bytes = new byte[blocks.capacity()];
        blocks.get(0, bytes);
        return bytes;
    }

    ScriptedDevice fill(byte[] bytes) {
        blocks.put(0, bytes);
        return this;
    }

    int openSessions() {
        return openSessions;
    }

    int syncs() {
        return syncs;
    }

    int commits() {
        return commits;
    }

    int mostInFlight() {
        return mostInFlight;
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public String name() {
        return "ram";
    }

    @Override
    public Geometry geometry() {
        return geometry;
    }

    @Override
    public BlockSession open(SessionOptions options) {
        openSessions++;
        return new Session(options);
    }

    @Override
    public void close() {
        closed = true;
    }

    private record Memory(int size, ByteBuffer bytes) implements IoBuffer {}

    private record Request(Operation operation, long block, long count, int offset, long tag) {}

    private final class Session implements BlockSession {
        private final SessionOptions options;
        private final IoBuffer buffer;
        private final Deque<Request> submitted = new ArrayDeque<>();
        private final Deque<Request> committed = new ArrayDeque<>();
        private boolean over;
        private long done;

        Session(SessionOptions options) {
            this.options = options;
            buffer = new Memory(
                    options.bufferBytes(),
                    ByteBuffer.allocateDirect(options.bufferBytes()).order(ByteOrder.LITTLE_ENDIAN));
        }

        @Override
        public Geometry geometry() {
            return ScriptedDevice.this.geometry.window(
                    0, ScriptedDevice.this.geometry.blockCount(), options.writeable());
        }

        @Override
        public int queueDepth() {
            return Math.min(options.queueDepth(), largestQueue);
        }

        @Override
        public IoBuffer buffer() {
            return buffer;
        }

        @Override
        public boolean submit(Operation operation, long block, long count, IoBuffer memory, long offset, long tag)
                throws BlockIoException {
            if (over) {
                throw new SessionClosedException("ram", "the session is closed");
            }
            if (operation != Operation.SYNC) {
                check(operation, block, count, memory, offset);
            }
            if (inFlight() == queueDepth()) {
                return false;
            }
            submitted.add(new Request(operation, block, count, (int) offset, tag));
            mostInFlight = Math.max(mostInFlight, inFlight());
            return true;
        }

        private void check(Operation operation, long block, long count, IoBuffer memory, long offset)
                throws BlockIoException {
            long there = geometry().blockCount();
            if (block < 0 || count < 1 || count > there || block > there - count) {
                throw new InvalidRequestException("ram", operation, block, count, "outside of the window");
            }
            if (count > geometry().maxTransferBlocks()) {
                throw new InvalidRequestException("ram", operation, block, count, "larger than the largest transfer");
            }
            if (operation.changes() && !options.writeable()) {
                throw new InvalidRequestException("ram", operation, block, count, "the window is read-only");
            }
            if (offset < 0 || offset % 4 != 0 || offset + count * geometry().blockBytes() > memory.size()) {
                throw new InvalidRequestException("ram", operation, block, count, "memory too small or not aligned");
            }
        }

        @Override
        public void commit() {
            if (!submitted.isEmpty()) {
                commits++;
            }
            committed.addAll(submitted);
            submitted.clear();
        }

        @Override
        public int poll(Completion completion, int max) throws BlockIoException {
            if (over) {
                throw new SessionClosedException("ram", "the session is closed");
            }
            int reported = 0;
            // Half of what is there and newest first, as a device that finishes in any order; a sync is last of all.
            int most = Math.min(max, (committed.size() + 1) / 2);
            while (reported < most) {
                Request request = committed.removeLast();
                if (request.operation() == Operation.SYNC && !committed.isEmpty()) {
                    committed.addFirst(request);
                    continue;
                }
                reported++;
                BlockIoException failure = carryOut(request);
                if (failure == null) {
                    done++;
                    completion.completed(request.tag());
                } else {
                    completion.failed(request.tag(), failure);
                }
            }
            return reported;
        }

        private @Nullable BlockIoException carryOut(Request request) {
            int size = (int) request.count() * geometry.blockBytes();
            int at = (int) request.block() * geometry.blockBytes();
            for (long block = request.block(); block < request.block() + request.count(); block++) {
                if (badBlocks.contains(block)) {
                    return new BlockIoException(
                            "ram", request.operation(), request.block(), request.count(), "bad block " + block);
                }
            }
            switch (request.operation()) {
                case READ -> buffer.bytes().put(request.offset(), blocks, at, size);
                case WRITE, WRITE_DURABLE -> write(request, at, size);
                case SYNC -> syncs++;
                default -> throw new AssertionError(request);
            }
            return null;
        }

        private void write(Request request, int at, int size) {
            if (lostWrite >= request.block() && lostWrite < request.block() + request.count()) {
                lostWrite = -1;
                return;
            }
            blocks.put(at, buffer.bytes(), request.offset(), size);
        }

        @Override
        public boolean await(long timeoutNanos) {
            commit();
            return !committed.isEmpty();
        }

        @Override
        public int inFlight() {
            return submitted.size() + committed.size();
        }

        @Override
        public SessionStatistics statistics() {
            return new SessionStatistics(done, 0, 0, 0, 0, 0, 0, commits);
        }

        @Override
        public void close() {
            if (!over) {
                over = true;
                openSessions--;
            }
        }
    }
}
