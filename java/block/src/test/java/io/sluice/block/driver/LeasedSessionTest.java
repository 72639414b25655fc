package io.sluice.block.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.block.BlockIoException;
import io.sluice.block.Completion;
import io.sluice.block.FencedException;
import io.sluice.block.Operation;
import io.sluice.block.RamDevice;
import io.sluice.block.SessionClosedException;
import io.sluice.block.SessionOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sessions that are taken away, by the example of memory. */
class LeasedSessionTest implements Completion {
    private final RamDevice device = new RamDevice("ram", 512, 1024);
    private final List<Long> done = new ArrayList<>();
    private int ends;

    @Override
    public void completed(long tag) {
        done.add(tag);
    }

    @Override
    public void failed(long tag, BlockIoException failure) {
        throw new AssertionError(failure);
    }

    @AfterEach
    void close() throws IOException {
        device.close();
    }

    private LeasedSession open() throws IOException {
        return (LeasedSession) device.open(SessionOptions.defaults());
    }

    @Test
    void whatWasSubmittedBeforeTheFenceDrainsAndLaterOperationsFailWithItsReason() throws IOException {
        try (LeasedSession session = open()) {
            assertThat(session.submit(Operation.READ, 0, 1, session.buffer(), 0, 7))
                    .isTrue();
            session.fence("partition 2 moved");
            session.fence("something else");
            assertThatThrownBy(() -> session.submit(Operation.READ, 0, 1, session.buffer(), 0, 8))
                    .isInstanceOf(FencedException.class)
                    .hasMessage("ram: partition 2 moved");
            session.commit();
            assertThat(session.poll(this, 8)).isEqualTo(1);
            assertThat(done).containsExactly(7L);
        }
    }

    @Test
    void aClosedSessionSaysThatItIsClosedEvenIfItWasFenced() throws IOException {
        LeasedSession session = open();
        session.fence("gone");
        session.close();
        assertThatThrownBy(() -> session.submit(Operation.SYNC, 0, 0, session.buffer(), 0, 1))
                .isInstanceOf(SessionClosedException.class);
        assertThatThrownBy(() -> session.poll(this, 1)).isInstanceOf(SessionClosedException.class);
    }

    @Test
    void theEndOfASessionIsToldOnceHoweverItCame() throws IOException {
        LeasedSession byOwner = open();
        byOwner.whenEnded(() -> ends++);
        byOwner.whenEnded(() -> ends *= 10);
        byOwner.fence("a fence is no end");
        assertThat(ends).isZero();
        byOwner.close();
        byOwner.close();
        assertThat(ends).as("in the order in which they came").isEqualTo(10);
        byOwner.whenEnded(() -> ends++);
        assertThat(ends).as("told at once when it is over").isEqualTo(11);
        open().whenEnded(() -> ends++);
        device.close();
        assertThat(ends).as("closed with its device").isEqualTo(12);
    }
}
