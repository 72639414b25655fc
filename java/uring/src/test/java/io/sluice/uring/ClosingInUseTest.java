package io.sluice.uring;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.block.Operation;
import io.sluice.block.SessionClosedException;
import io.sluice.block.SessionOptions;
import io.sluice.block.driver.DiscardedCompletions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A device is closed by one thread while others use its sessions, or open more. */
@Timeout(120)
class ClosingInUseTest {
    private static final int ROUNDS = 100;
    private static final int OWNERS = 4;
    private static final SessionOptions SMALL =
            SessionOptions.defaults().bufferBytes(1 << 16).queueDepth(16);

    @TempDir
    Path directory;

    private final Queue<Throwable> ends = new ConcurrentLinkedQueue<>();

    private interface Use {
        void run(UringDevice device, CountDownLatch started) throws IOException;
    }

    @Test
    void ownersOfSessionsGetNothingButSessionClosed() throws Exception {
        closeDuring((device, started) -> {
            UringSession session = device.open(SMALL);
            started.countDown();
            while (true) {
                while (session.submit(Operation.READ, 0, 8, session.buffer(), 0, 0)) {
                    session.commit();
                }
                int ignored = session.poll(DiscardedCompletions.INSTANCE, 16);
            }
        });
    }

    @Test
    void anOwnerAsleepIsLetOut() throws Exception {
        closeDuring((device, started) -> {
            UringSession session = device.open(SMALL.interrupts(true));
            started.countDown();
            while (true) {
                boolean ignored = session.await(60_000_000_000L);
            }
        });
    }

    @Test
    void whoeverOpensSessionsGetsNothingButSessionClosed() throws Exception {
        closeDuring((device, started) -> {
            while (true) {
                UringSession session = device.open(SMALL);
                started.countDown();
                session.close();
            }
        });
    }

    private void closeDuring(Use use) throws Exception {
        Path path = TestFile.in(directory, TestFile.BYTES);
        for (int round = 0; round < ROUNDS; round++) {
            UringDevice device = UringDevice.open(path, UringOptions.defaults().direct(false));
            CountDownLatch started = new CountDownLatch(OWNERS);
            List<Thread> owners = new ArrayList<>();
            for (int i = 0; i < OWNERS; i++) {
                Thread owner = new Thread(() -> {
                    try {
                        use.run(device, started);
                    } catch (IOException | RuntimeException end) {
                        ends.add(end);
                        started.countDown();
                    }
                });
                owner.start();
                owners.add(owner);
            }
            started.await();
            device.close();
            for (Thread owner : owners) {
                owner.join();
            }
        }
        assertThat(ends)
                .hasSize(ROUNDS * OWNERS)
                .allSatisfy(end -> assertThat(end).isInstanceOf(SessionClosedException.class));
    }
}
