package io.sluice.linux;

import java.util.List;

/**
 * A namespace that the kernel's NVMe driver shows as a block device.
 *
 * @param name of the block device: {@code nvme0n1}
 * @param bytes its size
 * @param blockBytes its logical block size
 * @param partitions names of its partitions' block devices
 * @param uses what keeps it or its partitions busy
 */
public record KernelNamespace(String name, long bytes, int blockBytes, List<String> partitions, List<BlockUse> uses) {}
