package io.sluice.block;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Whoever takes an element sees what was stored into it before it was offered. */
@JCStressTest
@Outcome(id = "-1", expect = Expect.ACCEPTABLE, desc = "It was not there yet.")
@Outcome(id = "7", expect = Expect.ACCEPTABLE, desc = "It was there, and whole.")
@Outcome(expect = Expect.FORBIDDEN, desc = "It was there, and its content was not.")
@State
public class RingPublishes {
    private final MpscRing<int[]> ring = new MpscRing<>(1);

    /** The producer. */
    @Actor
    public void offer() {
        int[] element = new int[1];
        element[0] = 7;
        Stress.accepted(ring.offer(element));
    }

    /** The consumer. */
    @Actor
    public void take(I_Result result) {
        int[] element = ring.take();
        result.r1 = element == null ? -1 : element[0];
    }
}
