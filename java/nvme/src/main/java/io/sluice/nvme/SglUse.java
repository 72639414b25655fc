package io.sluice.nvme;

/** When data is described by SGLs (section 4.4) rather than by PRPs (section 4.3), on a controller that offers them (SGLS). */
public enum SglUse {
    /** Never: what PRPs cannot describe is copied. */
    NEVER,
    /** Where PRPs cannot describe it: segments that begin or end within a page. */
    WHERE_NEEDED,
    /** For all transfers. */
    ALWAYS
}
