package io.sluice.linux;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import jnr.constants.platform.Errno;
import org.jspecify.annotations.Nullable;

/**
 * A Unix stream socket at a path, which other processes connect to. It can be used by this user alone (mode 0600), from
 * the moment it is there.
 *
 * <p>One thread accepts; any thread may close.
 */
public final class ListeningSocket implements Closeable {
    private static final int STREAM = 1;
    private static final int CLOSE_ON_EXEC = 0x80000;
    private static final int OWNER_ALONE = 0600;
    private static final int DIRECTORY = 0x10000;
    private static final int LOCK_EXCLUSIVE = 2;
    private static final int SHUT_BOTH = 2;
    /** Clients that may wait while another is served. */
    private static final int BACKLOG = 16;

    private final Path path;
    private final Descriptor socket;
    private final @Nullable Object inode;

    private ListeningSocket(Path path, Descriptor socket) throws IOException {
        this.path = path;
        this.socket = socket;
        this.inode = attributes(path).fileKey();
    }

    /**
     * Makes a socket and listens. What a server that died has left at the path is replaced; nothing else is.
     *
     * @param path at most 107 bytes, in a directory that this user may read and write
     * @throws FileAlreadyExistsException when something else than a socket is there, a link to one included, or a socket on which somebody listens
     */
    public static ListeningSocket at(Path path) throws IOException {
        NativeLibrary.ensureAvailable();
        byte[] address = SocketPath.address(path);
        Path directory = path.toAbsolutePath().getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw new NoSuchFileException(path.toString(), null, "there is no such directory to make a socket in");
        }
        // Of two servers that start at once, neither may take the other's new socket for a dead one: they look, remove
        // and bind in turn.
        Descriptor lock = lock(directory);
        try {
            removeStale(path);
            int fd = (int) Libc.check(
                    "socket", path.toString(), Libc.calls().socket(MessageSocket.UNIX, STREAM | CLOSE_ON_EXEC, 0));
            Descriptor socket = new Descriptor(path.toString(), fd);
            try {
                // Linux gives the path's inode the mode that the socket has when it is bound, so there is no moment at
                // which others
                // can connect, and this process's umask, which belongs to all its threads, is left alone.
                socket.call("fchmod", number -> Libc.result(Libc.calls().fchmod(number, OWNER_ALONE)));
                socket.call("bind", number -> Libc.result(Libc.calls().bind(number, address, address.length)));
                socket.call("listen", number -> Libc.result(Libc.calls().listen(number, BACKLOG)));
                return new ListeningSocket(path, socket);
            } catch (IOException exception) {
                socket.close();
                throw exception;
            }
        } finally {
            lock.close();
        }
    }

    private static Descriptor lock(Path directory) throws IOException {
        String name = directory.toString();
        int fd = (int) Libc.check("open", name, Libc.calls().open(name, CLOSE_ON_EXEC | DIRECTORY));
        Descriptor lock = new Descriptor(name, fd);
        try {
            long result;
            do {
                result = Libc.calls().flock(fd, LOCK_EXCLUSIVE);
            } while (result < 0 && Libc.errno() == Errno.EINTR.intValue());
            Libc.check("flock", name, result);
            return lock;
        } catch (IOException exception) {
            lock.close();
            throw exception;
        }
    }

    private static void removeStale(Path path) throws IOException {
        BasicFileAttributes found;
        try {
            found = attributes(path);
        } catch (NoSuchFileException free) {
            return;
        }
        if (!isSocket(path, found)) {
            throw new FileAlreadyExistsException(
                    path.toString(),
                    null,
                    "is there and is no socket; it stays as it is: remove it, or name another path");
        }
        try (MessageSocket probe = MessageSocket.connect(path)) {
            throw new FileAlreadyExistsException(
                    path.toString(),
                    null,
                    "process " + probe.peer().process() + " listens there; end it, or name another path");
        } catch (LinuxException refused) {
            if (refused.errno() != Errno.ECONNREFUSED) {
                throw refused;
            }
        }
        Files.delete(path);
    }

    private static boolean isSocket(Path path, BasicFileAttributes attributes) throws IOException {
        int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        return attributes.isOther() && (mode & 0170000) == 0140000;
    }

    private static BasicFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /**
     * Waits for the next client.
     *
     * @throws AsynchronousCloseException when {@link #close} ends the wait
     * @throws ClosedChannelException when it was closed before
     */
    public MessageSocket accept() throws IOException {
        int fd = socket.acquire();
        try {
            while (true) {
                int client = Libc.calls().accept4(fd, null, null, CLOSE_ON_EXEC);
                int errno = client < 0 ? Libc.errno() : 0;
                if (socket.isClosed()) {
                    if (client >= 0) {
                        MemoryShim.close(client);
                    }
                    throw new AsynchronousCloseException();
                }
                if (client >= 0) {
                    return new MessageSocket(new Descriptor(path.toString(), client));
                }
                // ECONNABORTED: a client that gave up while it waited.
                if (errno != Errno.EINTR.intValue() && errno != Errno.ECONNABORTED.intValue()) {
                    throw new LinuxException("accept4", path.toString(), errno);
                }
            }
        } finally {
            socket.release();
        }
    }

    /** Ends the wait of {@link #accept}, and removes the path unless something else is there by now. Idempotent. */
    @Override
    public void close() throws IOException {
        int fd;
        try {
            fd = socket.acquire();
        } catch (ClosedChannelException alreadyClosed) {
            return;
        }
        try {
            socket.close();
            Libc.calls().shutdown(fd, SHUT_BOTH);
        } finally {
            socket.release();
        }
        try {
            if (inode != null && inode.equals(attributes(path).fileKey())) {
                Files.delete(path);
            }
        } catch (NoSuchFileException removedBySomebody) {
            return;
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
