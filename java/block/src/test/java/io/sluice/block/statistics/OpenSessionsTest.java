package io.sluice.block.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.block.BlockDevice;
import io.sluice.block.BlockSession;
import io.sluice.block.Operation;
import io.sluice.block.RamDevice;
import io.sluice.block.SessionOptions;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Other tests may open sessions at the same time: devices have names of their own. */
class OpenSessionsTest {
    private static List<OpenSession> of(String device) {
        return OpenSessions.now().stream()
                .filter(session -> session.device().equals(device))
                .toList();
    }

    @Test
    void aSessionIsListedAsLongAsItIsOpen() throws IOException {
        String name = "listed";
        try (BlockDevice device = new RamDevice(name, 512, 64)) {
            BlockSession session = device.open(SessionOptions.defaults()
                    .window(8, 16)
                    .writeable(true)
                    .queueDepth(5)
                    .label("me"));
            assertThat(session.submit(Operation.READ, 0, 3, session.buffer(), 0, 0))
                    .isTrue();

            assertThat(of(name)).singleElement().satisfies(open -> {
                assertThat(open.label()).isEqualTo("me");
                assertThat(open.firstBlock()).isEqualTo(8);
                assertThat(open.blockCount()).isEqualTo(16);
                assertThat(open.blockBytes()).isEqualTo(512);
                assertThat(open.writeable()).isTrue();
                assertThat(open.queueDepth()).isEqualTo(5);
                assertThat(open.inFlight()).isEqualTo(1);
            });
            OpenSession open = of(name).get(0);
            session.close();
            assertThat(of(name)).isEmpty();
            assertThat(open.done(Operation.READ)).isEqualTo(1);
            assertThat(open.blocks(Operation.READ)).isEqualTo(3);
            assertThat(open.statistics().reads()).isEqualTo(1);
        }
    }

    @Test
    void whatItsDeviceEndsIsNotListedEither() throws IOException {
        String name = "ended by its device";
        try (BlockDevice device = new RamDevice(name, 512, 64)) {
            device.open(SessionOptions.defaults());
            device.open(SessionOptions.defaults());
            assertThat(of(name)).hasSize(2);
            assertThat(of(name).get(0).id()).isLessThan(of(name).get(1).id());
        }
        assertThat(of(name)).isEmpty();
    }

    @Test
    void aSessionThatWasForgottenIsNotKeptAlive() throws IOException, InterruptedException {
        String name = "forgotten";
        WeakReference<BlockSession> session = forget(name);
        while (session.get() != null) {
            System.gc();
            Thread.sleep(1);
        }
        while (!of(name).isEmpty()) {
            Thread.sleep(1);
        }
    }

    private static WeakReference<BlockSession> forget(String name) throws IOException {
        BlockSession session = new RamDevice(name, 512, 64).open(SessionOptions.defaults());
        assertThat(of(name)).hasSize(1);
        return new WeakReference<>(session);
    }

    @Test
    void aWatcherLearnsOfWhatIsThereAndOfWhatComesAndGoes() throws IOException {
        String name = "watched";
        List<String> seen = new CopyOnWriteArrayList<>();
        OpenSessions.Watcher watcher = new OpenSessions.Watcher() {
            @Override
            public void opened(OpenSession session) {
                note("+", session);
            }

            @Override
            public void ended(OpenSession session) {
                note("-", session);
            }

            private void note(String sign, OpenSession session) {
                if (session.device().equals(name)) {
                    seen.add(sign + session.label());
                }
            }
        };
        try (BlockDevice device = new RamDevice(name, 512, 64)) {
            BlockSession a = device.open(SessionOptions.defaults().label("a"));
            OpenSessions.watch(watcher);
            BlockSession b = device.open(SessionOptions.defaults().label("b"));
            a.close();
            OpenSessions.unwatch(watcher);
            OpenSessions.unwatch(watcher);
            b.close();
        }
        assertThat(seen).containsExactly("+a", "+b", "-a", "-b");
    }
}
