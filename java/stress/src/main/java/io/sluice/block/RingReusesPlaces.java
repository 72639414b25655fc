package io.sluice.block;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** A ring of one place that is full: the second element gets in only where the first one was taken, and neither is lost. */
@JCStressTest
@Outcome(id = "0, 1, 0", expect = Expect.ACCEPTABLE, desc = "Full: the second was turned away.")
@Outcome(id = "1, 1, 2", expect = Expect.ACCEPTABLE, desc = "The place was free again.")
@Outcome(expect = Expect.FORBIDDEN, desc = "An element was lost, came twice or overtook.")
@State
public class RingReusesPlaces {
    private final MpscRing<Integer> ring = new MpscRing<>(1);

    /** Starts full. */
    public RingReusesPlaces() {
        Stress.accepted(ring.offer(1));
    }

    /** The producer. */
    @Actor
    public void offer(III_Result result) {
        result.r1 = ring.offer(2) == MpscRing.Offer.ACCEPTED ? 1 : 0;
    }

    /** The consumer. */
    @Actor
    public void take(III_Result result) {
        result.r2 = Stress.number(ring.take());
    }

    /** What is left. */
    @Arbiter
    public void rest(III_Result result) {
        result.r3 = Stress.number(ring.take());
    }
}
