package io.sluice.linux;

import java.io.Closeable;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jnr.constants.platform.Errno;
import jnr.ffi.Pointer;

/**
 * A Unix stream socket that carries descriptors beside bytes ({@code sendmsg(2)}, {@code recvmsg(2)}, SCM_RIGHTS of {@code
 * unix(7)}), as vfio-user and vhost-user need. One thread at a time sends and one receives. Control traffic: each call copies its bytes.
 */
public final class MessageSocket implements Closeable {
    /** {@code SCM_MAX_FD}: the kernel passes no more in one message. */
    public static final int MOST_DESCRIPTORS = 253;

    /** {@code AF_UNIX}. */
    static final int UNIX = 1;

    private static final int STREAM = 1;
    private static final int STREAM_CLOSE_ON_EXEC = STREAM | 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;
    private static final int MSG_CTRUNC = 8;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;
    private static final int STREAM_CLOSE_ON_EXEC_NON_BLOCKING = STREAM_CLOSE_ON_EXEC | 0x800;
    private static final int SO_PEERCRED = 17;
    private static final int SO_SNDTIMEO = 21;
    private static final int SET_FLAGS = 4;
    private static final int SHUT_BOTH = 2;
    private static final short POLLIN = 1;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long LONGEST_POLL_MILLIS = Integer.MAX_VALUE;

    // struct msghdr, struct iovec and struct cmsghdr of 64-bit Linux, in bytes.
    private static final int HEADER_VECTOR = 16;
    private static final int HEADER_VECTOR_COUNT = 24;
    private static final int HEADER_CONTROL = 32;
    private static final int HEADER_CONTROL_LENGTH = 40;
    private static final int HEADER_FLAGS = 48;
    private static final int HEADER_BYTES = 56;
    private static final int VECTOR_BYTES = 16;
    private static final int CONTROL_HEADER_BYTES = 16;

    private final Descriptor socket;

    /**
     * What came.
     *
     * @param bytes how many were put into the buffer; -1 when the other side has closed
     * @param descriptors what came with them, close-on-exec; the receiver closes them
     */
    public record Received(int bytes, List<Descriptor> descriptors) {}

    /** Takes over a connected socket. */
    MessageSocket(Descriptor socket) {
        this.socket = socket;
    }

    /**
     * Connects to whoever listens at a path.
     *
     * @param path at most 107 bytes
     * @throws LinuxException ENOENT when nothing is there, ECONNREFUSED when nobody listens, EAGAIN when too many clients wait there already,
     *     EACCES when this user may not connect
     */
    public static MessageSocket connect(Path path) throws IOException {
        NativeLibrary.ensureAvailable();
        byte[] address = SocketPath.address(path);
        String name = path.toString();
        int fd = (int) Libc.check("socket", name, Libc.calls().socket(UNIX, STREAM_CLOSE_ON_EXEC_NON_BLOCKING, 0));
        Descriptor socket = new Descriptor(name, fd);
        try {
            // Not blocking, so that a full queue of waiting clients is an error and not a wait without end.
            socket.call("connect", number -> Libc.result(Libc.calls().connect(number, address, address.length)));
            socket.call("fcntl", number -> Libc.result(Libc.calls().fcntl(number, SET_FLAGS, 0)));
            return new MessageSocket(socket);
        } catch (IOException exception) {
            socket.close();
            throw exception;
        }
    }

    /** Who is at the other end. */
    public PeerCredentials peer() throws IOException {
        int[] credentials = new int[3];
        int[] bytes = {credentials.length * Integer.BYTES};
        socket.call(
                "getsockopt(SO_PEERCRED)",
                fd -> Libc.result(Libc.calls().getsockopt(fd, SOL_SOCKET, SO_PEERCRED, credentials, bytes)));
        return new PeerCredentials(credentials[0], credentials[1], credentials[2]);
    }

