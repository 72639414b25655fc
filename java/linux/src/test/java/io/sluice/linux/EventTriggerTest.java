package io.sluice.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventTriggerTest {
    private List<MessageSocket> sockets;

    @BeforeEach
    void connect() throws IOException {
        sockets = MessageSocket.pair();
    }

    @AfterEach
    void disconnect() {
        sockets.forEach(MessageSocket::close);
    }

    /** As another process would get it. */
    private Descriptor pass(Descriptor descriptor) throws IOException {
        sockets.get(0).send(ByteBuffer.allocate(1), List.of(descriptor));
        return sockets.get(1).receive(ByteBuffer.allocate(1), 1).descriptors().get(0);
    }

    @Test
    void whatIsSignalledHereIsHeardThere() throws IOException {
        try (EventDescriptor waiting = EventDescriptor.create();
                EventTrigger trigger = EventTrigger.received(pass(waiting.descriptor()))) {
            assertThat(waiting.await(0)).isFalse();
            trigger.signal();
            assertThat(waiting.await(0)).isTrue();
            assertThat(waiting.await(0)).isFalse();
        }
    }

    @Test
    void closingIsNoEventAndASecondClosingNothing() throws IOException {
        try (EventDescriptor waiting = EventDescriptor.create()) {
            EventTrigger trigger = EventTrigger.received(pass(waiting.descriptor()));
            trigger.close();
            trigger.close();
            assertThat(waiting.await(0)).isFalse();
            assertThatThrownBy(trigger::signal).isInstanceOf(ClosedChannelException.class);
        }
    }

    @Test
    void whatIsNoEventDescriptorIsRefusedAndClosed() throws IOException {
        try (SharedMemory memory = SharedMemory.allocate("no-event", 4096, PageChoice.PLAIN)) {
            Descriptor received = pass(memory.descriptor());
            assertThatThrownBy(() -> EventTrigger.received(received))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("no-event");
            assertThat(received.isClosed()).isTrue();
        }
    }
}
