package io.sluice.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import jnr.constants.platform.Errno;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MessageSocketTest {
    private MessageSocket here;
    private MessageSocket there;

    @BeforeEach
    void connect() throws IOException {
        List<MessageSocket> pair = MessageSocket.pair();
        here = pair.get(0);
        there = pair.get(1);
    }

    @AfterEach
    void disconnect() {
        here.close();
        there.close();
    }

    @Test
    void bytesAndDescriptorsArriveTogether() throws IOException {
        try (SharedMemory memory = SharedMemory.allocate("sluice-sent", 4096, PageChoice.PLAIN);
                MappedMemory mapped = memory.map()) {
            mapped.buffer().putInt(0, 4711);
            assertThat(here.send(text("hello"), List.of(memory.descriptor()))).isEqualTo(5);

            ByteBuffer buffer = ByteBuffer.allocate(16);
            MessageSocket.Received received = there.receive(buffer, 4);
            assertThat(received.bytes()).isEqualTo(5);
            assertThat(new String(buffer.array(), 0, 5, StandardCharsets.US_ASCII))
                    .isEqualTo("hello");
            assertThat(received.descriptors()).hasSize(1);
            try (Descriptor descriptor = received.descriptors().get(0);
                    MappedMemory other = MappedMemory.map(descriptor, 0, 4096)) {
                assertThat(other.buffer().getInt(0)).isEqualTo(4711);
            }
        }
    }

    @Test
    void bytesAloneArriveInWhatPartsTheReceiverTakes() throws IOException {
        here.send(text("abcdef"), List.of());
        ByteBuffer two = ByteBuffer.allocate(2);
        assertThat(there.receive(two, 0)).isEqualTo(new MessageSocket.Received(2, List.of()));
        assertThat(there.receive(ByteBuffer.allocate(9), 0).bytes()).isEqualTo(4);
    }

    @Test
    void unwelcomeDescriptorsAreClosedAndAnError() throws IOException {
        for (int welcome = 0; welcome < 3; welcome++) {
            try (Descriptor file = AnonymousFile.create("sluice-unwelcome-" + welcome, 0)) {
                here.send(text("x"), Collections.nCopies(5, file));
                int most = welcome;
                assertThatThrownBy(() -> there.receive(ByteBuffer.allocate(1), most))
                        .hasMessageContaining("more than " + most + " descriptors");
                assertThat(descriptorsOf("sluice-unwelcome-" + welcome)).isEqualTo(1);
            }
        }
    }

    @Test
    void mostDescriptorsThatTheKernelPassesFitInOneMessage() throws IOException {
        try (Descriptor file = AnonymousFile.create("sluice-many", 0)) {
            here.send(text("x"), Collections.nCopies(MessageSocket.MOST_DESCRIPTORS, file));
            MessageSocket.Received received = there.receive(ByteBuffer.allocate(1), MessageSocket.MOST_DESCRIPTORS);
            assertThat(received.descriptors()).hasSize(MessageSocket.MOST_DESCRIPTORS);
            received.descriptors().forEach(Descriptor::close);
        }
        assertThat(descriptorsOf("sluice-many")).isZero();
    }

    @Test
    void endOfTheOtherSideIsSeen() throws IOException {
        here.close();
        assertThat(there.receive(ByteBuffer.allocate(1), 0).bytes()).isEqualTo(-1);
        assertThatThrownBy(() -> there.send(text("x"), List.of()))
                .isInstanceOf(LinuxException.class)
                .satisfies(failure ->
                        assertThat(((LinuxException) failure).errno()).isEqualTo(Errno.EPIPE));
    }

    @Test
    void waitingToReceiveEndsWithTheTimeWithBytesAndWithTheEnd() throws Exception {
        assertThat(there.awaitReceivable(0)).isFalse();
        assertThat(there.awaitReceivable(1_000_000)).isFalse();
        here.send(text("x"), List.of());
        assertThat(there.awaitReceivable(-1)).isTrue();
        there.receive(ByteBuffer.allocate(1), 0);
        Thread closing = new Thread(here::shutdown);
        closing.start();
        assertThat(there.awaitReceivable(-1)).isTrue();
        assertThat(there.receive(ByteBuffer.allocate(1), 0).bytes()).isEqualTo(-1);
        closing.join();
    }

    @Test
    void shutdownWakesTheOwnWaitToo() throws Exception {
        Thread closing = new Thread(there::shutdown);
        closing.start();
        assertThat(there.awaitReceivable(-1)).isTrue();
        assertThat(there.receive(ByteBuffer.allocate(1), 0).bytes()).isEqualTo(-1);
        closing.join();
        there.shutdown();
        there.close();
        there.shutdown();
    }

    @Test
    void sendingToWhoTakesNothingFailsWhenTheTimeIsOver() throws IOException {
        here.sendTimeout(1_000_000);
        ByteBuffer much = ByteBuffer.allocate(1 << 16);
        assertThatThrownBy(() -> {
                    while (true) {
                        here.send(much.clear(), List.of());
                    }
                })
                .isInstanceOf(LinuxException.class)
                .satisfies(failure ->
                        assertThat(((LinuxException) failure).errno()).isEqualTo(Errno.EAGAIN));
    }

    @Test
    void senselessArgumentsAreRefused() throws IOException {
        assertThatThrownBy(() -> here.send(ByteBuffer.allocate(0), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> here.receive(ByteBuffer.allocate(1), 254))
                .isInstanceOf(IllegalArgumentException.class);
        try (Descriptor file = AnonymousFile.create("sluice-too-many", 0)) {
            assertThatThrownBy(() -> here.send(text("x"), Collections.nCopies(254, file)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
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
