package io.sluice.partition;

import io.sluice.block.BlockDevice;
import io.sluice.block.BlockSession;
import io.sluice.block.Geometry;
import io.sluice.block.SessionClosedException;
import io.sluice.block.SessionOptions;
import io.sluice.block.driver.LeasedSession;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What a mediator gives to one label, as a device. It has blocks and nothing else: no controller, no commands of any other kind. */
final class PartitionDevice implements BlockDevice {
    private final Mediator mediator;
    private final String label;
    private final String name;
    private final Geometry geometry;
    private final Set<BlockSession> sessions = ConcurrentHashMap.newKeySet();
    private boolean closed;

    PartitionDevice(Mediator mediator, String label, String name, Geometry geometry) {
        this.mediator = mediator;
        this.label = label;
        this.name = name;
        this.geometry = geometry;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Geometry geometry() {
        return geometry;
    }

    @Override
    public synchronized BlockSession open(SessionOptions options) throws IOException {
        if (closed) {
            throw new SessionClosedException(name, "the device is closed");
        }
        BlockSession session = mediator.open(label, options);
        sessions.add(session);
        if (session instanceof LeasedSession leased) {
            leased.whenEnded(() -> sessions.remove(session));
        }
        return session;
    }

    @Override
    public int sessionsLeft() {
        return mediator.sessionsLeft();
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            closed = true;
        }
        IOException failure = null;
        for (BlockSession session : sessions) {
            try {
                session.close();
            } catch (IOException e) {
                failure = Mediator.first(failure, e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public String toString() {
        return name + " for label '" + label + "'";
    }
}
