package io.sluice.block;

import org.jspecify.annotations.Nullable;

/** Words that the tests share. */
final class Stress {
    private Stress() {}

    /** The number that was taken, 0 when nothing was there. */
    static int number(@Nullable Integer taken) {
        return taken == null ? 0 : taken;
    }

    /** There is room by the test's making. */
    static void accepted(MpscRing.Offer offer) {
        if (offer != MpscRing.Offer.ACCEPTED) {
            throw new IllegalStateException("the ring says " + offer);
        }
    }
}
