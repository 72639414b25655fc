package io.sluice.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EventDescriptorTest {
    @Test
    void eventBetweenTwoWaitsEndsTheSecondAtOnce() throws IOException {
        try (EventDescriptor event = EventDescriptor.create()) {
            assertThat(event.await(0)).isFalse();
            event.signal();
            event.signal();
            assertThat(event.await(-1)).isTrue();
            assertThat(event.await(0)).isFalse();
        }
    }

    @Test
    void waitEndsWhenTheTimeIsOver() throws IOException {
        try (EventDescriptor event = EventDescriptor.create()) {
            long begin = System.nanoTime();
            assertThat(event.await(TimeUnit.MILLISECONDS.toNanos(20))).isFalse();
            assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    @Test
    void closingEndsAllWaits() throws Exception {
        EventDescriptor event = EventDescriptor.create();
        List<CompletableFuture<Boolean>> waits = List.of(wait(event), wait(event), wait(event));
        Thread.sleep(50);
        event.close();
        for (CompletableFuture<Boolean> wait : waits) {
            assertThatThrownBy(wait::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasRootCauseInstanceOf(AsynchronousCloseException.class);
        }
    }

    @Test
    void closedDescriptorThrowsAndClosesTwice() throws IOException {
        EventDescriptor event = EventDescriptor.create();
        event.close();
        event.close();
        assertThatThrownBy(() -> event.await(0)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(event::signal).isInstanceOf(ClosedChannelException.class);
    }

    private static CompletableFuture<Boolean> wait(EventDescriptor event) {
        CompletableFuture<Boolean> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                result.complete(event.await(-1));
            } catch (IOException exception) {
                result.completeExceptionally(exception);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return result;
    }

    @Test
    void aReceivedEventDescriptorSignalsItsSender() throws IOException {
        try (MessageSockets sockets = new MessageSockets();
                EventDescriptor sent = EventDescriptor.create();
                EventDescriptor received = EventDescriptor.received(sockets.pass(sent.descriptor()))) {
            received.signal();
            assertThat(sent.await(0)).isTrue();
        }
    }

    @Test
    void whatIsNoEventDescriptorIsRefusedAndClosed() throws IOException {
        try (MessageSockets sockets = new MessageSockets();
                SharedMemory memory = SharedMemory.allocate("no-event", 4096, PageChoice.PLAIN)) {
            Descriptor received = sockets.pass(memory.descriptor());
            assertThatThrownBy(() -> EventDescriptor.received(received))
                    .hasMessageContaining("no-event")
                    .isInstanceOf(IOException.class);
            assertThat(received.isClosed()).isTrue();
        }
    }

    /** Passes a descriptor as another process would. */
    private static final class MessageSockets implements AutoCloseable {
        private final List<MessageSocket> pair;

        MessageSockets() throws IOException {
            pair = MessageSocket.pair();
        }

        Descriptor pass(Descriptor descriptor) throws IOException {
            pair.get(0).send(ByteBuffer.allocate(1), List.of(descriptor));
            return pair.get(1).receive(ByteBuffer.allocate(1), 1).descriptors().get(0);
        }

        @Override
        public void close() {
            pair.forEach(MessageSocket::close);
        }
    }
}
