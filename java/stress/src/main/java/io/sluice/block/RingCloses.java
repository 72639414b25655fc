package io.sluice.block;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Closing is a clean cut: what was accepted is there, what was not is not, and the ring knows whether it is empty. */
@JCStressTest
@Outcome(id = "1, 5, 1", expect = Expect.ACCEPTABLE, desc = "Offered before the end.")
@Outcome(id = "0, 0, 1", expect = Expect.ACCEPTABLE, desc = "Offered after the end.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Accepted and lost, or turned away and there.")
@State
public class RingCloses {
    private final MpscRing<Integer> ring = new MpscRing<>(1);

    /** The producer. */
    @Actor
    public void offer(III_Result result) {
        result.r1 = ring.offer(5) == MpscRing.Offer.ACCEPTED ? 1 : 0;
    }

    /** Whoever ends it. */
    @Actor
    public void close() {
        ring.close();
    }

    /** What the consumer finds after that. */
    @Arbiter
    public void drain(III_Result result) {
        boolean empty = ring.isEmpty();
        result.r2 = Stress.number(ring.take());
        result.r3 = empty == (result.r2 == 0) && ring.isEmpty() && ring.isClosed() ? 1 : 0;
    }
}
