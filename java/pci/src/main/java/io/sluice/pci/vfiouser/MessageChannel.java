package io.sluice.pci.vfiouser;

import io.sluice.linux.Descriptor;
import io.sluice.linux.LinuxException;
import io.sluice.linux.MessageSocket;
import java.io.Closeable;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import jnr.constants.platform.Errno;
import org.jspecify.annotations.Nullable;

/** Whole messages over a socket. One thread at a time sends and one receives; any thread may shut it down. */
final class MessageChannel implements Closeable {
    /** Most descriptors of a message, which is what QEMU sends at most too. */
    static final int MOST_DESCRIPTORS = 16;

    /** Most bytes of data in a message. */
    static final int MOST_DATA_BYTES = 1 << 20;

    /** Most bytes of a message: reads and writes of registers are the longest. */
    static final int MOST_BYTES = Header.BYTES + Reply.RegionData.FIXED_BYTES + MOST_DATA_BYTES;

    /** How much is taken from the socket at once, whatever a message announces. */
    private static final int PORTION = 1 << 16;

    private final MessageSocket socket;
    private final long stallNanos;

    /**
     * A channel over a connected socket, which it owns.
     *
     * @param stallNanos how long the other side may rest within a message, and take nothing of what is sent to it
     */
    MessageChannel(MessageSocket socket, long stallNanos) throws IOException {
        this.socket = socket;
        this.stallNanos = stallNanos;
        socket.sendTimeout(stallNanos);
    }

    /** A message that was received, and the owner of its descriptors. */
    static final class Frame implements Closeable {
        private final Header header;
        private final ByteBuffer body;
        private final List<Descriptor> descriptors;
        private boolean handedOn;

        Frame(Header header, ByteBuffer body, List<Descriptor> descriptors) {
            this.header = header;
            this.body = body;
            this.descriptors = List.copyOf(descriptors);
        }

        Header header() {
            return header;
        }

        /** What stands behind the header, to be read once. */
        ByteBuffer body() {
            return body;
        }

        List<Descriptor> descriptors() {
            return descriptors;
        }

        /** Somebody else owns the descriptors now. */
        void handOn() {
            handedOn = true;
        }

        /** Closes the descriptors that are not handed on. */
        @Override
        public void close() {
            if (!handedOn) {
                descriptors.forEach(Descriptor::close);
            }
        }
    }

    /** Sends a message, header, body and descriptors together, as servers expect that read with one call. */
    void send(Header header, ByteBuffer body, List<Descriptor> descriptors) throws IOException {
        ByteBuffer message = Body.allocate(header.size());
        header.encode(message);
        message.put(body).flip();
        try {
            socket.send(message, descriptors);
            while (message.hasRemaining()) {
                socket.send(message, List.of());
            }
        } catch (LinuxException failure) {
            if (failure.errno() == Errno.EAGAIN) {
                throw timeout("the other side takes no messages", failure);
            }
            throw failure;
        }
    }

    /**
     * Receives the next message.
     *
     * @param timeoutNanos how long to wait for its beginning; negative without limit
     * @return null when the other side ended the connection
     * @throws SocketTimeoutException when the time is over
     * @throws ProtocolException when what comes is no message
     */
    @Nullable
    Frame receive(long timeoutNanos) throws IOException {
        if (!socket.awaitReceivable(timeoutNanos)) {
            throw timeout("no message came", null);
        }
        List<Descriptor> descriptors = new ArrayList<>();
        boolean complete = false;
        try {
            ByteBuffer start = Body.allocate(Header.BYTES);
            MessageSocket.Received first = socket.receive(start, MOST_DESCRIPTORS);
            if (first.bytes() < 0) {
                return null;
            }
            descriptors.addAll(first.descriptors());
            fill(start);
            Header header = Header.decode(start.flip(), MOST_BYTES);
            ByteBuffer body = body(header.size() - Header.BYTES);
            complete = true;
            return new Frame(header, body, descriptors);
        } finally {
            if (!complete) {
                descriptors.forEach(Descriptor::close);
            }
        }
    }

    /** Grows with what comes, so that a header that announces much costs nothing by itself. */
    private ByteBuffer body(int bytes) throws IOException {
        ByteBuffer body = Body.allocate(Math.min(bytes, PORTION));
        fill(body);
        while (body.capacity() < bytes) {
            body = Body.allocate((int) Math.min(bytes, 2L * body.capacity())).put(body.flip());
            fill(body);
        }
        return body.flip().order(ByteOrder.LITTLE_ENDIAN);
    }

    private void fill(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (!socket.awaitReceivable(stallNanos)) {
                throw timeout("half a message came and no more", null);
            }
            ByteBuffer portion = buffer.duplicate();
            portion.limit(buffer.position() + Math.min(buffer.remaining(), PORTION));
            // Descriptors come with the beginning of a message; where they come later, the socket closes them and
            // throws.
            MessageSocket.Received received = socket.receive(portion, 0);
            if (received.bytes() < 0) {
                throw new ProtocolException("the connection ended within a message");
            }
            buffer.position(portion.position());
        }
    }

    private static SocketTimeoutException timeout(String what, @Nullable Throwable cause) {
        SocketTimeoutException timeout = new SocketTimeoutException(what + " in time");
        timeout.initCause(cause);
        return timeout;
    }

    /** Ends the connection for both sides; whoever sends or receives here is woken. */
    void shutdown() {
        socket.shutdown();
    }

    @Override
    public void close() {
        socket.close();
    }
}
