package io.sluice.linux;

import java.util.List;

/**
 * What an IOMMU can map.
 *
 * @param pageSizes a bit for each page size: bit 12 for 4 KiB; 0 where the kernel does not say
 * @param mapsAvailable how many more mappings the kernel takes, {@code Long.MAX_VALUE} where it does not say
 * @param ranges usable addresses in rising order; empty where the kernel does not say
 */
public record IommuInfo(long pageSizes, long mapsAvailable, List<IovaRange> ranges) {
    static List<IovaRange> ranges(long[] words, int at, int count) {
        IovaRange[] ranges = new IovaRange[count];
        for (int i = 0; i < count; i++) {
            ranges[i] = new IovaRange(words[at + 2 * i], words[at + 2 * i + 1]);
        }
        return List.of(ranges);
    }
}
