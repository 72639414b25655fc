package io.sluice.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WaiterTest {
    private final HeldDevice device = new HeldDevice(512, 1 << 10);

    @AfterEach
    void closeDevice() throws IOException {
        device.close();
    }

    private BlockSession session(boolean interrupts) throws IOException {
        return device.open(SessionOptions.defaults().interrupts(interrupts).bufferBytes(1 << 12));
    }

    private static void read(BlockSession session) throws IOException {
        assertThat(session.submit(Operation.READ, 0, 1, session.buffer(), 0, 0)).isTrue();
        session.commit();
    }

    static Stream<WaitStrategy> strategies() {
        return Stream.of(
                WaitStrategy.busySpin(),
                WaitStrategy.yielding(),
                WaitStrategy.parking(10_000),
                WaitStrategy.sleeping(),
                WaitStrategy.adaptive());
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void everyStrategyFindsWhatAnotherThreadMakes(WaitStrategy strategy) throws Exception {
        try (BlockSession session = session(true)) {
            AtomicInteger made = new AtomicInteger();
            AtomicInteger[] seen = {new AtomicInteger()};
            int rounds = 2_000;
            Waiter waiter = new Waiter(strategy, session, () -> made.get() > seen[0].get());
            Thread owner = new Thread(() -> {
                try {
                    while (seen[0].get() < rounds) {
                        int work = made.get() - seen[0].get();
                        seen[0].addAndGet(work);
                        waiter.idle(work);
                    }
                } catch (IOException failure) {
                    throw new AssertionError(failure);
                }
            });
            owner.start();
            for (int i = 1; i <= rounds; i++) {
                made.incrementAndGet();
                waiter.wake();
                // One at a time, so that each has to be found for itself.
                while (seen[0].get() < i) {
                    Thread.onSpinWait();
                }
            }
            owner.join();
            assertThat(seen[0].get()).isEqualTo(rounds);
        }
    }

    @Test
    void workIsNotWaitedFor() throws IOException {
        try (BlockSession session = session(true)) {
            read(session);
            Waiter waiter = new Waiter(WaitStrategy.sleeping(), session, () -> false);
            waiter.idle(1);
            assertThat(device.sleeps()).isZero();
            waiter.idle(0);
            assertThat(device.sleeps()).isEqualTo(1);
            device.allow(1);
        }
    }

    @Test
    void whatIsPendingIsNotSleptOver() throws IOException {
        try (BlockSession session = session(true)) {
            read(session);
            AtomicBoolean pending = new AtomicBoolean(true);
            Waiter waiter = new Waiter(WaitStrategy.sleeping(), session, pending::get);
            waiter.idle(0);
            assertThat(device.sleeps()).isZero();
            pending.set(false);
            device.allow(1);
            waiter.idle(0);
            assertThat(device.sleeps()).isEqualTo(1);
        }
    }

    @Test
    void theDefaultLooksForAWhileAndThenSleeps() throws IOException {
        try (BlockSession session = session(true)) {
            read(session);
            Waiter waiter = new Waiter(new WaitStrategy.Adaptive(20_000_000), session, () -> false);
            long looks = 0;
            while (device.sleeps() == 0) {
                waiter.idle(0);
                looks++;
            }
            assertThat(looks).isGreaterThan(1);
            // Work makes it look again.
            waiter.idle(1);
            waiter.idle(0);
            assertThat(device.sleeps()).isEqualTo(1);
            device.allow(1);
        }
    }

    @Test
    void onADeviceWithoutInterruptItSleepsAllTheSame() throws IOException {
        try (BlockSession session = session(false)) {
            read(session);
            Waiter waiter = new Waiter(WaitStrategy.sleeping(), session, () -> false);
            waiter.idle(0);
            device.allow(1);
            waiter.idle(0);
            assertThat(device.sleeps()).isZero();
        }
    }

    @Test
    void timesOutOfRangeAreRefused() {
        assertThatThrownBy(() -> WaitStrategy.parking(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new WaitStrategy.Adaptive(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new WaitStrategy.Adaptive(2_000_000_000L))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
