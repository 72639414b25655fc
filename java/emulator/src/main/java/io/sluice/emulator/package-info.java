/**
 * An NVMe controller made of software, register by register, over any block device. {@link io.sluice.emulator.EmulatedController} is what a
 * driver finds behind a PCI function, in this process ({@code io.sluice.pci.LocalFunction}) or in another; it also fails on demand. It calls {@code
 * io.sluice.block} for the blocks and {@code io.sluice.pci} for the host, and knows no driver.
 */
@NullMarked
package io.sluice.emulator;

import org.jspecify.annotations.NullMarked;
