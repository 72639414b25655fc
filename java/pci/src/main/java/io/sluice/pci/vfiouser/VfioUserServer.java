package io.sluice.pci.vfiouser;

import io.sluice.linux.ListeningSocket;
import io.sluice.linux.MessageSocket;
import io.sluice.linux.PeerCredentials;
import io.sluice.pci.FunctionModel;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Serves a device made of software to other processes on a Unix socket, over vfio-user: to QEMU's {@code vfio-user-pci}, say, or
 * to a {@link VfioUserFunction}. It has one client at a time; the next waits until the one before has left, and finds the device as after
 * power-on.
 *
 * <p>Nothing that a client sends or does harms the server or the next client: it is sent away when it breaks the protocol, and what it
 * had mapped is let go of when it leaves, however it does.
 */
public final class VfioUserServer implements Closeable {
    /** How long a client may take for its first message, for the rest of one that it began, and to take a reply. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Is told who comes and goes, by the thread that serves. */
    public interface Watcher {
        /** A client connected. */
        default void connected(PeerCredentials client) {}

        /**
         * A request was refused; the client goes on. Clients that mean no good can make many.
         *
         * @param why for people
         */
        default void refused(String why) {}

        /**
         * The client is gone, and nothing of it is left here.
         *
         * @param why for people
         */
        default void disconnected(String why) {}
    }

    private final ListeningSocket socket;
    private final FunctionModel model;
    private final Watcher watcher;
    private final long patienceNanos;
    private @Nullable ServedClient client;
    private boolean serving;
    private boolean closed;

    /**
     * Makes the socket; clients may connect from now on.
     *
     * @param path at most 107 bytes. The socket has mode 0600; a socket on which nobody listens any more is replaced
     * @param model the device; the server connects it, and leaves it to its owner to close
     * @throws java.nio.file.FileAlreadyExistsException when something else is at the path
     */
    public static VfioUserServer at(Path path, FunctionModel model, Watcher watcher) throws IOException {
        return at(path, model, watcher, PATIENCE);
    }

    static VfioUserServer at(Path path, FunctionModel model, Watcher watcher, Duration patience) throws IOException {
        return new VfioUserServer(ListeningSocket.at(path), model, watcher, patience.toNanos());
    }

    private VfioUserServer(ListeningSocket socket, FunctionModel model, Watcher watcher, long patienceNanos) {
        this.socket = socket;
        this.model = model;
        this.watcher = watcher;
        this.patienceNanos = patienceNanos;
    }

    /** Where it listens. */
    public Path path() {
        return socket.path();
    }

    /**
     * Serves one client after another in this thread, until {@link #close}.
     *
     * @throws IOException when no client can be accepted any more
     */
    public void serve() throws IOException {
        synchronized (this) {
            if (serving) {
                throw new IllegalStateException(socket + " is being served by another thread");
            }
            serving = !closed;
        }
        try {
            while (!isClosed()) {
                serve(socket.accept());
            }
        } catch (ClosedChannelException ended) {
            if (!isClosed()) {
                throw ended;
            }
        } finally {
            synchronized (this) {
                serving = false;
                notifyAll();
            }
        }
    }

    private void serve(MessageSocket connection) throws IOException {
        try (MessageChannel channel = new MessageChannel(connection, patienceNanos)) {
            ServedClient next = new ServedClient(channel, model, patienceNanos, watcher::refused);
            if (!begin(next)) {
                return;
            }
            watcher.connected(connection.peer());
            String why;
            try {
                why = next.serve();
            } catch (IOException broken) {
                // A client's connection may break in every way there is; the next one has its own.
                why = String.valueOf(broken.getMessage());
            } finally {
                end();
            }
            watcher.disconnected(why);
        } finally {
            connection.close();
        }
    }

    private synchronized boolean begin(ServedClient next) {
        if (closed) {
            return false;
        }
        client = next;
        return true;
    }

    private synchronized void end() {
        client = null;
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /**
     * Removes the socket, sends the client away and waits until {@link #serve} has returned. Any thread but that; idempotent.
     */
    @Override
    public void close() throws IOException {
        synchronized (this) {
            closed = true;
            if (client != null) {
                client.requestRemoval();
                client.dismiss();
            }
        }
        socket.close();
        boolean interrupted = false;
        synchronized (this) {
            while (serving) {
                try {
                    wait();
                } catch (InterruptedException exception) {
                    // The device is not to be closed under a client: that is worth waiting for.
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return "vfio-user:" + socket;
    }
}
