package io.sluice.block;

/**
 * How jobs were carried out since {@link Jobs} were made.
 *
 * @param direct operations that moved data between the device and the memory that a job named
 * @param bounced operations whose data was copied, since the device could not reach the memory as it lies, or a block was covered in part
 * @param bouncedBytes how much was copied for jobs, bytes
 * @param rewritten reads that were only made to write the rest of a block back unchanged
 */
public record JobStatistics(long direct, long bounced, long bouncedBytes, long rewritten) {}
