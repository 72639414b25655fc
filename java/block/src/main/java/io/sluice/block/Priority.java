package io.sluice.block;

/** Which sessions of a device come first where it has more to do than it can; what a device does not weigh takes turns. */
public enum Priority {
    /** Before all others: while such operations wait, no others begin. */
    URGENT,
    /** The largest share of what urgent ones leave. */
    HIGH,
    /** What sessions have unless they say otherwise. */
    MEDIUM,
    /** The smallest share. */
    LOW
}
