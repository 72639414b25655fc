package io.sluice.linux;

/**
 * I/O virtual addresses that an IOMMU translates, both ends included.
 *
 * @param first address of the first byte, unsigned
 * @param last address of the last byte, unsigned, not below {@code first}
 */
public record IovaRange(long first, long last) {
    /** An empty or reversed range is refused. */
    public IovaRange {
        if (Long.compareUnsigned(first, last) > 0) {
            throw new IllegalArgumentException(String.format("range of addresses 0x%x to 0x%x", first, last));
        }
    }

    @Override
    public String toString() {
        return String.format("0x%x-0x%x", first, last);
    }
}
