package io.sluice.partition;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Whoever takes a slot sees what was stored for it before it was published, and all that was published with it. */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "They were not there yet.")
@Outcome(id = "7, 8", expect = Expect.ACCEPTABLE, desc = "Both were there, and whole.")
@Outcome(expect = Expect.FORBIDDEN, desc = "One was there without the other, or without its content.")
@State
public class SlotRingPublishes {
    private final SlotRing ring = new SlotRing(2);
    private final int[] content = new int[2];

    /** The producer. */
    @Actor
    public void publish() {
        content[1] = 7;
        ring.add(1);
        content[0] = 8;
        ring.add(0);
        if (!ring.publish()) {
            throw new IllegalStateException("there was something to publish");
        }
    }

    /** The consumer. */
    @Actor
    public void take(II_Result result) {
        int there = ring.size();
        result.r1 = there > 0 ? content[ring.take()] : 0;
        result.r2 = there > 1 ? content[ring.take()] : 0;
    }
}
