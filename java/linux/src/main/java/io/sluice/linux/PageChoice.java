package io.sluice.linux;

/** Which pages memory is made of. */
public enum PageChoice {
    /** Pages of the base size. */
    PLAIN,
    /** Pages of 2 MiB from the kernel's pool, or an error. */
    HUGE,
    /** Pages of 2 MiB when enough of them are free, else plain ones. */
    HUGE_WHEN_FREE
}
