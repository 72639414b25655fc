package io.sluice.reproduce;

/** How a step reaches the drive. */
enum Reach {
    /** The node of the kernel's driver. */
    NODE,
    /** A session on the namespace. */
    DIRECT,
    /** A partition, as a mediator of a multiplexer hands it out that copies. */
    COPYING,
    /** A partition, as a mediator hands it out. */
    MEDIATED
}
