package io.sluice.pci.vfiouser;

import io.sluice.linux.Descriptor;
import io.sluice.linux.MessageSocket;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A server that answers as a sensible one would, until a command is to be answered in another way. */
final class ScriptedServer implements Closeable {
    private static final long LONG_ENOUGH_NANOS = 30_000_000_000L;

    /** What is done with a request in place of a sensible answer. */
    interface Act {
        /**
         * Answers a request.
         *
         * @param raw to send what is no message at all
         */
        void perform(MessageChannel.Frame request, MessageChannel channel, MessageSocket raw) throws IOException;
    }

    private final MessageSocket socket;
    private final MessageChannel channel;
    private final Thread thread;
    private final Map<Command, Act> script = new EnumMap<>(Command.class);
    private final MessageSocket client;
    private volatile @Nullable Throwable failure;

    ScriptedServer() throws IOException {
        List<MessageSocket> pair = MessageSocket.pair();
        client = pair.get(0);
        socket = pair.get(1);
        channel = new MessageChannel(socket, LONG_ENOUGH_NANOS);
        thread = new Thread(this::serve, "scripted server");
    }

    /** Has a command answered in another way; before {@link #start}. */
    ScriptedServer on(Command command, Act act) {
        script.put(command, act);
        return this;
    }

    /** Has a command answered by a reply whatever it asks. */
    ScriptedServer reply(Command command, Reply reply, Descriptor... descriptors) {
        return on(command, (request, answers, raw) -> send(answers, request, reply.encode(), descriptors));
    }

    /** Begins to serve; the client's end of the connection. */
    MessageSocket start() {
        thread.start();
        return client;
    }

    static void send(MessageChannel channel, MessageChannel.Frame request, ByteBuffer body, Descriptor... descriptors)
            throws IOException {
        channel.send(request.header().reply(body.remaining()), body, List.of(descriptors));
    }

    private void serve() {
        try {
            while (true) {
                MessageChannel.Frame request = channel.receive(-1);
                if (request == null) {
                    return;
                }
                try (request) {
                    Command command = Command.of(request.header().command());
                    if (command == null) {
                        throw new AssertionError(
                                "the client sends command " + request.header().command());
                    }
                    Act act = script.get(command);
                    if (act != null) {
                        act.perform(request, channel, socket);
                    } else {
                        send(channel, request, sensible(command, request).encode());
                    }
                }
            }
        } catch (IOException clientGone) {
            // What the client makes of it is what a test looks at.
            return;
        } catch (RefusedException | RuntimeException | Error wrong) {
            failure = wrong;
            channel.shutdown();
        }
    }

    static Reply sensible(Command command, MessageChannel.Frame request) throws RefusedException {
        Request asked = Request.decode(command, request.body());
        if (asked instanceof Version) {
            return new Version(0, 1, Capabilities.NONE);
        }
        if (asked instanceof DmaUnmap unmap) {
            return unmap;
        }
        if (asked instanceof Request.DeviceInfo) {
            return new Reply.DeviceInfo(Reply.DeviceInfo.RESETS | Reply.DeviceInfo.PCI, 9, 5);
        }
        if (asked instanceof Request.RegionInfo info) {
            return Reply.RegionInfo.of(3, info.index(), info.index() == 7 ? 256 : 0x4000, List.of());
        }
        if (asked instanceof Request.InterruptInfo info) {
            return new Reply.InterruptInfo(Reply.InterruptInfo.EVENTS, info.index(), info.index() == 2 ? 20 : 0);
        }
        if (asked instanceof Request.ReadRegion read) {
            return new Reply.RegionData(read.offset(), read.region(), new byte[read.count()]);
        }
        if (asked instanceof Request.WriteRegion write) {
            return new Reply.RegionWritten(write.offset(), write.region(), write.bytes().length);
        }
        return new Reply.Done();
    }

    @Override
    public void close() throws IOException {
        channel.shutdown();
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        channel.close();
        client.close();
        if (failure != null) {
            throw new IOException("the scripted server failed", failure);
        }
    }
}
