/**
 * The NVMe driver: a controller's life cycle, its admin commands, and its namespaces as block devices whose sessions are I/O
 * queue pairs. {@link io.sluice.nvme.NvmeController} is the way in. It reaches the controller through {@code io.sluice.pci} and
 * serves {@code io.sluice.block}; programs and the command line call it.
 *
 * <p>Section numbers in this package are those of the NVM Express Base Specification, revision 1.4.
 */
@NullMarked
package io.sluice.nvme;

import org.jspecify.annotations.NullMarked;
