package io.sluice.linux;

import java.nio.ByteBuffer;

/** The functions of {@code sluice.h} on descriptors and memory; results below 0 are {@code -errno}. */
final class MemoryShim {
    static final int HUGE = 1;
    static final int READ = 1;
    static final int WRITE = 2;
    static final long HUGE_PAGE_BYTES = 2 << 20;

    private MemoryShim() {}

    static native int open(String path);

    static native int close(int fd);

    static native long pageSize();

    static native int create(String name, long bytes, int flags);

    static native long map(int fd, long offset, long bytes, int access);

    static native int populate(long address, long bytes);

    static native int neutralise(long address, long bytes);

    static native int unmap(long address, long bytes);

    static native ByteBuffer buffer(long address, int bytes);

    static native long address(ByteBuffer buffer);
}
