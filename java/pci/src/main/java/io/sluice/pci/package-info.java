/**
 * PCI functions as a driver needs them: registers, memory that the function can reach, interrupts, reset, removal.
 * {@link io.sluice.pci.PciFunction} is the contract; {@link io.sluice.pci.VfioFunction} implements it over VFIO, {@link
 * io.sluice.pci.LocalFunction} over a device made of software ({@link io.sluice.pci.FunctionModel}). Drivers
 * ({@code io.sluice.nvme}) call it and never learn which implementation they have; it calls {@code io.sluice.linux} alone.
 */
@NullMarked
package io.sluice.pci;

import org.jspecify.annotations.NullMarked;
