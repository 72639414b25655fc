package io.sluice.report;

/** What the rows of a table are. */
public enum Axis {
    /** Bytes of an I/O: numbers with K and M, in powers of two. */
    BLOCK_SIZE("BS", "block size (bytes)", true),
    /** I/Os in flight. */
    DEPTH("depth", "queue depth (I/Os in flight)", true),
    /** Kinds of access. */
    TEST("test", "test", false),
    /** What does the I/O. */
    LAYER("layer", "layer", false);

    private final String header;
    private final String title;
    private final boolean ordered;

    Axis(String header, String title, boolean ordered) {
        this.header = header;
        this.title = title;
        this.ordered = ordered;
    }

    /** Over the rows' names in a table. */
    String header() {
        return header;
    }

    /** Along the axis of a chart, with its unit. */
    String title() {
        return title;
    }

    /** Whether rows are places on a line, each twice or four times the one before; else they are names. */
    boolean ordered() {
        return ordered;
    }
}
