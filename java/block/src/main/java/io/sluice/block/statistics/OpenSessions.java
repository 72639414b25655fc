package io.sluice.block.statistics;

import io.sluice.block.BlockSession;
import io.sluice.block.SessionOptions;
import io.sluice.block.driver.Counters;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The sessions that are open in this process, of every kind of device. Any thread. */
public final class OpenSessions {
    /** Is told of every session, within its opening and its end; it must not wait. */
    public interface Watcher {
        /** A session was opened. */
        void opened(OpenSession session);

        /** It has ended. */
        void ended(OpenSession session);
    }

    private static final Object LOCK = new Object();
    private static final Map<Long, OpenSession> OPEN = new LinkedHashMap<>();
    private static final List<Watcher> WATCHERS = new ArrayList<>();
    /** Sessions that were left open until nobody could reach them. */
    private static final ReferenceQueue<BlockSession> UNREACHABLE = new ReferenceQueue<>();

    private OpenSessions() {}

    /**
     * Makes a session known. Called by whoever implements it, once it is complete; {@link OpenSession#ended} takes it back.
     *
     * @param device its device's name
     * @param options what it was opened with
     * @param counters what it counts with
     */
    public static OpenSession announce(BlockSession session, String device, SessionOptions options, Counters counters) {
        OpenSession opened = new OpenSession(session, device, options, counters, UNREACHABLE);
        synchronized (LOCK) {
            removeUnreachable();
            OPEN.put(opened.id(), opened);
            WATCHERS.forEach(watcher -> watcher.opened(opened));
        }
        SessionOpened.report(opened);
        return opened;
    }

    /** The sessions that are open now, in the order in which they were opened. */
    public static List<OpenSession> now() {
        synchronized (LOCK) {
            removeUnreachable();
            return List.copyOf(OPEN.values());
        }
    }

    /** Has a watcher told of what is open now, and of what comes and goes from now on. */
    public static void watch(Watcher watcher) {
        synchronized (LOCK) {
            removeUnreachable();
            WATCHERS.add(watcher);
            OPEN.values().forEach(watcher::opened);
        }
    }

    /** Ends that: the watcher is told that each session that is open has ended, and of nothing more. */
    public static void unwatch(Watcher watcher) {
        synchronized (LOCK) {
            if (WATCHERS.remove(watcher)) {
                OPEN.values().forEach(watcher::ended);
            }
        }
    }

    static void remove(OpenSession session) {
        synchronized (LOCK) {
            if (OPEN.remove(session.id()) == null) {
                return;
            }
            WATCHERS.forEach(watcher -> watcher.ended(session));
        }
        SessionClosed.report(session);
    }

    private static void removeUnreachable() {
        for (Reference<?> gone = UNREACHABLE.poll(); gone != null; gone = UNREACHABLE.poll()) {
            Reference<?> reference = gone;
            List.copyOf(OPEN.values()).stream()
                    .filter(session -> session.isOf(reference))
                    .forEach(OpenSessions::remove);
        }
    }
}
