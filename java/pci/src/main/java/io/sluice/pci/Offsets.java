package io.sluice.pci;

/** The one check of register offsets. */
final class Offsets {
    private Offsets() {}

    /** Throws unless {@code width} bytes (a power of two) at {@code offset} are aligned and lie in a space of {@code size} bytes. */
    static void check(long offset, int width, long size) {
        if (offset < 0 || offset > size - width || (offset & (width - 1)) != 0) {
            throw new IndexOutOfBoundsException(String.format(
                    "register of %d bits at offset 0x%x of a space of 0x%x bytes", width * Byte.SIZE, offset, size));
        }
    }
}
