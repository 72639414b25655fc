package io.sluice.vfs;

import io.sluice.block.BlockIoException;
import io.sluice.block.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A request that no thread waits for: whoever asked is told by a handler or a future. It has gone through its channel's gate, and leaves by it when its memory is free. */
final class AsyncRequest extends Request implements Runnable {
    /** Who is told. */
    private interface Told {
        void completed(int result);

        void failed(Throwable failure);
    }

    private final Handle handle;
    private final @Nullable Executor executor;
    private final Told told;
    private int result;
    private @Nullable IOException refusal;
    private volatile boolean cancelled;
    /** Whether telling began; for the thread that tells. */
    private boolean isTold;

    private AsyncRequest(AsyncBlockChannel channel, Told told) {
        super(channel.gate());
        this.handle = channel.handle();
        this.executor = channel.executor();
        this.told = told;
    }

    /** One that a handler is told of. */
    static <A> AsyncRequest handled(
            AsyncBlockChannel channel, A attachment, CompletionHandler<Integer, ? super A> handler) {
        return new AsyncRequest(channel, new Told() {
            @Override
            public void completed(int result) {
                handler.completed(result, attachment);
            }

            @Override
            public void failed(Throwable failure) {
                handler.failed(failure, attachment);
            }
        });
    }

    /** One that a future is told of; cancelling the future asks that nothing more of the request be begun. */
    static AsyncRequest promised(AsyncBlockChannel channel, Promise promise) {
        AsyncRequest request = new AsyncRequest(channel, promise);
        promise.request = request;
        return request;
    }

    /** One that is done already, and only to be told of. */
    static AsyncRequest settled(AsyncBlockChannel channel, Runnable told) {
        return new AsyncRequest(channel, new Told() {
            @Override
            public void completed(int result) {
                told.run();
            }

            @Override
            public void failed(Throwable failure) {
                throw new AssertionError("nothing could fail", failure);
            }
        });
    }

    /** A future that is told. */
    static final class Promise extends CompletableFuture<Integer> implements Told {
        private @Nullable AsyncRequest request;

        @Override
        public void completed(int result) {
            boolean ignored = complete(result);
        }

        @Override
        public void failed(Throwable failure) {
            boolean ignored = completeExceptionally(failure);
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            boolean cancelled = super.cancel(mayInterruptIfRunning);
            AsyncRequest asked = request;
            if (cancelled && asked != null) {
                asked.cancel();
            }
            return cancelled;
        }

        @Override
        public <U> CompletableFuture<U> newIncompleteFuture() {
            return new CompletableFuture<>();
        }
    }

    /** Nothing is to be done but to tell so. */
    AsyncRequest settled(int known) {
        result = known;
        return this;
    }

    /** It cannot be done, and that is to be told. */
    AsyncRequest refused(IOException reason) {
        refusal = reason;
        return this;
    }

    private void cancel() {
        cancelled = true;
        handle.relay().giveUpUnwanted();
    }

    @Override
    boolean unwanted() {
        return cancelled || super.unwanted();
    }

    @Nullable
    Executor executor() {
        return executor;
    }

    @Override
    void finished(@Nullable ByteBuffer transferred) {
        if (transferred != null && failure() == null) {
            result = length();
            ByteBuffer ignored = transferred.position(transferred.position() + length());
        }
        gate().leave();
        handle.relay().courier().arrive(this);
    }

    /** Tells. */
    @Override
    public void run() {
        isTold = true;
        if (operation().changes()) {
            handle.file().outdate(position(), length(), null);
        }
        BlockIoException failure = failure();
        if (refusal != null) {
            told.failed(refusal);
        } else if (failure == null) {
            told.completed(result);
        } else if (gate().isClosed()) {
            AsynchronousCloseException closed = new AsynchronousCloseException();
            closed.initCause(failure);
            told.failed(closed);
        } else {
            told.failed(failure);
        }
    }

    /** Whether {@link #run} was called, on this thread. */
    boolean isTold() {
        return isTold;
    }

    @Override
    public String toString() {
        return operation() == Operation.SYNC
                ? "sync"
                : operation() + " of " + length() + " bytes at byte " + position();
    }
}
