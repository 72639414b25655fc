/**
 * Block devices over io_uring: regular files, the kernel's block devices and NVMe character devices. {@link
 * io.sluice.uring.UringDevice} opens one and has the same sessions as every other {@link io.sluice.block.BlockDevice}; anybody who
 * programs against those may call it, and it knows {@code io.sluice.linux} and {@code io.sluice.block}.
 */
@NullMarked
package io.sluice.uring;

import org.jspecify.annotations.NullMarked;
