/**
 * Lab G: a QEMU guest with a virtual IOMMU, VFIO and a JVM. What runs in the guest (classes that surefire does not take for
 * tests: their names do not end in Test) reports each result over a serial line; what runs on the host boots the guests and
 * makes the results its own.
 */
@NullMarked
package io.sluice.system.guest;

import org.jspecify.annotations.NullMarked;
