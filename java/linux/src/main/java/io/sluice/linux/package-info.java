/**
 * What Sluice needs of Linux: memory mappings, event descriptors, VFIO and iommufd through the C shim ({@code libsluice.so}, by
 * JNI), libc calls by jnr-ffi, devices and their drivers by libudev (JNA) or sysfs. It is the only package that knows
 * native code, knows neither PCI registers nor NVMe, and is called by {@code io.sluice.pci}, {@code io.sluice.export},
 * {@code io.sluice.uring} and the command line.
 */
@NullMarked
package io.sluice.linux;

import org.jspecify.annotations.NullMarked;
