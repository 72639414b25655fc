package io.sluice.bench;

import io.sluice.block.BlockIoException;
import java.io.IOException;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.ThreadParams;

/**
 * A session for each thread, on a controller each. Made one after the other by one thread, their objects lie side by side in the heap: a field that one writes and
 * that shares a cache line with a field of the other would show. Made by the thread that uses it, each has its surroundings to itself.
 */
@State(Scope.Benchmark)
public class TwoSessions {
    @Param({"side-by-side", "apart"})
    String made;

    private final OpenSession[] sessions = new OpenSession[2];
    /** Keeps what the benchmark itself writes for one session off the cache lines of the other. */
    private final byte[][] between = new byte[2][];

    /** Opens both here, when they are to lie side by side. */
    @Setup(Level.Trial)
    public void open() throws IOException {
        if (made.equals("side-by-side")) {
            for (int i = 0; i < sessions.length; i++) {
                sessions[i] = new OpenSession();
                between[i] = new byte[1024];
                sessions[i].batch = 32;
                sessions[i].open();
            }
        }
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        if (made.equals("side-by-side")) {
            for (OpenSession session : sessions) {
                session.close();
            }
        }
    }

    /** The session of a thread. */
    @State(Scope.Thread)
    public static class Mine {
        private OpenSession session;
        private boolean own;

        /** Opens it here, when it is to lie apart. */
        @Setup(Level.Trial)
        public void open(TwoSessions all, ThreadParams thread) throws IOException {
            own = all.made.equals("apart");
            session = own ? new OpenSession() : all.sessions[thread.getThreadIndex()];
            if (own) {
                session.batch = 32;
                session.open();
            }
        }

        @TearDown(Level.Trial)
        public void close() throws IOException {
            if (own) {
                session.close();
            }
        }

        long round() throws BlockIoException {
            session.round();
            return session.sum();
        }
    }
}
