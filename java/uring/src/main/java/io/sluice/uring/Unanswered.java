package io.sluice.uring;

import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Sessions that had to end while the kernel still had operations of theirs. It may write to their memory at any time, so memory and rings stay until
 * it has answered.
 */
final class Unanswered {
    private static final Queue<UringSession> SESSIONS = new ConcurrentLinkedQueue<>();

    private Unanswered() {}

    static void keep(UringSession session) {
        SESSIONS.add(session);
    }

    /** Frees what the kernel has answered by now. */
    static void sweep() throws IOException {
        for (int left = SESSIONS.size(); left > 0; left--) {
            UringSession session = SESSIONS.poll();
            if (session == null) {
                return;
            }
            if (session.isAnswered()) {
                session.free();
            } else {
                SESSIONS.add(session);
            }
        }
    }
}
