package io.sluice.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the kernel knows of an open file ({@code statx(2)}, {@code fstatfs(2)}).
 *
 * @param regular whether it is a regular file, which a memfd is too
 * @param bytes its size
 * @param pageBytes the size of the pages that a mapping of it is made of
 */
record FileStatus(boolean regular, long bytes, long pageBytes) {
    private static final int EMPTY_PATH = 0x1000;
    private static final int BASIC = 0x7ff;
    // struct statx, the same on every architecture, in bytes.
    private static final int STATUS_BYTES = 256;
    private static final int MODE = 28;
    private static final int SIZE = 40;
    private static final int TYPE_MASK = 0170000;
    private static final int TYPE_REGULAR = 0100000;

    // struct statfs of 64-bit Linux: the type is its first word, the size of a block the second.
    private static final int FILE_SYSTEM_WORDS = 15;
    private static final int HUGE_PAGES = 0x958458f6;

    static FileStatus of(Descriptor file) throws IOException {
        byte[] status = new byte[STATUS_BYTES];
        file.call("statx", fd -> Libc.result(Libc.calls().statx(fd, "", EMPTY_PATH, BASIC, status)));
        ByteBuffer fields = ByteBuffer.wrap(status).order(ByteOrder.nativeOrder());
        return new FileStatus(
                (fields.getShort(MODE) & TYPE_MASK) == TYPE_REGULAR, fields.getLong(SIZE), pageBytes(file));
    }

    private static long pageBytes(Descriptor file) throws IOException {
        long[] fileSystem = new long[FILE_SYSTEM_WORDS];
        file.call("fstatfs", fd -> Libc.result(Libc.calls().fstatfs(fd, fileSystem)));
        return (int) fileSystem[0] == HUGE_PAGES ? fileSystem[1] : MemoryShim.pageSize();
    }

    /** What stands behind a descriptor, as {@code /proc/self/fd} says it: a path, or {@code anon_inode:[eventfd]}. */
    static String kind(Descriptor file) throws IOException {
        int number = file.acquire();
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/" + number)).toString();
        } finally {
            file.release();
        }
    }
}
