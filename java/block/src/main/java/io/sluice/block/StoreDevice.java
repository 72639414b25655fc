package io.sluice.block;

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
        long there = geometry.blockCount();
        long first = options.firstBlock();
        long count = options.blockCount() == 0 ? there - first : options.blockCount();
        if (count <= 0 || count > there || first > there - count) {
            throw new InvalidRequestException(
                    name,
                    Operation.READ,
                    first,
                    options.blockCount(),
                    "the window of a session must lie within the device, which has " + there + " blocks");
        }
        if (options.writeable() && !geometry.writeable()) {
            throw new InvalidRequestException(
                    name, Operation.WRITE, first, count, "the device is read-only; open the session read-only");
        }
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
            SessionOptions window = options.window(first, count);
            StoreSession session = new StoreSession(this, store, window);
            sessions.put(session, OpenSessions.announce(session, name, window, session.counters()));
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
