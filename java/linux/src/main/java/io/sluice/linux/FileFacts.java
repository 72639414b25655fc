package io.sluice.linux;

/**
 * What an open file is ({@code statx(2)}, {@code linux/fs.h}).
 *
 * @param bytes size of a file or block device; 0 for others
 * @param blockBytes logical block of a block device; 0 for others
 * @param memoryAlignment of direct I/O, bytes; 0 where the kernel does not say, or the file system has no direct I/O
 * @param offsetAlignment the same for offsets in the file and lengths
 * @param major number of the device that it is, or that a regular file lies on
 * @param minor the same
 * @param readOnly whether a block device is write-protected
 */
public record FileFacts(
        Kind kind,
        long bytes,
        int blockBytes,
        int memoryAlignment,
        int offsetAlignment,
        int major,
        int minor,
        boolean readOnly) {
    /** What can be opened. */
    public enum Kind {
        /** A file with a content. */
        REGULAR,
        /** A block device. */
        BLOCK,
        /** A character device. */
        CHARACTER,
        /** A directory, socket or pipe. */
        OTHER
    }

    /** From the words of {@code struct sluice_file_info}. */
    static FileFacts of(long[] words) {
        // S_IFMT, inode(7).
        Kind kind = switch ((int) words[0]) {
            case 0x8000 -> Kind.REGULAR;
            case 0x6000 -> Kind.BLOCK;
            case 0x2000 -> Kind.CHARACTER;
            default -> Kind.OTHER;
        };
        return new FileFacts(
                kind,
                words[1],
                Math.toIntExact(words[2]),
                Math.toIntExact(words[3]),
                Math.toIntExact(words[4]),
                Math.toIntExact(words[5]),
                Math.toIntExact(words[6]),
                words[7] != 0);
    }
}
