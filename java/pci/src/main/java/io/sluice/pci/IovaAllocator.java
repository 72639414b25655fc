package io.sluice.pci;

import io.sluice.linux.IovaRange;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Hands out ranges of I/O virtual addresses, first fit, and merges what comes back. Any thread may call.
 *
 * <p>Pieces of 2 MiB and more begin at a multiple of 2 MiB, so that the IOMMU can translate them by large pages.
 */
public final class IovaAllocator {
    /** From that size on pieces begin at its multiples, bytes. */
    public static final long LARGE = 2 << 20;

    /** Address 0 is what a forgotten address looks like; a device that gets one should fault and not find memory. */
    private static final long LOWEST = 1 << 16;

    /** Where the kernel reports nothing (before 5.7): below the x86 MSI window and what every IOMMU has above 4 GiB. */
    private static final List<IovaRange> UNREPORTED =
            List.of(new IovaRange(LOWEST, 0xfedf_ffffL), new IovaRange(0x1_0000_0000L, (1L << 39) - 1));

    private final long unit;
    /** Free ranges: first address to the one after the last. No two touch. */
    private final TreeMap<Long, Long> free = new TreeMap<>();

    /**
     * An allocator over what the kernel reports.
     *
     * @param reported usable ranges; none means not known
     * @param unit a power of two: pieces begin and end at multiples of it
     */
    public IovaAllocator(List<IovaRange> reported, long unit) {
        this.unit = unit;
        for (IovaRange range : reported.isEmpty() ? UNREPORTED : reported) {
            // 63 bits are more than any IOMMU has, and signed arithmetic does for them.
            if (range.first() < 0) {
                continue;
            }
            long first = roundUp(Math.max(range.first(), LOWEST), unit);
            long end = range.last() < 0 || range.last() == Long.MAX_VALUE
                    ? Long.MAX_VALUE & -unit
                    : (range.last() + 1) & -unit;
            if (first >= 0 && first < end) {
                free.put(first, end);
            }
        }
    }

    /**
     * Takes a range.
     *
     * @param bytes a multiple of the unit, above 0
     * @return its first address, empty when no free range is large enough
     */
    public synchronized OptionalLong allocate(long bytes) {
        checkSize(bytes);
        long alignment = Math.max(unit, bytes >= LARGE ? LARGE : unit);
        for (Map.Entry<Long, Long> range : free.entrySet()) {
            long address = roundUp(range.getKey(), alignment);
            long end = range.getValue();
            if (address >= range.getKey() && address < end && end - address >= bytes) {
                cut(range.getKey(), end, address, bytes);
                return OptionalLong.of(address);
            }
        }
        return OptionalLong.empty();
    }

    private void cut(long first, long end, long address, long bytes) {
        free.remove(first);
        if (first < address) {
            free.put(first, address);
        }
        if (address + bytes < end) {
            free.put(address + bytes, end);
        }
    }

    /** Gives a range back that was taken as a whole. */
    public synchronized void free(long address, long bytes) {
        checkSize(bytes);
        long first = address;
        long end = address + bytes;
        Map.Entry<Long, Long> before = free.floorEntry(address);
        Map.Entry<Long, Long> after = free.ceilingEntry(address);
        if ((before != null && before.getValue() > address) || (after != null && after.getKey() < end)) {
            throw new IllegalArgumentException(
                    String.format("addresses 0x%x-0x%x are given back that are free already", address, end - 1));
        }
        if (before != null && before.getValue() == first) {
            first = before.getKey();
        }
        if (after != null && after.getKey() == end) {
            free.remove(after.getKey());
            end = after.getValue();
        }
        free.put(first, end);
    }

    /** Bytes that are free. */
    public synchronized long freeBytes() {
        return free.entrySet().stream()
                .mapToLong(range -> range.getValue() - range.getKey())
                .sum();
    }

    /** In how many pieces the free bytes are. */
    public synchronized int pieces() {
        return free.size();
    }

    private void checkSize(long bytes) {
        if (bytes <= 0 || bytes % unit != 0) {
            throw new IllegalArgumentException("size in bytes: " + bytes + " (expected: a multiple of " + unit + ")");
        }
    }

    private static long roundUp(long value, long unit) {
        return (value + unit - 1) & -unit;
    }
}
