package io.sluice.linux;

/**
 * What the kernel's block layer says of a device ({@code /sys/block/…/queue}, the kernel's ABI document sysfs-block).
 *
 * @param name {@code nvme0n1}, or {@code nvme0n1p1} for a partition
 * @param blockBytes logical block
 * @param memoryAlignment what addresses of memory must be multiples of, bytes
 * @param maxTransferBytes most bytes of a command; more is split, but not for passthrough
 * @param maxSegments most pieces of memory of a command
 * @param maxTrimBytes most bytes of a discard; 0 when the device has none
 * @param maxZeroBytes most bytes of a write-zeroes command; 0 when the device has none
 * @param volatileWriteCache whether its cache loses data with power
 */
public record BlockLimits(
        String name,
        int blockBytes,
        int memoryAlignment,
        long maxTransferBytes,
        int maxSegments,
        long maxTrimBytes,
        long maxZeroBytes,
        boolean volatileWriteCache) {}
