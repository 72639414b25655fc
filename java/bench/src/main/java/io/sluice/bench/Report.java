package io.sluice.bench;

import java.util.List;

/** What a set of benchmarks came to. */
interface Report {
    /** For people. */
    String table();

    /** For programs. */
    List<Figure> figures();
}
