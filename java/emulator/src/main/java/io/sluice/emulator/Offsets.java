package io.sluice.emulator;

/** Checks the offset of a register. */
final class Offsets {
    private Offsets() {}

    /** The offset as an index, when an access of this width lies within the space and is aligned. */
    static int check(long offset, int width, int size) {
        if (offset < 0 || offset > size - width || (offset & (width - 1)) != 0) {
            throw new IndexOutOfBoundsException(String.format(
                    "register of %d bits at offset 0x%x of a space of 0x%x bytes", width * Byte.SIZE, offset, size));
        }
        return (int) offset;
    }
}
