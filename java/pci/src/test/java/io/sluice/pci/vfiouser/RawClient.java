package io.sluice.pci.vfiouser;

import io.sluice.linux.Descriptor;
import io.sluice.linux.LinuxException;
import io.sluice.linux.MessageSocket;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import jnr.constants.platform.Errno;
import org.jspecify.annotations.Nullable;

/** A client that sends what it is told to, sensible or not. */
final class RawClient implements Closeable {
    /** The identifier of its messages. */
    static final int ID = 7;

    private static final long LONG_ENOUGH_NANOS = 30_000_000_000L;

    private final MessageSocket socket;
    private final MessageChannel channel;

    RawClient(Path path) throws IOException {
        socket = MessageSocket.connect(path);
        channel = new MessageChannel(socket, LONG_ENOUGH_NANOS);
    }

    /** One that has agreed on a version. */
    static RawClient greeted(Path path) throws IOException {
        RawClient client = new RawClient(path);
        if (client.ask(new Version(0, 1, Capabilities.NONE)) != null) {
            throw new IOException("the server does not like the version");
        }
        return client;
    }

    void send(ByteBuffer bytes, Descriptor... descriptors) throws IOException {
        socket.send(bytes, List.of(descriptors));
    }

    void send(Command command, ByteBuffer body, Descriptor... descriptors) throws IOException {
        channel.send(Header.request(ID, command, body.remaining()), body, List.of(descriptors));
    }

    /** The next reply; null when the server ended the connection. */
    MessageChannel.@Nullable Frame receive() throws IOException {
        return channel.receive(LONG_ENOUGH_NANOS);
    }

    /** Sends a request; returns the error that it is refused with, null when it is granted. */
    @Nullable
    Errno ask(Request request, Descriptor... descriptors) throws IOException {
        return ask(request.command(), request.encode(), descriptors);
    }

    @Nullable
    Errno ask(Command command, ByteBuffer body, Descriptor... descriptors) throws IOException {
        send(command, body, descriptors);
        MessageChannel.Frame frame = receive();
        if (frame == null) {
            throw new IOException("the server ended the connection");
        }
        try (frame) {
            return frame.header().error() ? Errno.valueOf(frame.header().errno()) : null;
        }
    }

    /** Whether the server has ended the connection, after whatever else it still says. */
    boolean dismissed() throws IOException {
        while (true) {
            MessageChannel.Frame frame;
            try {
                frame = receive();
            } catch (LinuxException reset) {
                return reset.errno() == Errno.ECONNRESET;
            }
            if (frame == null) {
                return true;
            }
            frame.close();
        }
    }

    @Override
    public void close() {
        channel.close();
    }
}
