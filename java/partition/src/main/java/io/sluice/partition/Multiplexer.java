package io.sluice.partition;

import io.sluice.block.BlockDevice;
import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.Geometry;
import io.sluice.block.SessionClosedException;
import io.sluice.block.SessionOptions;
import io.sluice.block.Waiter;
import io.sluice.block.driver.Window;
import io.sluice.block.statistics.OpenSession;
import io.sluice.block.statistics.OpenSessions;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Many sessions over one session of a device: a thread of its own carries each operation to the device and each answer back. Sessions get shares of the device by
 * their weights and bytes, whatever each of them sends, and come and go while others are at work. Any thread.
 *
 * <p>There are two kinds. {@link #copying} is how a multiplexer is built that stands between a driver and its clients: each client has memory of its own, and
 * data is copied once on its way. It is what a {@link Mediator} is measured against. {@link #sharing} makes the memory of each client known to the device and copies
 * nothing where the device can reach it: it is for more sessions than a device has queues.
 *
 * <p>Sessions of either kind have memory of their own and take no other: {@link BlockSession#wrap} throws and says so. Who needs that (for a guest's memory, say) opens a
 * session of the device itself, and others find what they read and write in {@link BlockSession#buffer}.
 */
public final class Multiplexer implements BlockDevice {
    /** The largest {@link #open(SessionOptions, int) weight}. */
    public static final int MOST_WEIGHT = FairQueue.SCALE;

    private static final int PAGE_BYTES = 4096;

    private final String name;
    private final Geometry geometry;
    private final BlockSession session;
    private final boolean copying;
    private final int unitBytes;
    private final Dispatcher dispatcher;
    private final Waiter waiter;
    private final Thread thread;
    private final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();

    /** What the thread is asked to do between two rounds; guarded by itself. */
    private final Queue<Runnable> errands = new ArrayDeque<>();

    private volatile boolean hasErrands;
    private volatile ClientSession[] clients = {};
    private volatile boolean closing;

    private Multiplexer(BlockDevice device, BlockSession session, MultiplexerOptions options, boolean copying) {
        this.name = device.name();
        this.session = session;
        this.copying = copying;
        this.geometry = session.geometry();
        this.unitBytes = unitBytes(device);
        this.dispatcher = new Dispatcher(name, session, unitBytes, options.sharedBytes());
        this.waiter = new Waiter(options.waiting(), session, this::pending);
        this.thread = new Thread(this::run, "sluice multiplexer of " + name);
        thread.setDaemon(true);
    }

    /**
     * A multiplexer that copies. The device stays the caller's, and open until this is closed.
     *
     * @throws IOException when the device gives no session
     */
    public static Multiplexer copying(BlockDevice device, MultiplexerOptions options) throws IOException {
        return start(device, options, true);
    }

    /** A multiplexer that copies only where the device cannot reach the memory of clients; otherwise as {@link #copying}. */
    public static Multiplexer sharing(BlockDevice device, MultiplexerOptions options) throws IOException {
        return start(device, options, false);
    }

    private static Multiplexer start(BlockDevice device, MultiplexerOptions options, boolean copying)
            throws IOException {
        Multiplexer multiplexer = of(device, options, copying);
        multiplexer.thread.start();
        return multiplexer;
    }

    /** One whose thread does not run: a test makes its {@link #round}s. */
    static Multiplexer of(BlockDevice device, MultiplexerOptions options, boolean copying) throws IOException {
        BlockSession session = device.open(SessionOptions.defaults()
                .label("multiplexer")
                .writeable(device.geometry().writeable())
                .bufferBytes(wholeUnits(options.bufferBytes(), unitBytes(device)))
                .queueDepth(options.queueDepth())
                .interrupts(options.waiting().sleepsOnInterrupt()));
        return new Multiplexer(device, session, options, copying);
    }

    /** A page, or what the device wants in its place. */
    private static int unitBytes(BlockDevice device) {
        return Math.max(PAGE_BYTES, device.geometry().alignmentBytes());
    }

    /** The largest transfer must find room among units; there is always room for a block. */
    private static int wholeUnits(int bytes, int unitBytes) {
        return (bytes + unitBytes - 1) & -unitBytes;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Geometry geometry() {
        return geometry;
    }

    /** Opens a session of weight 1. */
    @Override
    public BlockSession open(SessionOptions options) throws IOException {
        return open(options, 1);
    }

    /**
     * Opens a session. How long an operation may take counts from when the device gets it, and is what sessions of the device have unless they say otherwise.
     *
     * @param weight its share beside those of others, 1 to {@link #MOST_WEIGHT}
     * @throws BlockIoException see {@link BlockDevice#open}
     */
    public BlockSession open(SessionOptions options, int weight) throws IOException {
        return openClient(options, weight);
    }

    /**
     * Changes the weight of a session that is open here, from its next operation on.
     *
     * @throws IllegalArgumentException when it is no session of this
     */
    public void weight(BlockSession session, int weight) {
        checkWeight(weight);
        if (!(session instanceof ClientSession client) || !client.isOf(this)) {
            throw new IllegalArgumentException(session + " is not a session of the " + this);
        }
        client.flow().weight(weight);
    }

    private static void checkWeight(int weight) {
        if (weight < 1 || weight > MOST_WEIGHT) {
            throw new IllegalArgumentException("weight " + weight + ": expected 1 to " + MOST_WEIGHT);
        }
    }

    ClientSession openClient(SessionOptions options, int weight) throws IOException {
        checkWeight(weight);
        if (options.bufferBytes() < geometry.blockBytes()) {
            throw new BlockIoException(
                    name,
                    "a buffer of " + options.bufferBytes() + " bytes does not hold a block of " + geometry.blockBytes()
                            + "; open the session with a larger one");
        }
        ClientMemory memory = ClientMemory.allocate(options.bufferBytes(), unitBytes);
        Window window = Window.of(name, geometry, options, memory.size());
        ClientSession client = new ClientSession(this, window, memory, options, weight);
        if (!copying) {
            send(() -> dispatcher.join(client));
        }
        synchronized (this) {
            if (closing) {
                throw new SessionClosedException(name, "the device is closed");
            }
            ClientSession[] more = Arrays.copyOf(clients, clients.length + 1);
            more[clients.length] = client;
            clients = more;
        }
        SessionOptions found =
                options.window(window.onDevice(0), window.geometry().blockCount());
        OpenSession announced = OpenSessions.announce(client, name, found, client.counters());
        client.whenEnded(announced::ended);
        return client;
    }

    /** Has the thread do something, and waits until it has. */
    private void send(Runnable errand) throws IOException {
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        synchronized (errands) {
            if (closing) {
                throw new SessionClosedException(name, "the device is closed");
            }
            errands.add(() -> {
                try {
                    errand.run();
                    done.complete(null);
                } catch (RuntimeException | Error failure) {
                    done.completeExceptionally(failure);
                }
            });
            hasErrands = true;
        }
        wake();
        // How the thread ended is for close to say; whoever comes then finds the device closed.
        CompletableFuture.anyOf(done, end.handle((nothing, failure) -> "ended")).join();
    }

    /** A session was closed; nothing of it is in flight. */
    void leave(ClientSession client) throws IOException {
        synchronized (this) {
            clients = Arrays.stream(clients).filter(other -> other != client).toArray(ClientSession[]::new);
        }
        if (!copying && isOpen()) {
            try {
                send(() -> dispatcher.leave(client));
            } catch (SessionClosedException closedMeanwhile) {
                // Then its memory is let go of with the session underneath.
                return;
            }
        }
    }

    boolean isOpen() {
        return !closing;
    }

    /** How many sessions are open. */
    public int sessions() {
        return clients.length;
    }

    void wake() {
        waiter.wake();
    }

    private boolean pending() {
        if (closing || hasErrands) {
            return true;
        }
        for (ClientSession client : clients) {
            if (client.requests().hasNews()) {
                return true;
            }
        }
        return false;
    }

    private void run() {
        while (!closing) {
            try {
                int work = round();
                if (dispatcher.gone() == null) {
                    waiter.idle(work);
                } else if (work == 0) {
                    // The session underneath cannot be waited for any more; whoever still comes is told so.
                    LockSupport.parkNanos(this, 1_000_000);
                }
                // Nobody has a reason to interrupt this thread, and with the flag set it would not sleep.
                boolean ignored = Thread.interrupted();
            } catch (BlockIoException failure) {
                dispatcher.giveUp(failure);
            } catch (IOException | RuntimeException | Error failure) {
                dispatcher.giveUp(dispatcher.unexpected(failure));
            }
        }
        finish();
    }

    /** Does what there is to do now; returns how much that was. */
    int round() {
        int work = dispatcher.round(clients);
        if (hasErrands) {
            runErrands();
        }
        return work;
    }

    private void runErrands() {
        while (true) {
            Runnable errand;
            synchronized (errands) {
                errand = errands.poll();
                hasErrands = errand != null;
            }
            if (errand == null) {
                return;
            }
            errand.run();
        }
    }

    private void finish() {
        try {
            session.close();
            end.complete(null);
        } catch (IOException | RuntimeException | Error failure) {
            end.completeExceptionally(failure);
        }
    }

    /** Closes the sessions, and the one underneath after what is in flight on it is done; what its clients did not hear of yet is not reported any more. */
    @Override
    public void close() throws IOException {
        synchronized (this) {
            synchronized (errands) {
                closing = true;
            }
        }
        wake();
        try {
            end.join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw failed;
        } finally {
            for (ClientSession client : clients) {
                client.abandon();
            }
            clients = new ClientSession[0];
        }
    }

    /** Which of the two kinds it is. */
    String kind() {
        return copying ? "copying" : "sharing";
    }

    @Override
    public String toString() {
        return kind() + " multiplexer over " + session;
    }
}
