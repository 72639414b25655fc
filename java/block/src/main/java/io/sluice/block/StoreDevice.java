package io.sluice.block;

import io.sluice.block.driver.SyncFailure;
import io.sluice.block.driver.Window;
import io.sluice.block.statistics.OpenSession;
import io.sluice.block.statistics.OpenSessions;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A {@link Store} as a device: hands out sessions and knows which are open. Any thread. */
final class StoreDevice {
    private final String name;
    private final Geometry geometry;
    private final Store store;
    private final Map<StoreSession, OpenSession> sessions = new LinkedHashMap<>();
    private final SyncFailure syncFailure = new SyncFailure();
    private boolean closed;

    StoreDevice(String name, Geometry geometry, Store store) {
        this.name = name;
        this.geometry = geometry;
        this.store = store;
    }

    String name() {
        return name;
    }

    Geometry geometry() {
        return geometry;
    }

    SyncFailure syncFailure() {
        return syncFailure;
    }

    StoreSession open(SessionOptions options) throws IOException {
        Window window = Window.of(name, geometry, options, Long.MAX_VALUE);
        if (options.bufferBytes() < geometry.blockBytes()) {
            throw new BlockIoException(
                    name,
                    "a buffer of " + options.bufferBytes() + " bytes does not hold a block of " + geometry.blockBytes()
                            + "; open the session with a larger one");
        }
        synchronized (sessions) {
            if (closed) {
                throw new SessionClosedException(name, "the device is closed");
            }
            StoreSession session = new StoreSession(this, store, window, options);
            SessionOptions found =
                    options.window(window.onDevice(0), window.geometry().blockCount());
            sessions.put(session, OpenSessions.announce(session, name, found, session.counters()));
            return session;
        }
    }

    void closed(StoreSession session) {
        synchronized (sessions) {
            end(session, sessions.remove(session));
        }
    }

    private static void end(StoreSession session, @Nullable OpenSession announced) {
        session.abandon();
        if (announced != null) {
            announced.ended();
        }
    }

    void close() throws IOException {
        synchronized (sessions) {
            if (closed) {
                return;
            }
            closed = true;
            sessions.forEach(StoreDevice::end);
            sessions.clear();
        }
        store.close();
    }
}
