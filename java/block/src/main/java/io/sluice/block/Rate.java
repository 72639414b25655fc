package io.sluice.block;

/**
 * How much of something may pass: so much a second, and so much at once after a pause.
 *
 * @param perSecond operations or bytes a second; 0 = any number
 * @param burst how much may pass at once, at least 1 where there is a limit. In any second that begins after a pause {@code perSecond + burst} pass at most,
 *     and what the last operation is larger than what was left
 */
public record Rate(long perSecond, long burst) {
    private static final Rate UNLIMITED = new Rate(0, 0);
    /** A hundredth of a second's worth: a second with a burst in it is within 1 % of the limit. */
    private static final int BURSTS_PER_SECOND = 100;

    public Rate {
        if (perSecond < 0 || burst < 0 || (perSecond > 0 && burst < 1)) {
            throw new IllegalArgumentException(
                    "a limit of " + perSecond + " a second with bursts of " + burst + ": expected more than 0 of each");
        }
    }

    /** No limit. */
    public static Rate unlimited() {
        return UNLIMITED;
    }

    /** So much a second, a hundredth of it at once. */
    public static Rate perSecond(long value) {
        return new Rate(value, value == 0 ? 0 : Math.max(1, value / BURSTS_PER_SECOND));
    }

    /** As much a second, but so much at once. */
    public Rate burst(long value) {
        return new Rate(perSecond, value);
    }

    /** Whether there is a limit. */
    public boolean isLimited() {
        return perSecond > 0;
    }
}
