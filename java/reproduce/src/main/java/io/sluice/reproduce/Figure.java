package io.sluice.reproduce;

/** Which of the figures that a command reports is the step's. */
enum Figure {
    /** 10^6 bytes a second. */
    MEGABYTES,
    /** 2^20 bytes a second. */
    MEBIBYTES,
    /** Mean latency, microseconds; the median and the 99th percentile beside it. */
    LATENCY,
    /** Processor time of the whole process for an I/O, nanoseconds. */
    PROCESSOR
}
