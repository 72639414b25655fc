package io.sluice.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
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
}
