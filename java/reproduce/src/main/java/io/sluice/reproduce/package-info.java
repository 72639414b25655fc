/**
 * Measures the tables of {@link io.sluice.report}: plans the steps, takes each in a lab (a guest, the emulated controller in a process, a drive) and writes what came of
 * it down, so that an interrupted run goes on where it was. It knows {@code io.sluice.report} and {@code io.sluice.cli}, whose commands it runs, and {@code
 * io.sluice.tester} for its clocks; nobody knows it. {@link io.sluice.reproduce.Reproduce} runs on the machine, {@link io.sluice.reproduce.StepRunner} in the lab.
 */
@NullMarked
package io.sluice.reproduce;

import org.jspecify.annotations.NullMarked;
