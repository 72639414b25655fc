package io.sluice.vfs;

import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.DeviceGoneException;
import io.sluice.block.InvalidRequestException;
import io.sluice.block.IoBuffer;
import io.sluice.block.JobCompletion;
import io.sluice.block.JobException;
import io.sluice.block.JobOptions;
import io.sluice.block.Jobs;
import io.sluice.block.Operation;
import io.sluice.block.SessionClosedException;
import io.sluice.block.WaitStrategy;
import io.sluice.block.Waiter;
import java.io.Closeable;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A session that the threads which use it own in turn. Who owns it holds the baton. A thread that wants something done and finds the baton free takes it,
 * submits, and polls until its own request is done: no other thread is involved. One that finds it taken leaves its request for the holder, and sleeps. A holder
 * whose request is done passes the baton on to one who waits; requests that no thread waits for are left to the {@link Courier}.
 *
 * <p>All methods may be called from any thread. Nothing is allocated as long as requests succeed.
 */
final class Relay implements Closeable {
    private static final VarHandle HOLDER;
    private static final int EVERYTHING = Integer.MAX_VALUE;
    /** How long whoever closes sleeps before it looks again. */
    private static final long CLOSE_NAP_NANOS = 100_000;

    static {
        try {
            HOLDER = MethodHandles.lookup().findVarHandle(Relay.class, "holder", Thread.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final BlockSession session;
    private final Jobs jobs;
    private final Waiter waiter;
    private final Courier courier;

    /** Who owns the session; null when nobody does. */
    @SuppressWarnings("unused") // by HOLDER
    private volatile @Nullable Thread holder;

    /** For the holder. */
    private final RequestStack left = new RequestStack();

    /** Somebody does not want a request any more. */
    private volatile boolean unwanted;

    private volatile boolean lost;

    // The holder's. By tag, what is in flight; then what there was no room for.
    private final WrappedBuffers wrapped;

    private final @Nullable Request[] begun;
    private final int[] freeTags;
    private int freeCount;
    private @Nullable Request waitingHead;
    private @Nullable Request waitingTail;
    private boolean closed;

    /**
     * Takes a session over.
     *
     * @param inFlight most requests that are begun and not done; what is more waits for its turn, not the thread that asks for it
     * @param zeroCopyBytes how much of the callers' memory the device may be shown
     */
    Relay(BlockSession session, int inFlight, WaitStrategy waiting, long zeroCopyBytes) {
        this.session = session;
        this.jobs = new Jobs(session, JobOptions.defaults().maxJobs(inFlight), new Completions());
        this.wrapped = new WrappedBuffers(jobs, zeroCopyBytes);
        this.waiter = new Waiter(waiting, session, () -> !left.isEmpty() || unwanted);
        this.begun = new Request[inFlight];
        this.freeTags = new int[inFlight];
        Arrays.setAll(freeTags, i -> i);
        this.freeCount = inFlight;
        this.courier = new Courier(this);
    }

    /** The session, for what may be read by any thread. */
    BlockSession session() {
        return session;
    }

    Courier courier() {
        return courier;
    }

    /** Whether the session failed for good, so that a new one is needed. */
    boolean isLost() {
        return lost;
    }

    /** Has a request done, and returns when it is; its {@link Request#failure} tells how. */
    void perform(Request request) {
        request.waiting(Thread.currentThread());
        if (take()) {
            try {
                int ignored = begin(request);
                jobs.commit();
                lead(request);
            } finally {
                pass();
            }
        } else {
            leave(request);
            waiter.wake();
            follow(request);
        }
    }

    /** Has several requests done, which are begun in their order, and returns when all are. */
    void performAll(Request[] requests, int count) {
        for (int i = 0; i < count; i++) {
            requests[i].waiting(Thread.currentThread());
            leave(requests[i]);
        }
        waiter.wake();
        for (int i = 0; i < count; i++) {
            follow(requests[i]);
        }
    }

    private void follow(Request request) {
        boolean interrupted = false;
        while (!request.isDone()) {
            if (take()) {
                try {
                    lead(request);
                } finally {
                    pass();
                }
            } else {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Leaves a request for whoever holds the baton, or takes it next. */
    void leave(Request request) {
        left.leave(request);
    }

    /** Tells the device of what was left, now, or the holder that there is something. */
    void beginLeft() {
        if (take()) {
            try {
                if (takeLeft() > 0) {
                    jobs.commit();
                }
            } finally {
                pass();
            }
        } else {
            waiter.wake();
        }
    }

    /** Some requests are unwanted from now on. */
    void giveUpUnwanted() {
        unwanted = true;
        waiter.wake();
    }

    /** Polls for everybody until the requests of a channel are done, or somebody else does. */
    void drain(Gate gate) {
        giveUpUnwanted();
        while (!gate.isEmpty()) {
            boolean polls = take();
            if (polls) {
                try {
                    int work = round();
                    polls = busy();
                    if (polls) {
                        idle(work);
                    }
                } finally {
                    pass();
                }
            }
            if (!polls) {
                // Another does, or those whose requests are done are about to leave.
                LockSupport.parkNanos(this, CLOSE_NAP_NANOS);
            }
        }
    }

    boolean take() {
        return holder == null && HOLDER.compareAndSet(this, null, Thread.currentThread());
    }

    /** Gives the baton away; wakes one who waits, unless nobody does. */
    void pass() {
        while (true) {
            Thread next = jobs.inFlight() == 0 && waitingHead == null ? null : somebodyWaiting();
            boolean forCourier = courier.hasWork();
            holder = null;
            if (forCourier) {
                courier.wake();
            }
            // Both are woken where there are both: the courier may be busy with what its handlers do.
            if (next != null) {
                LockSupport.unpark(next);
                return;
            }
            // Either who left a request saw the baton free, and takes it; or what was left is seen here.
            if (left.isEmpty() || !take()) {
                return;
            }
            if (takeLeft() > 0) {
                jobs.commit();
            }
        }
    }

    private @Nullable Thread somebodyWaiting() {
        for (Request request : begun) {
            if (request != null && request.waiting() != null) {
                return request.waiting();
            }
        }
        for (Request request = waitingHead; request != null; request = request.next) {
            if (request.waiting() != null) {
                return request.waiting();
            }
        }
        return null;
    }

    private void lead(Request request) {
        boolean interrupted = false;
        while (!request.isDone()) {
            int work = round();
            // Told of work, too, so that the next wait begins with looking.
            if (work > 0 || !request.isDone()) {
                idle(work);
                // With the flag set nobody sleeps. The memory is the device's until the request is done: an interrupt
                // closes
                // the channel, and ends no wait.
                interrupted |= Thread.interrupted();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether something is begun or waits for room. The holder. */
    boolean busy() {
        return jobs.inFlight() > 0 || waitingHead != null;
    }

    /** Begins what was left, gives up what is unwanted, and takes what the device finished. The holder. */
    int round() {
        int work = left.isEmpty() ? 0 : takeLeft();
        if (unwanted) {
            giveUp();
        }
        if (waitingHead != null) {
            work += beginWaiting();
        }
        if (work > 0) {
            jobs.commit();
        }
        if (jobs.inFlight() > 0) {
            try {
                work += jobs.poll(EVERYTHING);
            } catch (BlockIoException failure) {
                // Each request in flight was told so.
                lost = true;
            }
        }
        return work;
    }

    /** Waits as the strategy says. The holder. */
    void idle(int work) {
        try {
            waiter.idle(work);
        } catch (IOException gone) {
            // The next poll tells those whose requests are in flight.
            lost = true;
        }
    }

    private int takeLeft() {
        int count = 0;
        Request request = left.takeAll();
        while (request != null) {
            Request behind = request.next;
            request.next = null;
            count += begin(request);
            request = behind;
        }
        return count;
    }

    /** Begins a request, or puts it behind those that wait for room. */
    private int begin(Request request) {
        if (waitingHead != null || freeCount == 0) {
            if (waitingTail == null) {
                waitingHead = request;
            } else {
                waitingTail.next = request;
            }
            waitingTail = request;
            return 0;
        }
        submit(request);
        return 1;
    }

    private int beginWaiting() {
        int count = 0;
        while (waitingHead != null && freeCount > 0) {
            Request request = waitingHead;
            waitingHead = request.next;
            request.next = null;
            if (waitingHead == null) {
                waitingTail = null;
            }
            submit(request);
            count++;
        }
        return count;
    }

    private void submit(Request request) {
        if (closed || request.unwanted()) {
            request.done(notBegun(request));
            return;
        }
        int tag = freeTags[--freeCount];
        begun[tag] = request;
        boolean submitted;
        try {
            submitted = request.operation() == Operation.SYNC ? jobs.sync(tag) : transfer(request, tag);
        } catch (BlockIoException refused) {
            // What can never be done is refused before; else the session has nothing more to say.
            lost |= !(refused instanceof InvalidRequestException);
            finish(tag, refused);
            return;
        }
        if (!submitted) {
            throw new IllegalStateException("no room for a job that has a tag");
        }
    }

    private boolean transfer(Request request, int tag) throws BlockIoException {
        ByteBuffer bytes = request.bytes();
        IoBuffer memory = wrapped.find(bytes);
        return memory == null
                ? jobs.submit(request.operation(), request.position(), request.length(), bytes, bytes.position(), tag)
                : jobs.submit(request.operation(), request.position(), request.length(), memory, bytes.position(), tag);
    }

    private BlockIoException notBegun(Request request) {
        int shift = session.geometry().blockShift();
        boolean sync = request.operation() == Operation.SYNC;
        long block = sync ? 0 : request.position() >> shift;
        long count = sync ? 0 : ((request.position() + request.length() - 1) >> shift) - block + 1;
        return closed
                ? new SessionClosedException(session.toString(), "the session is closed")
                : new BlockIoException(
                        session.toString(), request.operation(), block, count, "it was cancelled before it was begun");
    }

    private void giveUp() {
        unwanted = false;
        for (int tag = 0; tag < begun.length; tag++) {
            Request request = begun[tag];
            if (request != null && request.unwanted()) {
                boolean ignored = jobs.cancel(tag);
            }
        }
        Request kept = waitingHead;
        waitingHead = null;
        waitingTail = null;
        while (kept != null) {
            Request behind = kept.next;
            kept.next = null;
            if (kept.unwanted()) {
                kept.done(notBegun(kept));
            } else {
                int ignored = begin(kept);
            }
            kept = behind;
        }
    }

    private void finish(int tag, @Nullable BlockIoException failure) {
        Request request = begun[tag];
        if (request == null) {
            throw new IllegalStateException("no request has the tag " + tag);
        }
        begun[tag] = null;
        freeTags[freeCount++] = tag;
        request.done(failure);
    }

    private final class Completions implements JobCompletion {
        @Override
        public void completed(long tag) {
            finish((int) tag, null);
        }

        @Override
        public void failed(long tag, JobException failure) {
            lost |= failure.getCause() instanceof DeviceGoneException;
            finish((int) tag, failure);
        }
    }

    /** Ends the session, when every channel that used it is closed; whatever is left of requests fails. Idempotent. */
    @Override
    public void close() throws IOException {
        courier.end();
        while (!take()) {
            LockSupport.parkNanos(this, CLOSE_NAP_NANOS);
        }
        try {
            if (!closed) {
                closed = true;
                int ignored = takeLeft() + beginWaiting();
                jobs.close();
            }
        } finally {
            pass();
        }
    }

    @Override
    public String toString() {
        return session.toString();
    }
}
