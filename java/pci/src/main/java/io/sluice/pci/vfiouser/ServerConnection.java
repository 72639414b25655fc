package io.sluice.pci.vfiouser;

import io.sluice.linux.Descriptor;
import io.sluice.linux.LinuxException;
import io.sluice.linux.MessageSocket;
import java.io.Closeable;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jnr.constants.platform.Errno;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection to its server: one request at a time, each with its reply. Once a reply is missing or makes no sense, nothing that
 * comes later can be believed, so the connection ends and every later call fails with the same reason. Any thread may call.
 */
final class ServerConnection implements Closeable {
    private final String server;
    private final long replyNanos;
    private final MessageChannel channel;
    private Capabilities offered = Capabilities.NONE;
    private int nextId;
    private volatile @Nullable IOException broken;

    private ServerConnection(String server, MessageChannel channel, long replyNanos) {
        this.server = server;
        this.channel = channel;
        this.replyNanos = replyNanos;
    }

    /**
     * What the server answered. Its descriptors belong to the receiver.
     *
     * @param descriptors none unless they were expected
     */
    record Answer(Reply reply, List<Descriptor> descriptors) {}

    /** Connects and agrees on a version. */
    static ServerConnection open(Path path, Duration replyDeadline) throws IOException {
        return open("vfio-user:" + path, connect(path), replyDeadline);
    }

    /** Agrees on a version over a connected socket, which the connection owns; closed when this fails. */
    static ServerConnection open(String name, MessageSocket socket, Duration replyDeadline) throws IOException {
        ServerConnection connection;
        try {
            connection = new ServerConnection(
                    name, new MessageChannel(socket, replyDeadline.toNanos()), replyDeadline.toNanos());
        } catch (IOException failure) {
            socket.close();
            throw failure;
        }
        try {
            connection.negotiate();
            return connection;
        } catch (IOException failure) {
            connection.close();
            throw failure;
        }
    }

    private static MessageSocket connect(Path path) throws IOException {
        try {
            return MessageSocket.connect(path);
        } catch (LinuxException failure) {
            throw new IOException(
                    "vfio-user:" + path + ": "
                            + switch (failure.errno()) {
                                case ENOENT -> "there is no such socket; is the server running, and is this its path?";
                                case ECONNREFUSED -> "nobody listens on this socket; start the server again";
                                case EAGAIN -> "too many clients wait for this server; end those that are not needed";
                                case EACCES -> "this user may not connect; run as the user that the server runs as";
                                default -> failure.getMessage();
                            },
                    failure);
        }
    }

    private void negotiate() throws IOException {
        Capabilities ours = new Capabilities(
                (long) MessageChannel.MOST_DESCRIPTORS, (long) MessageChannel.MOST_DATA_BYTES, 65535L, 4096L);
        Version version = call(new Version(Version.MAJOR, Version.MINOR, ours), Version.class);
        if (version.major() != Version.MAJOR || version.minor() > Version.MINOR) {
            throw fail(new ProtocolException("it answers version " + Version.MAJOR + "." + Version.MINOR + " with "
                    + version.major() + "." + version.minor()));
        }
        offered = version.capabilities();
    }

    /** What the server says that it takes. */
    Capabilities offered() {
        return offered;
    }

    /** A request whose reply has no descriptors. */
    <T extends Reply> T call(Request request, Class<T> expected) throws IOException {
        return call(request, List.of(), expected);
    }

    /** A request with descriptors, whose reply has none. */
    <T extends Reply> T call(Request request, List<Descriptor> descriptors, Class<T> expected) throws IOException {
        Answer answer = exchange(request, descriptors, 0);
        return expected.cast(answer.reply);
    }

    /**
     * A request and its reply.
     *
     * @param mostDescriptors how many descriptors may come with the reply
     * @throws ServerRefusedException when the server refuses the request; the connection goes on
     * @throws IOException when the connection broke, now or before
     */
    synchronized Answer exchange(Request request, List<Descriptor> descriptors, int mostDescriptors)
            throws IOException {
        IOException before = broken;
        if (before != null) {
            throw new IOException(before.getMessage(), before);
        }
        int id = nextId++ & 0xffff;
        try {
            ByteBuffer body = request.encode();
            channel.send(Header.request(id, request.command(), body.remaining()), body, descriptors);
            while (true) {
                MessageChannel.Frame frame = channel.receive(replyNanos);
                if (frame == null) {
                    throw new ProtocolException("the server ended the connection");
                }
                if (frame.header().type() == Header.Type.REPLY) {
                    return answer(request, id, frame, mostDescriptors);
                }
                decline(frame);
            }
        } catch (ServerRefusedException refusal) {
            throw refusal;
        } catch (IOException failure) {
            throw fail(failure, request.command());
        }
    }

    private Answer answer(Request request, int id, MessageChannel.Frame frame, int mostDescriptors) throws IOException {
        Header header = frame.header();
        Command command = request.command();
        try (frame) {
            if (header.id() != id || header.command() != command.number() || header.noReply()) {
                throw new ProtocolException("a reply to command " + header.command() + " with identifier " + header.id()
                        + " came that nobody asked for");
            }
            if (header.error()) {
                throw new ServerRefusedException(server, command, header.errno());
            }
            if (frame.descriptors().size() > mostDescriptors) {
                throw new ProtocolException("a reply with "
                        + frame.descriptors().size() + " descriptors came (expected: " + mostDescriptors + " at most)");
            }
            Answer answer = new Answer(Reply.decode(command, frame.body()), frame.descriptors());
            frame.handOn();
            return answer;
        } catch (RefusedException senseless) {
            ProtocolException failure = new ProtocolException(senseless.getMessage());
            failure.initCause(senseless);
            throw failure;
        }
    }

    /** Servers may ask for memory by messages; here they reach all of it by its descriptors. */
    private void decline(MessageChannel.Frame frame) throws IOException {
        try (frame) {
            if (!frame.header().noReply()) {
                channel.send(frame.header().refusal(Errno.ENOTSUP.intValue()), Body.allocate(0), List.of());
            }
        }
    }

    private IOException fail(IOException failure, Command command) {
        IOException told = failure instanceof ClosedChannelException
                ? failure
                : new IOException(server + ": " + command + ": " + failure.getMessage()
                        + "; close the function, and open it again once its server runs");
        if (told != failure) {
            told.initCause(failure);
        }
        broken = told;
        channel.shutdown();
        return told;
    }

    private IOException fail(IOException failure) {
        return fail(failure, Command.VERSION);
    }

    /** Whether nothing can be asked any more. */
    boolean isBroken() {
        return broken != null;
    }

    /** Ends the connection; whoever waits for a reply is woken. Idempotent. */
    @Override
    public void close() {
        if (broken == null) {
            broken = new ClosedChannelException();
        }
        channel.shutdown();
        channel.close();
    }

    @Override
    public String toString() {
        return server;
    }
}
