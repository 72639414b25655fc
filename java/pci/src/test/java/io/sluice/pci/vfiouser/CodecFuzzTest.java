package io.sluice.pci.vfiouser;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.linux.Descriptor;
import io.sluice.linux.EventDescriptor;
import io.sluice.linux.MessageSocket;
import io.sluice.linux.PageChoice;
import io.sluice.linux.SharedMemory;
import io.sluice.pci.DmaMemory;
import io.sluice.pci.RegisterSpace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Broken messages, for both decoders alone and for both sides as they are. A failure names its seed; {@code -Dsluice.seed=N} runs that again.
 */
class CodecFuzzTest {
    private static final long SEED = Long.getLong("sluice.seed", System.nanoTime());
    private static final int DECODED = 300_000;
    /** What the two ends are sent, as long as it takes no longer than that. */
    private static final int SENT = 4000;

    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static List<Request> requests() {
        List<Request> requests = new ArrayList<>(CodecTest.requests());
        requests.add(new Request.DmaMap(3, 0, 0x10000, 0x10000));
        requests.add(new DmaUnmap(0, 0x10000, 0x10000));
        requests.add(new Request.RegionInfo(64, 0));
        requests.add(new Request.ReadRegion(0, 0, 8));
        requests.add(new Request.ReadRegion(0, 7, 256));
        requests.add(new Request.WriteRegion(CopyDevice.SHARED, 0, new byte[12]));
        for (Request.SetInterrupts.Data data : Request.SetInterrupts.Data.values()) {
            byte[] chosen = data == Request.SetInterrupts.Data.BOOLEANS ? new byte[] {1} : new byte[0];
            requests.add(new Request.SetInterrupts(data, Request.SetInterrupts.Action.TRIGGER, 2, 0, 1, chosen));
        }
        return requests;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    @Test
    void brokenRequestsAreRefusedOrUnderstood() {
        SplittableRandom random = new SplittableRandom(SEED);
        Mutator mutator = new Mutator(random);
        List<Request> requests = requests();
        int understood = 0;
        for (int i = 0; i < DECODED; i++) {
            Request request = requests.get(random.nextInt(requests.size()));
            byte[] body = mutator.mutate(bytes(request.encode()));
            try {
                Request decoded = Request.decode(request.command(), wrap(body));
                // What was understood means the same when it is said again.
                byte[] again = bytes(decoded.encode());
                assertThat(bytes(Request.decode(request.command(), wrap(again)).encode()))
                        .as("seed %d", SEED)
                        .isEqualTo(again);
                understood++;
            } catch (RefusedException refused) {
                assertThat(refused.getMessage()).isNotEmpty();
            } catch (RuntimeException wrong) {
                throw new AssertionError("seed " + SEED + ", " + request, wrong);
            }
        }
        assertThat(understood).as("seed %d", SEED).isBetween(1, DECODED - 1);
    }

    @Test
    void brokenRepliesAreRefusedOrUnderstood() {
        SplittableRandom random = new SplittableRandom(SEED);
        Mutator mutator = new Mutator(random);
        List<Reply> replies = new ArrayList<>(CodecTest.replies());
        replies.add(new Version(0, 1, new Capabilities(8L, 1L << 20, 64L, 4096L)));
        replies.add(new Reply.RegionData(0, 0, new byte[16]));
        Command[] commands = Command.values();
        int understood = 0;
        for (int i = 0; i < DECODED; i++) {
            byte[] body = mutator.mutate(
                    bytes(replies.get(random.nextInt(replies.size())).encode()));
            Command command = commands[random.nextInt(commands.length)];
            try {
                assertThat(Reply.decode(command, wrap(body))).isNotNull();
                understood++;
            } catch (RefusedException refused) {
                assertThat(refused.getMessage()).isNotEmpty();
            } catch (RuntimeException wrong) {
                throw new AssertionError("seed " + SEED + ", " + command, wrong);
            }
        }
        assertThat(understood).as("seed %d", SEED).isBetween(1, DECODED - 1);
    }

    private static ByteBuffer wrap(byte[] body) {
        return Body.allocate(body.length).put(body).flip();
    }

    /** A whole message, header included, to be broken as a whole. */
    private static byte[] message(Header header, ByteBuffer body) {
        ByteBuffer message = Body.allocate(Header.BYTES + body.remaining());
        header.encode(message);
        return bytes(message.put(body).flip());
    }

    @Test
    void aServerOutlivesBrokenMessages() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        Mutator mutator = new Mutator(random);
        List<Request> requests = requests();
        long start = System.nanoTime();
        try (ServedDevice served = new ServedDevice();
                SharedMemory memory = SharedMemory.allocate("sluice-fuzzed", 1 << 16, PageChoice.PLAIN);
                EventDescriptor event = EventDescriptor.create()) {
            int sent = 0;
            int answered = 0;
            while (sent < SENT && System.nanoTime() - start < MOST_NANOS) {
                try (RawClient client = RawClient.greeted(served.path)) {
                    for (int i = 0; i < 20; i++, sent++) {
                        Request request = requests.get(random.nextInt(requests.size()));
                        ByteBuffer body = request.encode();
                        Header header = Header.request(0, request.command(), body.remaining());
                        // Most have a true header: a broken one ends the connection, and with it what comes behind.
                        byte[] broken;
                        if (random.nextInt(40) == 0) {
                            broken = mutator.mutate(message(header, body));
                        } else {
                            byte[] content = mutator.mutate(bytes(body));
                            broken = message(Header.request(0, request.command(), content.length), wrap(content));
                        }
                        if (broken.length > 0) {
                            client.send(
                                    ByteBuffer.wrap(broken),
                                    switch (random.nextInt(4)) {
                                        case 0 -> new Descriptor[] {memory.descriptor()};
                                        case 1 -> new Descriptor[] {event.descriptor()};
                                        case 2 -> new Descriptor[] {event.descriptor(), memory.descriptor()};
                                        default -> new Descriptor[0];
                                    });
                        }
                    }
                    answered += answers(client);
                } catch (IOException sentAway) {
                    // The next client goes on.
                    sent++;
                }
            }
            // Most get as far as being understood or refused.
            assertThat(answered).as("seed %d", SEED).isGreaterThan(sent / 4);
            try (VfioUserFunction function = served.open()) {
                assertThat(function.bar(0).read32(0)).as("seed %d", SEED).isEqualTo(CopyDevice.IDENTITY);
                assertThat(served.device.hostMemory().pieces()).isZero();
            }
            assertThat(descriptorsOf("sluice-fuzzed")).as("seed %d", SEED).isEqualTo(1);
        } catch (IOException | RuntimeException wrong) {
            throw new AssertionError("seed " + SEED, wrong);
        }
    }

