package io.sluice.nvme.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.block.SessionOptions;
import io.sluice.nvme.NvmeSession;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Sessions that sleep until the controller interrupts; where there is no interrupt to spare they look instead, and work alike. */
public abstract class InterruptContract {
    @OnEveryController
    void anInterruptEndsTheWaitForACompletion(ControllerLab lab) throws IOException {
        try (Drive drive = Drive.open(lab);
                NvmeSession session = drive.session(Drive.writeable().interrupts(true))) {
            assertThat(session.hasInterrupt()).isEqualTo(lab.shape().interrupts() > 0);
            assertThat(session.await(0)).isFalse();
            assertThat(session.await(20_000_000)).isFalse();
            exchange(session, 1, 30);
        }
    }

    @OnEveryController
    void sessionsShareTheInterruptsThatThereAreAndTheRestLooks(ControllerLab lab) throws IOException {
        SessionOptions options = Drive.writeable().interrupts(true).bufferBytes(1 << 16);
        List<NvmeSession> sessions = new ArrayList<>();
        try (Drive drive = Drive.open(lab)) {
            int vectors = lab.shape().interrupts();
            // Vector 0 is the admin queue's, unless it is the only one.
            int usable = vectors > 1 ? vectors - 1 : vectors;
            int count = Math.min(3, lab.shape().ioQueuePairs());
            for (int i = 0; i < count; i++) {
                sessions.add(drive.session(options));
            }
            assertThat(sessions.stream().filter(NvmeSession::hasInterrupt)).hasSize(Math.min(count, usable));
            for (int i = 0; i < count; i++) {
                exchange(sessions.get(i), i, 5);
            }
            sessions.get(0).close();
            try (NvmeSession next = drive.session(options)) {
                assertThat(next.hasInterrupt()).isEqualTo(vectors > 0);
                exchange(next, 9, 5);
            }
        }
    }

    @OnEveryController
    void anotherThreadCanEndTheWait(ControllerLab lab) throws IOException, InterruptedException {
        try (Drive drive = Drive.open(lab)) {
            for (boolean interrupts : new boolean[] {true, false}) {
                try (NvmeSession session = drive.session(Drive.writeable().interrupts(interrupts))) {
                    Thread other = new Thread(session::wakeup);
                    other.start();
                    // Before or during the wait: either ends it, long before its time.
                    assertThat(session.await(60_000_000_000L)).isFalse();
                    other.join();
                    exchange(session, 3, 5);
                }
            }
        }
    }

    private static void exchange(NvmeSession session, long seed, int times) throws IOException {
        Exchange exchange = new Exchange(session);
        for (int i = 0; i < times; i++) {
            byte[] data = Pattern.of(seed * 100 + i, session.geometry().blockBytes());
            exchange.write(i, data, 0);
            assertThat(exchange.read(i, 1, 0)).isEqualTo(data);
        }
    }
}