    /**
     * Bounds how long {@link #send} waits for the other side to take something; it then fails with EAGAIN.
     *
     * @param nanos nanoseconds, above 0
     */
    public void sendTimeout(long nanos) throws IOException {
        long[] time = {nanos / 1_000_000_000, Math.max(1, nanos % 1_000_000_000 / 1000)};
        socket.call(
                "setsockopt(SO_SNDTIMEO)",
                fd -> Libc.result(
                        Libc.calls().setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, time, time.length * Long.BYTES)));
    }

    /**
     * Waits until there is something to receive, or the end of the other side.
     *
     * @param timeoutNanos nanoseconds, rounded up to milliseconds; negative waits without limit
     * @return false when the time is over
     */
    public boolean awaitReceivable(long timeoutNanos) throws IOException {
        long start = System.nanoTime();
        int fd = socket.acquire();
        try {
            // struct pollfd: the descriptor (32 bits), what is waited for and what came (16 bits each).
            short[] wait = {(short) fd, (short) (fd >>> 16), POLLIN, 0};
            while (true) {
                long rest = timeoutNanos < 0 ? Long.MAX_VALUE : timeoutNanos - (System.nanoTime() - start);
                long millis = (Math.max(0, rest) - 1) / NANOS_PER_MILLI + 1;
                int ready = Libc.calls().poll(wait, 1, (int) Math.min(millis, LONGEST_POLL_MILLIS));
                if (ready < 0 && Libc.errno() != Errno.EINTR.intValue()) {
                    throw new LinuxException("poll", socket.name(), Libc.errno());
                }
                if (ready > 0 || (ready == 0 && millis <= LONGEST_POLL_MILLIS)) {
                    return ready > 0;
                }
            }
        } finally {
            socket.release();
        }
    }

    /** Ends the connection for both sides: whoever waits to send or to receive here is woken. Any thread; idempotent. */
    public void shutdown() {
        int fd;
        try {
            fd = socket.acquire();
        } catch (ClosedChannelException closed) {
            return;
        }
        try {
            Libc.calls().shutdown(fd, SHUT_BOTH);
        } finally {
            socket.release();
        }
    }

    /** Two sockets that are connected with each other. */
    public static List<MessageSocket> pair() throws IOException {
        NativeLibrary.ensureAvailable();
        int[] ends = new int[2];
        Libc.check("socketpair", "AF_UNIX", Libc.calls().socketpair(UNIX, STREAM_CLOSE_ON_EXEC, 0, ends));
        return List.of(
                new MessageSocket(new Descriptor("socket", ends[0])),
                new MessageSocket(new Descriptor("socket", ends[1])));
    }

    /**
     * Sends bytes, and descriptors with the first of them. Blocks until the socket takes some.
     *
     * @param bytes at least 1; its position advances by what was sent
     * @param descriptors 0 to {@link #MOST_DESCRIPTORS}; they stay open here
     * @return how many bytes were sent; descriptors are sent as soon as one is
     * @throws LinuxException EPIPE when the other side has closed
     */
    public int send(ByteBuffer bytes, List<Descriptor> descriptors) throws IOException {
        if (!bytes.hasRemaining()) {
            throw new IllegalArgumentException("descriptors travel with at least one byte");
        }
        if (descriptors.size() > MOST_DESCRIPTORS) {
            throw new IllegalArgumentException(
                    descriptors.size() + " descriptors in a message (expected: 0 to " + MOST_DESCRIPTORS + ")");
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        int controlBytes = CONTROL_HEADER_BYTES + descriptors.size() * Integer.BYTES;
        Message message = Message.of(copy.length, descriptors.isEmpty() ? 0 : aligned(controlBytes));
        message.memory.put(message.data, copy, 0, copy.length);
        int acquired = 0;
        int fd = socket.acquire();
        try {
            if (!descriptors.isEmpty()) {
                message.memory.putLong(message.control, controlBytes);
                message.memory.putInt(message.control + 8, SOL_SOCKET);
                message.memory.putInt(message.control + 12, SCM_RIGHTS);
            }
            for (; acquired < descriptors.size(); acquired++) {
                message.memory.putInt(
                        message.control + CONTROL_HEADER_BYTES + (long) acquired * Integer.BYTES,
                        descriptors.get(acquired).acquire());
            }
            int sent =
                    (int) Libc.check("sendmsg", socket.name(), Libc.calls().sendmsg(fd, message.memory, MSG_NOSIGNAL));
            bytes.position(bytes.position() + sent);
            return sent;
        } finally {
            Reference.reachabilityFence(message);
            for (int i = 0; i < acquired; i++) {
                descriptors.get(i).release();
            }
            socket.release();
        }
    }

    /**
     * Receives what there is, at least one byte. Blocks until something comes.
     *
     * @param bytes takes them at its position, which advances
     * @param most how many descriptors are welcome, 0 to {@link #MOST_DESCRIPTORS}
     * @throws IOException when more descriptors came; all of them are closed then
     */
    public Received receive(ByteBuffer bytes, int most) throws IOException {
        if (!bytes.hasRemaining() || most < 0 || most > MOST_DESCRIPTORS) {
            throw new IllegalArgumentException(bytes.remaining() + " bytes and " + most
                    + " descriptors (expected: 1 and more, 0 to " + MOST_DESCRIPTORS + ")");
        }
        // Room for one too many, so that it is seen, and closed, here.
        int room = aligned(CONTROL_HEADER_BYTES + (most + 1) * Integer.BYTES);
        Message message = Message.of(bytes.remaining(), room);
        int fd = socket.acquire();
        int count;
        try {
            count = (int)
                    Libc.check("recvmsg", socket.name(), Libc.calls().recvmsg(fd, message.memory, MSG_CMSG_CLOEXEC));
        } finally {
            Reference.reachabilityFence(message);
            socket.release();
        }
        List<Descriptor> descriptors = message.descriptors();
        if (descriptors.size() > most || (message.memory.getInt(HEADER_FLAGS) & MSG_CTRUNC) != 0) {
            descriptors.forEach(Descriptor::close);
            throw new IOException(
                    socket.name() + ": the other side sent more than " + most + " descriptors in one message");
        }
        byte[] copy = new byte[count];
        message.memory.get(message.data, copy, 0, count);
        bytes.put(copy);
        return new Received(count == 0 ? -1 : count, List.copyOf(descriptors));
    }

    /**
     * A {@code struct msghdr} with one vector and what they point to, in one piece of native memory that lives as long as this.
     *
     * @param memory the header comes first
     * @param control offset of the control messages
     * @param controlBytes their room
     * @param data offset of the bytes
     */
    private record Message(Pointer memory, long control, int controlBytes, long data) {
        static Message of(int dataBytes, int controlBytes) {
            int control = HEADER_BYTES + VECTOR_BYTES;
            int data = control + controlBytes;
            Pointer memory = Libc.runtime().getMemoryManager().allocateDirect(data + dataBytes, true);
            memory.putAddress(HEADER_VECTOR, memory.address() + HEADER_BYTES);
            memory.putLong(HEADER_VECTOR_COUNT, 1);
            memory.putAddress(HEADER_BYTES, memory.address() + data);
            memory.putLong(HEADER_BYTES + Long.BYTES, dataBytes);
            if (controlBytes > 0) {
                memory.putAddress(HEADER_CONTROL, memory.address() + control);
                memory.putLong(HEADER_CONTROL_LENGTH, controlBytes);
            }
            return new Message(memory, control, controlBytes, data);
        }

        /** Walks the control messages that came; lengths that do not fit end the walk. */
        List<Descriptor> descriptors() {
            List<Descriptor> found = new ArrayList<>();
            long at = control;
            long end = control + Math.min(controlBytes, memory.getLong(HEADER_CONTROL_LENGTH));
            while (end - at >= CONTROL_HEADER_BYTES) {
                long bytes = memory.getLong(at);
                if (bytes < CONTROL_HEADER_BYTES || bytes > end - at) {
                    break;
                }
                if (memory.getInt(at + 8) == SOL_SOCKET && memory.getInt(at + 12) == SCM_RIGHTS) {
                    for (long i = CONTROL_HEADER_BYTES; i + Integer.BYTES <= bytes; i += Integer.BYTES) {
                        found.add(new Descriptor("received descriptor", memory.getInt(at + i)));
                    }
                }
                at += aligned((int) bytes);
            }
            return found;
        }
    }

    /** Control messages begin at multiples of 8 bytes. */
    private static int aligned(int bytes) {
        return (bytes + 7) & -8;
    }

    /** Closes the socket; the other side sees the end. Idempotent. */
    @Override
    public void close() {
        socket.close();
    }
}
