/**
 * Lab V: the emulated controller in a process of its own, reached over vfio-user by the driver here and by sluice in a third process.
 * What the driver promises on any controller ({@code io.sluice.nvme.contract}) is tested there, and that neither side harms the other when it
 * dies. The guest whose drive such a controller is stands in package {@code guest}.
 */
@NullMarked
package io.sluice.system.vfiouser;

import org.jspecify.annotations.NullMarked;
