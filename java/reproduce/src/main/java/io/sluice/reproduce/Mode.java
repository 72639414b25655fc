package io.sluice.reproduce;

import io.sluice.report.Lab;
import java.util.Locale;

/** How much time a measurement gets. */
enum Mode {
    /** Shows that all of it works, and roughly how fast: a boot or process for each table, short runs. */
    QUICK,
    /** A fresh boot or process for each cell and run. */
    FULL;

    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    int runs() {
        return 3;
    }

    /** Whether each step has a fresh boot or process. */
    boolean fresh() {
        return this == FULL;
    }

    /** In an emulated machine, a JVM compiles slowly. */
    Pace pace(Lab lab) {
        if (lab == Lab.GUEST) {
            return this == QUICK ? new Pace(1500, 2, 300, 1000) : new Pace(6000, 2, 1000, 5000);
        }
        return this == QUICK ? new Pace(500, 2, 200, 1000) : new Pace(2000, 1, 1000, 5000);
    }
}
