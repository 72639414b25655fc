package io.sluice.tester;

/** What is asked of the clock for each I/O: the closed choice between what is learnt and what it costs. */
public enum Timing {
    /** Nothing: only how many I/Os there were. */
    NONE,
    /** From submission to completion: one look at the clock for a batch of submissions, one for a batch of completions. */
    LATENCY,
    /** Also how long submitting took, how many were in flight and how large batches were: two looks for a batch of submissions. */
    DETAILED
}
