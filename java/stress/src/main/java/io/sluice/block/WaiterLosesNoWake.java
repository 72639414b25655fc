package io.sluice.block;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Whoever goes to sleep while another makes work either sees the work or is woken. */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "It saw the work and did not sleep.")
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "It slept and was woken.")
@Outcome(expect = Expect.FORBIDDEN, desc = "It slept, and nobody would have woken it.")
@State
public class WaiterLosesNoWake {
    private final Sleeper session = new Sleeper();
    private final Waiter waiter = new Waiter(WaitStrategy.sleeping(), session, () -> session.made);

    /** Makes work. */
    @Actor
    public void make() {
        session.made = true;
        waiter.wake();
        session.maker = true;
    }

    /** Goes to sleep. */
    @Actor
    public void sleep(I_Result result) {
        try {
            waiter.idle(0);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        result.r1 = session.slept;
    }

    /** A session with an operation in flight that sleeps until it is woken, or until it is plain that nobody will. */
    private static final class Sleeper implements BlockSession {
        private volatile boolean made;
        private volatile boolean maker;
        private volatile boolean woken;
        private int slept;

        @Override
        public boolean await(long timeoutNanos) {
            while (!woken && !maker) {
                Thread.onSpinWait();
            }
            slept = woken ? 1 : 2;
            return woken;
        }

        @Override
        public void wakeup() {
            woken = true;
        }

        @Override
        public boolean hasInterrupt() {
            return true;
        }

        @Override
        public int inFlight() {
            return 1;
        }

        @Override
        public Geometry geometry() {
            throw new UnsupportedOperationException("it only sleeps");
        }

        @Override
        public int queueDepth() {
            throw new UnsupportedOperationException("it only sleeps");
        }

        @Override
        public IoBuffer buffer() {
            throw new UnsupportedOperationException("it only sleeps");
        }

        @Override
        public boolean submit(Operation operation, long block, long count, IoBuffer memory, long offset, long tag) {
            throw new UnsupportedOperationException("it only sleeps");
        }

        @Override
        public void commit() {
            throw new UnsupportedOperationException("it only sleeps");
        }

        @Override
        public int poll(Completion completion, int max) {
            throw new UnsupportedOperationException("it only sleeps");
        }

        @Override
        public SessionStatistics statistics() {
            throw new UnsupportedOperationException("it only sleeps");
        }

        @Override
        public void close() {}
    }
}
