package io.sluice.partition;

import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.Completion;
import io.sluice.block.DeadlineException;
import io.sluice.block.DeviceGoneException;
import io.sluice.block.FencedException;
import io.sluice.block.IoBuffer;
import io.sluice.block.Operation;
import io.sluice.block.Segments;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Carries the operations of many clients over one session, in the order of a {@link FairQueue}, those of one client in their own order; so a {@link Operation#SYNC}
 * of a client finds its earlier writes submitted. Data is copied through the session's buffer, unless the client's memory was made known to the
 * session. One thread; nothing is allocated as long as operations succeed.
 */
final class Dispatcher implements Completion {
    private final String name;
    private final BlockSession session;
    private final FairQueue queue;
    private final StagingMemory staging;
    /** Memory of clients that the session moves data into and out of by itself. */
    private final IdentityHashMap<ClientSession, IoBuffer> known = new IdentityHashMap<>();

    private final Segments scattered = new Segments(Segments.MOST);
    /** Memory of clients that left, which the device did not let go of. */
    private final List<ClientMemory> kept = new ArrayList<>();

    // What is in flight, by the tag that the session gets.
    private final @Nullable ClientSession[] clientOf;
    private final int[] slotOf;
    private final int[] stagedAt;
    private final int[] free;
    private int freeCount;
    /** To whom answers were given that they do not know of yet. */
    private final @Nullable ClientSession[] answered;

    private int answeredCount;
    private @Nullable BlockIoException gone;

    /**
     * A dispatcher that owns a session.
     *
     * @param name of the device in messages
     * @param unitBytes what places in the session's memory are multiples of
     * @param mayFly see {@link FairQueue}
     */
    Dispatcher(String name, BlockSession session, int unitBytes, long mayFly) {
        this.name = name;
        this.session = session;
        this.queue = new FairQueue(mayFly);
        this.staging = new StagingMemory(session.buffer(), unitBytes);
        int depth = session.queueDepth();
        this.clientOf = new ClientSession[depth];
        this.slotOf = new int[depth];
        this.stagedAt = new int[depth];
        this.free = new int[depth];
        Arrays.setAll(free, i -> i);
        this.freeCount = depth;
        this.answered = new ClientSession[depth];
    }

    /** Makes the memory of a client known to the session, which then needs no copy; where it takes no such memory, copies are made. */
    void join(ClientSession client) {
        try {
            known.put(client, session.wrap(client.memory().bytes()));
        } catch (BlockIoException copyInstead) {
            known.remove(client);
        }
    }

    /** Whether data of a client moves without a copy here. */
    boolean knows(ClientSession client) {
        return known.containsKey(client);
    }

    /** Forgets a client that has nothing in flight; its memory is taken away from the device now, or else when the session underneath is closed. */
    void leave(ClientSession client) {
        IoBuffer memory = known.remove(client);
        if (memory != null) {
            try {
                session.unwrap(memory);
            } catch (BlockIoException later) {
                kept.add(client.memory());
            }
        }
    }

    /**
     * Takes answers of the session, and sends what may be sent.
     *
     * @return how much was done
     */
    int round(ClientSession[] clients) {
        int work = receive();
        work += send(clients);
        return work;
    }

    private int receive() {
        int reported = 0;
        if (gone == null && session.inFlight() > 0) {
            try {
                reported = session.poll(this, clientOf.length);
            } catch (BlockIoException failure) {
                giveUp(failure);
                reported = 1;
            }
        }
        tell();
        return reported;
    }

    /** The session is of no use any more: what is in flight fails, and so does whatever comes. */
    void giveUp(BlockIoException failure) {
        gone = failure;
        for (int tag = 0; tag < clientOf.length; tag++) {
            if (clientOf[tag] != null) {
                failed(tag, failure);
            }
        }
        tell();
    }

    private void tell() {
        for (int i = 0; i < answeredCount; i++) {
            ClientSession client = answered[i];
            if (client != null) {
                client.tell();
            }
            answered[i] = null;
        }
        answeredCount = 0;
    }

    private int send(ClientSession[] clients) {
        int sent = 0;
        while (true) {
            ClientSession next = null;
            int atWork = 0;
            for (ClientSession client : clients) {
                Flow flow = client.flow();
                if (client.requests().size() > 0) {
                    queue.arrive(flow);
                    if (next == null || FairQueue.isBefore(flow, next.flow())) {
                        next = client;
                    }
                }
                if (queue.isAtWork(flow)) {
                    atWork++;
                }
            }
            if (next == null || !send(next, atWork == 1)) {
                break;
            }
            sent++;
        }
        if (sent > 0) {
            session.commit();
            tell();
        }
        return sent;
    }

    /** Sends the oldest operation of a client, or answers it where it need not be sent; returns whether it did either. */
    private boolean send(ClientSession client, boolean alone) {
        int slot = client.requests().peek();
        BlockIoException refusal = refusal(client, slot);
        if (refusal != null) {
            answerUnsent(client, slot, refusal);
            return true;
        }
        int bytes = client.bytes(slot);
        long cost = FairQueue.cost(bytes);
        if (freeCount == 0 || !queue.maySend(client.flow(), cost, alone)) {
            return false;
        }
        IoBuffer memory = known.get(client);
        int staged = -1;
        if (bytes > 0 && memory == null) {
            staged = staging.take(bytes);
            if (staged < 0) {
                return waitsForNothing(client, slot);
            }
        }
        int tag = free[freeCount - 1];
        boolean taken;
        try {
            taken = submit(client, slot, memory, staged, bytes, tag);
        } catch (BlockIoException failure) {
            giveBack(staged, bytes);
            answerUnsent(client, slot, client.failure(slot, failure));
            return true;
        }
        if (!taken) {
            giveBack(staged, bytes);
            return waitsForNothing(client, slot);
        }
        freeCount--;
        int ignored = client.requests().take();
        clientOf[tag] = client;
        slotOf[tag] = slot;
        stagedAt[tag] = staged;
        queue.send(client.flow(), cost);
        return true;
    }

    /** There is no room; where nothing is in flight that would make some, the operation fails. */
    private boolean waitsForNothing(ClientSession client, int slot) {
        if (inFlight() > 0) {
            return false;
        }
        answerUnsent(
                client,
                slot,
                client.failure(
                        slot,
                        new BlockIoException(
                                name,
                                "operations that the device never answered hold all of the session's slots or memory; close the"
                                        + " device and open it again")));
        return true;
    }

    private boolean submit(ClientSession client, int slot, @Nullable IoBuffer memory, int staged, int bytes, int tag)
            throws BlockIoException {
        Operation operation = client.operation(slot);
        long block = client.blockOnDevice(slot);
        long count = client.count(slot);
        Segments segments = client.segments(slot);
        if (memory != null && segments != null) {
            scattered.clear();
            for (int i = 0; i < segments.count(); i++) {
                scattered.add(memory, segments.offset(i), segments.length(i));
            }
            return session.submit(operation, block, count, scattered, tag);
        }
        if (memory != null) {
            return session.submit(operation, block, count, memory, client.offset(slot), tag);
        }
        if (bytes > 0 && operation.changes()) {
            gather(client, slot, segments, staged, bytes);
        }
        return session.submit(operation, block, count, staging.buffer(), Math.max(0, staged), tag);
    }

    /** Copies the data of a write from the client's memory. */
    private void gather(ClientSession client, int slot, @Nullable Segments segments, int staged, int bytes) {
        if (segments == null) {
            staging.bytes().put(staged, client.memory().bytes(), client.offset(slot), bytes);
            return;
        }
        int to = staged;
        for (int i = 0; i < segments.count(); i++) {
            staging.bytes().put(to, client.memory().bytes(), segments.offset(i), segments.length(i));
            to += segments.length(i);
        }
    }

    /** Copies the data of a read into the client's memory. */
    private void scatter(ClientSession client, int slot, int staged, int bytes) {
        Segments segments = client.segments(slot);
        if (segments == null) {
            client.memory().bytes().put(client.offset(slot), staging.bytes(), staged, bytes);
            return;
        }
        int from = staged;
        for (int i = 0; i < segments.count(); i++) {
            client.memory().bytes().put(segments.offset(i), staging.bytes(), from, segments.length(i));
            from += segments.length(i);
        }
    }

    private @Nullable BlockIoException refusal(ClientSession client, int slot) {
        String fence = client.fenced();
        if (fence != null) {
            return client.failure(slot, new FencedException(name, fence));
        }
        return gone == null ? null : client.failure(slot, gone);
    }

    private void answerUnsent(ClientSession client, int slot, BlockIoException failure) {
        int ignored = client.requests().take();
        client.flow().leave();
        client.answer(slot, failure);
        client.tell();
    }

    private void giveBack(int staged, int bytes) {
        if (staged >= 0) {
            staging.giveBack(staged, bytes);
        }
    }

    @Override
    public void completed(long tag) {
        answer((int) tag, null);
    }

    @Override
    public void failed(long tag, BlockIoException failure) {
        answer((int) tag, failure);
    }

    private void answer(int tag, @Nullable BlockIoException failure) {
        ClientSession client = clientOf[tag];
        if (client == null) {
            throw new IllegalStateException(session + " completed an operation that is not in flight");
        }
        int slot = slotOf[tag];
        int bytes = client.bytes(slot);
        int staged = stagedAt[tag];
        clientOf[tag] = null;
        free[freeCount++] = tag;
        if (staged >= 0) {
            if (failure == null && client.operation(slot) == Operation.READ) {
                // What a failed read left in the buffer may be somebody else's.
                scatter(client, slot, staged, bytes);
            }
            if (!(failure instanceof DeadlineException)) {
                staging.giveBack(staged, bytes);
            }
            // Otherwise the device may still move data into it at any time, so that it stays taken.
        }
        queue.complete(client.flow(), FairQueue.cost(bytes));
        client.answer(slot, failure == null ? null : client.failure(slot, failure));
        answered[answeredCount++] = client;
    }

    /** How many operations are in flight on the session. */
    int inFlight() {
        return clientOf.length - freeCount;
    }

    /** Why the session is of no use any more; null while it is. */
    @Nullable
    BlockIoException gone() {
        return gone;
    }

    /** A failure of everything that nobody foresaw. */
    BlockIoException unexpected(Throwable cause) {
        DeviceGoneException failure =
                new DeviceGoneException(name, "the thread of its multiplexer failed: " + cause + "; close the device");
        failure.initCause(cause);
        return failure;
    }
}
