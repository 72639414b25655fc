package io.sluice.cli;

import java.util.Locale;

/** Which blocks a workload touches, and how. The names are fio's. */
enum AccessPattern {
    READ(false, true, false),
    WRITE(false, false, true),
    RANDREAD(true, true, false),
    RANDWRITE(true, false, true),
    RW(false, true, true),
    RANDRW(true, true, true);

    private final boolean random;
    private final boolean reads;
    private final boolean writes;

    AccessPattern(boolean random, boolean reads, boolean writes) {
        this.random = random;
        this.reads = reads;
        this.writes = writes;
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

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
