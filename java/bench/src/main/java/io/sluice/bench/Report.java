package io.sluice.bench;

import java.util.List;

/** What a set of benchmarks measured. */
interface Report {
    /** For people. */
    String table();

    /** For machines. */
    List<Figure> figures();
}
