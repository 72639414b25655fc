/** Tests of both sides of vfio-user, with a device of their own. */
@NullMarked
package io.sluice.pci.vfiouser;

import org.jspecify.annotations.NullMarked;
