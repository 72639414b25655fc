/**
 * What the driver promises of any controller, as tests that do not know which controller they have: QEMU's over qtest, a
 * VFIO-bound one in a guest, an emulated one. A module that has controllers gives them by {@link
 * io.sluice.nvme.contract.ControllersFrom} on a class that extends one of the contracts.
 */
@NullMarked
package io.sluice.nvme.contract;

import org.jspecify.annotations.NullMarked;
