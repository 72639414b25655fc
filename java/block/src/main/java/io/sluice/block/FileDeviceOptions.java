package io.sluice.block;

/**
 * How to open a {@link FileDevice}. Immutable; the methods return changed copies.
 *
 * <p>The defaults: the file is there and keeps its size, blocks of 512 bytes, writeable.
 *
 * @param sizeBytes how large the file is to be at least, bytes: it is created or extended, without taking room on the disk for it; 0 = as
 *     it is, and it must exist
 * @param blockBytes size of a block in bytes, a power of two from 512 to 2^20
 * @param writeable whether the file may be changed
 */
public record FileDeviceOptions(long sizeBytes, int blockBytes, boolean writeable) {
    private static final FileDeviceOptions DEFAULTS = new FileDeviceOptions(0, 512, true);

    public FileDeviceOptions {
        if (blockBytes < 512 || blockBytes > 1 << 20 || Integer.bitCount(blockBytes) != 1) {
            throw new IllegalArgumentException(
                    "blocks of " + blockBytes + " bytes: expected a power of two from 512 to 2^20");
        }
        if (sizeBytes < 0 || sizeBytes % blockBytes != 0) {
            throw new IllegalArgumentException(
                    "a size of " + sizeBytes + " bytes: expected a multiple of the block size, " + blockBytes);
        }
        if (sizeBytes > 0 && !writeable) {
            throw new IllegalArgumentException("a file that may not be changed cannot be given a size");
        }
    }

    /** The defaults of the class description. */
    public static FileDeviceOptions defaults() {
        return DEFAULTS;
    }

    /** How large the file is to be at least, bytes. */
    public FileDeviceOptions sizeBytes(long value) {
        return new FileDeviceOptions(value, blockBytes, writeable);
    }

    /** Size of a block, bytes. */
    public FileDeviceOptions blockBytes(int value) {
        return new FileDeviceOptions(sizeBytes, value, writeable);
    }

    /** Whether the file may be changed. */
    public FileDeviceOptions writeable(boolean value) {
        return new FileDeviceOptions(sizeBytes, blockBytes, value);
    }
}
