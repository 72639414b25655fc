package io.sluice.partition;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Whoever says that it will sleep, and then looks for news, finds them; or whoever published them finds that it sleeps. */
@JCStressTest
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "It saw the news; nobody had to wake it.")
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "It slept, and is woken.")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "It saw the news, and is woken for nothing.")
@Outcome(expect = Expect.FORBIDDEN, desc = "It slept, and nobody would have woken it.")
@State
public class SlotRingLosesNoNews {
    private final SlotRing ring = new SlotRing(2);
    private volatile boolean sleeping;

    /** Publishes, and looks whom to wake. */
    @Actor
    public void publish(II_Result result) {
        ring.add(1);
        result.r1 = ring.publish() && sleeping ? 1 : 0;
    }

    /** Is about to sleep. */
    @Actor
    public void sleep(II_Result result) {
        sleeping = true;
        result.r2 = ring.hasNews() ? 1 : 0;
    }
}
