package io.sluice.vfs;

import io.sluice.block.BlockIoException;
import io.sluice.block.Operation;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A read, write or sync on its way through a {@link Relay}: filled in by whoever asks, then the relay's until it is done. This one has a thread that waits for it, and may be
 * used again after that.
 */
class Request {
    private static final VarHandle DONE;

    static {
        try {
            DONE = MethodHandles.lookup().findVarHandle(Request.class, "done", boolean.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final Gate gate;
    private Operation operation = Operation.SYNC;
    private long position;
    private int length;
    private @Nullable ByteBuffer bytes;
    private @Nullable Thread waiting;
    private @Nullable BlockIoException failure;

    @SuppressWarnings("UnusedVariable") // by DONE
    private boolean done;

    /** The relay's: the one behind it in a stack or a queue. */
    @Nullable
    Request next;

    /**
     * A request of a channel.
     *
     * @param gate the channel's; when it is closed nothing more of the request is begun
     */
    Request(Gate gate) {
        this.gate = gate;
    }

    /**
     * Says what is asked for.
     *
     * @param bytes from its position on {@code length} bytes are transferred; the position does not move; null for a sync
     */
    final Request of(Operation operation, long position, int length, @Nullable ByteBuffer bytes) {
        this.operation = operation;
        this.position = position;
        this.length = length;
        this.bytes = bytes;
        this.failure = null;
        DONE.setOpaque(this, false);
        return this;
    }

    final Operation operation() {
        return operation;
    }

    final long position() {
        return position;
    }

    final int length() {
        return length;
    }

    /** Of a request that transfers data. */
    final ByteBuffer bytes() {
        ByteBuffer known = bytes;
        if (known == null) {
            throw new IllegalStateException(operation + " transfers nothing");
        }
        return known;
    }

    final Gate gate() {
        return gate;
    }

    /** Whether nobody wants it any more. */
    boolean unwanted() {
        return gate.isClosed();
    }

    /** The thread that waits for it, which polls for all when nobody else does. */
    final @Nullable Thread waiting() {
        return waiting;
    }

    final void waiting(@Nullable Thread thread) {
        waiting = thread;
    }

    /** Whether the relay is through with it; then {@link #failure} and the transferred bytes can be seen. Any thread. */
    final boolean isDone() {
        return (boolean) DONE.getAcquire(this);
    }

    /** Why it failed; null when it did not. */
    final @Nullable BlockIoException failure() {
        return failure;
    }

    /** The relay is through with it, on whichever thread owns the session at the moment. */
    final void done(@Nullable BlockIoException reason) {
        failure = reason;
        ByteBuffer transferred = bytes;
        bytes = null;
        finished(transferred);
    }

    /** Lets whoever asked know; afterwards it may be used for something else. */
    void finished(@Nullable ByteBuffer transferred) {
        Thread thread = waiting;
        DONE.setRelease(this, true);
        if (thread != null && thread != Thread.currentThread()) {
            LockSupport.unpark(thread);
        }
    }
}
