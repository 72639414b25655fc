package io.sluice.vfs;

import io.sluice.block.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.FileLock;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * An {@link AsynchronousFileChannel} on a device or partition; {@link AsynchronousFileChannel#open} gives one, to be cast for {@link #submitAll}. A request is submitted at the call that
 * asks for it, as many as the file system was told are in flight together, and each is told of as soon as it is done, whatever else there is; those that are more
 * wait for their turn, in the order of the calls, which return at once.
 *
 * <p>Without an executor handlers run on a thread of the file's session, which may submit more and must not wait for requests of this file that were submitted earlier.
 * A request that is cancelled may go on using its buffer until the channel is closed.
 */
public final class AsyncBlockChannel extends AsynchronousFileChannel {
    private final Handle handle;
    private final Gate gate;
    private final Courier courier;
    private final @Nullable ExecutorService executor;

    AsyncBlockChannel(Handle handle, @Nullable ExecutorService executor) {
        this.handle = handle;
        this.gate = handle.gate();
        this.courier = handle.relay().courier();
        this.executor = executor;
    }

    /** What one request of {@link #submitAll} is to transfer. */
    public sealed interface Transfer {
        /** Where in the file. */
        long position();

        /** From and to where in memory. */
        ByteBuffer buffer();

        /** Reads from the file into what remains of a buffer. */
        record Read(ByteBuffer buffer, long position) implements Transfer {}

        /** Writes what remains of a buffer into the file. */
        record Write(ByteBuffer buffer, long position) implements Transfer {}
    }

    Gate gate() {
        return gate;
    }

    Handle handle() {
        return handle;
    }

    @Nullable
    ExecutorService executor() {
        return executor;
    }

    @Override
    public <A> void read(ByteBuffer into, long position, A attachment, CompletionHandler<Integer, ? super A> handler) {
        Objects.requireNonNull(handler, "handler");
        submit(Operation.READ, into, position, AsyncRequest.handled(this, attachment, handler));
    }

    @Override
    public Future<Integer> read(ByteBuffer into, long position) {
        return promised(Operation.READ, into, position);
    }

    @Override
    public <A> void write(ByteBuffer from, long position, A attachment, CompletionHandler<Integer, ? super A> handler) {
        Objects.requireNonNull(handler, "handler");
        submit(handle.writing(), from, position, AsyncRequest.handled(this, attachment, handler));
    }

    @Override
    public Future<Integer> write(ByteBuffer from, long position) {
        return promised(handle.writing(), from, position);
    }

    private CompletableFuture<Integer> promised(Operation operation, ByteBuffer buffer, long position) {
        AsyncRequest.Promise promise = new AsyncRequest.Promise();
        submit(operation, buffer, position, AsyncRequest.promised(this, promise));
        return promise;
    }

    private void submit(Operation operation, ByteBuffer buffer, long position, AsyncRequest request) {
        if (prepare(operation, buffer, position, request)) {
            courier.submit(request);
        }
    }

    /**
     * Submits many requests, of which the device learns at once. Nothing orders them among each other but where two writes change parts of the same block.
     *
     * @return a future for each, in the order of the list; {@link CompletableFuture#anyOf} waits for any one of them
     */
    public List<CompletableFuture<Integer>> submitAll(List<? extends Transfer> transfers) {
        List<CompletableFuture<Integer>> promises = new ArrayList<>(transfers.size());
        List<AsyncRequest> requests = new ArrayList<>(transfers.size());
        try {
            for (Transfer transfer : transfers) {
                AsyncRequest.Promise promise = new AsyncRequest.Promise();
                AsyncRequest request = AsyncRequest.promised(this, promise);
                Operation operation = transfer instanceof Transfer.Read ? Operation.READ : handle.writing();
                if (prepare(operation, transfer.buffer(), transfer.position(), request)) {
                    requests.add(request);
                }
                promises.add(promise);
            }
        } finally {
            // Those before one that makes no sense are through the gate.
            courier.submitAll(requests, requests.size());
        }
        return promises;
    }

    /** Fills in a request and takes it through the gate; false when it was told of already, since there is nothing to do. */
    private boolean prepare(Operation operation, ByteBuffer buffer, long position, AsyncRequest request) {
        if (position < 0) {
            throw new IllegalArgumentException("position " + position + ": expected 0 or more");
        }
        if (operation == Operation.READ) {
            if (!handle.mode().read()) {
                throw new NonReadableChannelException();
            }
        } else if (!handle.mode().write()) {
            throw new NonWritableChannelException();
        }
        int length = operation == Operation.READ ? handle.readable(buffer, position) : buffer.remaining();
        request.of(operation, position, Math.max(length, 0), buffer);
        if (!gate.enter()) {
            return tell(request.refused(new ClosedChannelException()));
        }
        boolean submitted = false;
        try {
            if (length <= 0) {
                return tell(request.settled(length));
            }
            if (operation != Operation.READ) {
                handle.checkFits(position, length);
            }
            handle.file().settle(position, length, null);
            submitted = true;
            return true;
        } catch (IOException failure) {
            return tell(request.refused(failure));
        } finally {
            if (!submitted) {
                gate.leave();
            }
        }
    }

    private boolean tell(AsyncRequest request) {
        courier.tell(request);
        return false;
    }

    @Override
    public long size() throws IOException {
        checkOpen();
        return handle.size();
    }

    private void checkOpen() throws ClosedChannelException {
        if (gate.isClosed()) {
            throw new ClosedChannelException();
        }
    }

    /** See {@link BlockChannel#truncate}. */
    @Override
    public AsynchronousFileChannel truncate(long size) throws IOException {
        if (size < 0) {
            throw new IllegalArgumentException("size " + size + ": expected 0 or more");
        }
        checkOpen();
        if (!handle.mode().write()) {
            throw new NonWritableChannelException();
        }
        handle.checkTruncate(size);
        return this;
    }

    @Override
    public void force(boolean metadata) throws IOException {
        if (!gate.enter()) {
            throw new ClosedChannelException();
        }
        try {
            handle.sync();
        } catch (IOException failure) {
            if (gate.isClosed()) {
                AsynchronousCloseException closed = new AsynchronousCloseException();
                closed.initCause(failure);
                throw closed;
            }
            throw failure;
        } finally {
            gate.leave();
        }
    }

    @Override
    public <A> void lock(
            long position, long size, boolean shared, A attachment, CompletionHandler<FileLock, ? super A> handler) {
        Objects.requireNonNull(handler, "handler");
        checkLock(shared);
        Runnable told;
        try {
            FileLock lock = tryLock(position, size, shared);
            told = () -> handler.completed(lock, attachment);
        } catch (IOException failure) {
            told = () -> handler.failed(failure, attachment);
        }
        courier.tell(AsyncRequest.settled(this, told));
    }

    @Override
    public Future<FileLock> lock(long position, long size, boolean shared) {
        checkLock(shared);
        try {
            return CompletableFuture.completedFuture(tryLock(position, size, shared));
        } catch (IOException failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }

    private void checkLock(boolean shared) {
        if (shared && !handle.mode().read()) {
            throw new NonReadableChannelException();
        }
        if (!shared && !handle.mode().write()) {
            throw new NonWritableChannelException();
        }
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
        checkLock(shared);
        checkOpen();
        FileLock lock = handle.file().locks().take(this, position, size, shared);
        if (gate.isClosed()) {
            handle.file().locks().releaseAll(this);
            throw new ClosedChannelException();
        }
        return lock;
    }

    @Override
    public boolean isOpen() {
        return !gate.isClosed();
    }

    /** Closes it: what is in flight is waited for, what is not begun is told of as closed. Idempotent. */
    @Override
    public void close() throws IOException {
        handle.close(this);
    }

    @Override
    public String toString() {
        return handle.path();
    }
}
