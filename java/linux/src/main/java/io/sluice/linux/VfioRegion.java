package io.sluice.linux;

import java.util.List;

/**
 * A part of a VFIO device that is read and written: a BAR or the configuration space ({@code struct vfio_region_info}).
 *
 * @param flags {@code VFIO_REGION_INFO_FLAG_*}
 * @param size bytes, 0 when the device has no such region
 * @param offset of its first byte on the device's descriptor
 * @param areas the parts that can be mapped, in rising order; none overlap
 */
public record VfioRegion(long flags, long size, long offset, List<Area> areas) {
    private static final int MMAP = 1 << 2;

    /**
     * A part that can be mapped.
     *
     * @param offset bytes from the beginning of the region
     * @param size bytes
     */
    public record Area(long offset, long size) {}

    /** The sparse areas where the kernel names some; the whole region where it says only that it can be mapped; else none. */
    static VfioRegion of(long[] words, int count) {
        boolean mappable = (words[0] & MMAP) != 0;
        Area[] areas = new Area[mappable && count == 0 ? 1 : mappable ? count : 0];
        for (int i = 0; i < areas.length; i++) {
            areas[i] = count == 0 ? new Area(0, words[1]) : new Area(words[3 + 2 * i], words[4 + 2 * i]);
        }
        return new VfioRegion(words[0], words[1], words[2], List.of(areas));
    }
}
