package io.sluice.reproduce;

/**
 * How much time a step gets, in milliseconds.
 *
 * @param warmMillis for each column before anything is measured, a few times in turn, while the JVM compiles
 * @param warmRounds how many times
 * @param rampMillis before what counts, as far as the command has such a thing
 * @param runMillis what counts
 */
record Pace(int warmMillis, int warmRounds, int rampMillis, int runMillis) {
    private static final int WORDS = 4;

    /** As {@link #parse} reads it. */
    String line() {
        return warmMillis + " " + warmRounds + " " + rampMillis + " " + runMillis;
    }

    static Pace parse(String line) {
        String[] words = line.split(" ", -1);
        if (words.length != WORDS) {
            throw new IllegalArgumentException(
                    "'" + line + "' is no pace: expected WARM_MILLIS ROUNDS RAMP_MILLIS RUN_MILLIS");
        }
        return new Pace(
                Integer.parseInt(words[0]),
                Integer.parseInt(words[1]),
                Integer.parseInt(words[2]),
                Integer.parseInt(words[3]));
    }

    /** For warming up: the same command, for as long as that takes. */
    Pace warming() {
        return new Pace(warmMillis, warmRounds, 0, warmMillis);
    }
}
