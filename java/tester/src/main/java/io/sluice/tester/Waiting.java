package io.sluice.tester;

/** What a workload does while nothing has ended: the closed choice between latency, processor time and what a device needs for it. */
public enum Waiting {
    /** Looks again at once. */
    POLL,
    /** Leaves it to the session how to wait: for devices of the kernel, which wake whoever waits for them without being asked to. */
    SLEEP,
    /** Sleeps on the device's interrupt. */
    INTERRUPT
}