    /** How many messages the server answers before it ends the connection, or comes to the last. */
    private static int answers(RawClient client) throws IOException {
        client.send(Command.DEVICE_GET_INFO, new Request.DeviceInfo().encode());
        int answers = 0;
        while (true) {
            MessageChannel.Frame frame = client.receive();
            if (frame == null) {
                return answers;
            }
            frame.close();
            answers++;
            if (frame.header().id() == RawClient.ID && frame.header().command() == Command.DEVICE_GET_INFO.number()) {
                return answers;
            }
        }
    }

    @Test
    void aClientOutlivesBrokenReplies() throws IOException {
        SplittableRandom random = new SplittableRandom(SEED);
        Mutator mutator = new Mutator(random);
        long start = System.nanoTime();
        Duration deadline = Duration.ofMillis(20);
        for (int round = 0; round < SENT / 20 && System.nanoTime() - start < MOST_NANOS; round++) {
            try (BreakingServer server = new BreakingServer(mutator, random)) {
                try (VfioUserFunction function = VfioUserFunction.open(
                        ServerConnection.open("server", server.client, deadline),
                        VfioUserOptions.defaults().withReplyDeadline(deadline))) {
                    use(function);
                } catch (IOException refused) {
                    assertThat(refused.getMessage()).as("seed %d", SEED).isNotEmpty();
                }
            } catch (RuntimeException wrong) {
                throw new AssertionError("seed " + SEED, wrong);
            }
        }
        assertThat(descriptorsOf("memfd:sluice-vfio-user")).as("seed %d", SEED).isZero();
    }

    private static void use(VfioUserFunction function) throws IOException {
        RegisterSpace bar = function.bar(0);
        if (bar.size() >= 0x4000) {
            ByteBuffer doorbells = bar.mapped(0x1000, 8);
            if (doorbells != null) {
                doorbells.putLong(0, 1);
            }
            long ignored = bar.read64(8) + bar.read32(0);
            bar.write32(4, (int) ignored);
        }
        try (DmaMemory memory = function.allocate(8192)) {
            memory.buffer().putLong(0, 1);
        }
        function.enableInterrupts(Math.min(3, function.interruptCount()));
        function.reset();
        if (function.removalRequested()) {
            function.close();
        }
    }

    /** Answers sensibly, and breaks one answer in eight. */
    private static final class BreakingServer implements AutoCloseable {
        private final MessageSocket client;
        private final MessageChannel channel;
        private final Thread thread;

        BreakingServer(Mutator mutator, SplittableRandom random) throws IOException {
            List<MessageSocket> pair = MessageSocket.pair();
            client = pair.get(0);
            MessageSocket socket = pair.get(1);
            channel = new MessageChannel(socket, MOST_NANOS);
            thread = new Thread(
                    () -> {
                        try (SharedMemory file =
                                SharedMemory.allocate("sluice-fuzzed-registers", 0x4000, PageChoice.PLAIN)) {
                            answer(mutator, random, socket, file.descriptor());
                        } catch (IOException | RefusedException clientGone) {
                            return;
                        }
                    },
                    "breaking server");
            thread.start();
        }

        private void answer(Mutator mutator, SplittableRandom random, MessageSocket socket, Descriptor file)
                throws IOException, RefusedException {
            while (true) {
                MessageChannel.Frame request = channel.receive(-1);
                if (request == null) {
                    return;
                }
                try (request) {
                    Command command = Command.of(request.header().command());
                    ByteBuffer body = ScriptedServer.sensible(command, request).encode();
                    byte[] reply = message(request.header().reply(body.remaining()), body);
                    byte[] sent = random.nextInt(8) == 0 ? mutator.mutate(reply) : reply;
                    boolean withFile = command == Command.DEVICE_GET_REGION_INFO || random.nextInt(50) == 0;
                    if (sent.length > 0) {
                        socket.send(ByteBuffer.wrap(sent), withFile ? List.of(file) : List.of());
                    }
                }
            }
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
        }
    }

    private static long descriptorsOf(String name) throws IOException {
        try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
            return links.filter(link -> {
                        try {
                            return Files.readSymbolicLink(link).toString().contains(name);
                        } catch (IOException gone) {
                            return false;
                        }
                    })
                    .count();
        }
    }
}
