/** The NVMe controllers of the labs: what QEMU is told to build, and what the driver is to find out about it. */
@NullMarked
package io.sluice.system.drives;

import org.jspecify.annotations.NullMarked;
