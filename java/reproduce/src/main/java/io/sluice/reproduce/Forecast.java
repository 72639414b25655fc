package io.sluice.reproduce;

import io.sluice.report.Lab;
import java.util.List;

/** How long a campaign takes: from what its steps are given, and, the further it is, from how long the steps so far took. Times in milliseconds. One thread. */
final class Forecast {
    /** What a boot of the guest, or a start of a process, and its end took where this was written; how far off they are here shows soon. */
    private static final long BOOT = 15_000;

    private static final long START = 2_500;

    /** What a step takes beside its ramp and its run. */
    private static final long AROUND = 700;

    /** How much weight the forecast keeps against what was seen. */
    private static final double PRIOR = 60_000;

    private final Pace pace;
    private final long start;
    private final long total;
    private long done;

    /** @param excursions what is to be taken, by boot or process */
    Forecast(List<List<Step>> excursions, Pace pace, Lab lab) {
        this.pace = pace;
        this.start = lab == Lab.GUEST ? BOOT : START;
        this.total = excursions.stream().mapToLong(this::of).sum();
    }

    private long of(List<Step> excursion) {
        return start(excursion) + excursion.size() * step();
    }

    private long start(List<Step> excursion) {
        return start + (long) WarmUp.columns(excursion).size() * pace.warmRounds() * (pace.warmMillis() + AROUND / 2);
    }

    private long step() {
        return (long) pace.rampMillis() + pace.runMillis() + AROUND;
    }

    /** All of it, before any of it is done. */
    long total() {
        return total;
    }

    /** A boot or process begins, and will be up and warm by the time of its first step. */
    void begins(List<Step> excursion) {
        done += start(excursion);
    }

    void taken() {
        done += step();
    }

    /** @param spent since the campaign began */
    long left(long spent) {
        return Math.round(Math.max(0, total - done) * (spent + PRIOR) / (done + PRIOR));
    }

    /** For people: {@code 3 h 12 min}, {@code 12 min}, {@code 40 s}. */
    static String said(long millis) {
        long seconds = Math.round(millis / 1e3);
        if (seconds < 60) {
            return seconds + " s";
        }
        long minutes = Math.round(seconds / 60.0);
        return minutes < 60 ? minutes + " min" : minutes / 60 + " h " + minutes % 60 + " min";
    }
}
