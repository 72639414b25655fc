package io.sluice.tester;

import java.util.Objects;

/** In which order a workload goes through its window: the closed choice of tests. */
public sealed interface Access {
    /** From the front to the back, and again. */
    record Sequential() implements Access {}

    /**
     * At places that follow from the seed alone.
     *
     * @param everyBlockOnce whether each block comes once before any comes again, in another order each time; needs I/Os of one size, and is as without
     *     it where there are several
     */
    record Random(boolean everyBlockOnce) implements Access {}

    /** In turns from the front and from the back, until they meet, and again: the longest ways for whatever moves. */
    record PingPong() implements Access {}

    /**
     * What a trace tells, once. The trace says operations and sizes too.
     *
     * @param paced whether each request waits for its time in the trace, from the start of the run on
     */
    record Replay(Trace trace, boolean paced) implements Access {
        public Replay {
            Objects.requireNonNull(trace, "trace");
        }
    }

    /** See {@link Sequential}. */
    static Access sequential() {
        return new Sequential();
    }

    /** See {@link Random}; blocks may come again at any time. */
    static Access random() {
        return new Random(false);
    }

    /** See {@link PingPong}. */
    static Access pingPong() {
        return new PingPong();
    }

    /** What tables call it. */
    default String label() {
        if (this instanceof Sequential) {
            return "sequential";
        }
        if (this instanceof Random) {
            return "random";
        }
        return this instanceof PingPong ? "ping-pong" : "replay";
    }
}
