package io.sluice.block;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Two threads offer at once: both elements are there, each once. */
@JCStressTest
@Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "One was first.")
@Outcome(id = "2, 1", expect = Expect.ACCEPTABLE, desc = "The other was first.")
@Outcome(expect = Expect.FORBIDDEN, desc = "One was lost or came twice.")
@State
public class RingTwoProducers {
    private final MpscRing<Integer> ring = new MpscRing<>(2);

    /** One. */
    @Actor
    public void one() {
        Stress.accepted(ring.offer(1));
    }

    /** The other. */
    @Actor
    public void other() {
        Stress.accepted(ring.offer(2));
    }

    /** What is there. */
    @Arbiter
    public void all(II_Result result) {
        result.r1 = Stress.number(ring.take());
        result.r2 = Stress.number(ring.take());
    }
}
