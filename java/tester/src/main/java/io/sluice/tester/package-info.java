/**
 * The block tester: runs workloads on sessions, jobs or channels of a device, measures them and proves that the data is right. It knows {@code
 * io.sluice.block} alone; whoever measures calls {@link io.sluice.tester.TestRun}, and {@link io.sluice.tester.Traces} for what is to be played again.
 * The loop that submits and completes costs a few nanoseconds an I/O, so that it measures the device and not itself.
 */
@NullMarked
package io.sluice.tester;

import org.jspecify.annotations.NullMarked;
