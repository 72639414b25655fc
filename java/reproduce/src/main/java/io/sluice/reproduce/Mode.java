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
            return this == QUICK ? new Pace(700, 5, 300, 1000) : new Pace(4000, 3, 1000, 5000);
        }
        return this == QUICK ? new Pace(400, 3, 200, 1000) : new Pace(2000, 2, 1000, 5000);
    }
}
