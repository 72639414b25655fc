package io.sluice.reproduce;

/** Sizes as tables name them. */
final class Sizes {
    private Sizes() {}

    /** 4K, 2M: bytes, in powers of two. */
    static long bytes(String size) {
        int shift = switch (size.charAt(size.length() - 1)) {
            case 'K' -> 10;
            case 'M' -> 20;
            default -> throw new IllegalArgumentException("'" + size + "' is no size: expected 4K or 2M");
        };
        return Long.parseLong(size, 0, size.length() - 1, 10) << shift;
    }
}
