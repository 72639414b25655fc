package io.sluice.block;

import io.sluice.block.driver.Window;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A {@link Store} as a device: hands out sessions and knows which are open. Any thread. */
final class StoreDevice {
    private final String name;
    private final Geometry geometry;
    private final Store store;
    private final Set<StoreSession> sessions = new LinkedHashSet<>();
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
            sessions.add(session);
            return session;
        }
    }

    void closed(StoreSession session) {
        synchronized (sessions) {
            sessions.remove(session);
        }
    }

    void close() throws IOException {
        List<StoreSession> open;
        synchronized (sessions) {
            if (closed) {
                return;
            }
            closed = true;
            open = new ArrayList<>(sessions);
            sessions.clear();
        }
        open.forEach(StoreSession::abandon);
        store.close();
    }
}
