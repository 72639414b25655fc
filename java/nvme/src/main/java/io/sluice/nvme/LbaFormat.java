package io.sluice.nvme;

/**
 * A format of blocks that a namespace offers (section 5.15.2.1, figure 249).
 *
 * @param dataShift base-two logarithm of the block size in bytes (LBADS); 0 = not offered
 * @param metadataBytes metadata of a block, bytes (MS)
 * @param relativePerformance RP: 0 best to 3 degraded
 */
public record LbaFormat(int dataShift, int metadataBytes, int relativePerformance) {
    static LbaFormat decode(long raw) {
        return new LbaFormat((int) (raw >>> 16) & 0xff, (int) raw & 0xffff, (int) (raw >>> 24) & 3);
    }
}
