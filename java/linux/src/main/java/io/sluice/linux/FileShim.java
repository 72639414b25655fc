package io.sluice.linux;

/** The functions of {@code sluice.h} on files and block devices; results below 0 are {@code -errno}. */
final class FileShim {
    static final int WRITE = 1;
    static final int DIRECT = 2;
    static final int EXCLUSIVE = 4;
    /** Length of {@code struct sluice_file_info}, words. */
    static final int WORDS = 8;

    private FileShim() {}

    static native int open(String path, int flags);

    static native int info(int fd, long[] words);

    static native long nvmeNamespace(int fd);

    static native int nvmeRead(int fd, int opcode, int namespace, int dword10, byte[] data, int timeoutMillis);
}
