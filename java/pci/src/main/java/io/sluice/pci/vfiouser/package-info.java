/**
 * The vfio-user protocol, version 0.1 ("vfio-user Protocol Specification", libvfio-user docs/vfio-user.rst and QEMU docs/interop/vfio-user.rst):
 * PCI functions between processes over a Unix socket. {@link io.sluice.pci.vfiouser.VfioUserFunction} is the driver's side, {@link
 * io.sluice.pci.vfiouser.VfioUserServer} the device's; both speak through one codec, and neither believes the other a word. Called by
 * {@code io.sluice.export} and the command line.
 */
@NullMarked
package io.sluice.pci.vfiouser;

import org.jspecify.annotations.NullMarked;
