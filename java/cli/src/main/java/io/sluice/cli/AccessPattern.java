package io.sluice.cli;

import java.util.Locale;

/** Which operations a test is made of, and whether blocks come in order where nothing else is said. The names are fio's. */
enum AccessPattern {
    READ(false, true, false, false),
    WRITE(false, false, true, false),
    TRIM(false, false, false, true),
    RANDREAD(true, true, false, false),
    RANDWRITE(true, false, true, false),
    RANDTRIM(true, false, false, true),
    RW(false, true, true, false),
    RANDRW(true, true, true, false);

    private final boolean random;
    private final boolean reads;
    private final boolean writes;
    private final boolean trims;

    AccessPattern(boolean random, boolean reads, boolean writes, boolean trims) {
        this.random = random;
        this.reads = reads;
        this.writes = writes;
        this.trims = trims;
    }

    boolean random() {
        return random;
    }

    boolean reads() {
        return reads;
    }

    boolean writes() {
        return writes;
    }

    boolean trims() {
        return trims;
    }

    boolean changes() {
        return writes || trims;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
