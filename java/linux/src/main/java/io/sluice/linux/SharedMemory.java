package io.sluice.linux;

import java.io.Closeable;
import java.io.IOException;

/**
 * Anonymous memory with a descriptor ({@code memfd_create(2)}): zeroed, allocated as a whole, sealed against change of its
 * size. It lives as long as something maps it or holds the descriptor. Any thread may call.
 */
public final class SharedMemory implements Closeable {
    private final Descriptor descriptor;
    private final long size;
    private final boolean huge;

    private SharedMemory(Descriptor descriptor, long size, boolean huge) {
        this.descriptor = descriptor;
        this.size = size;
        this.huge = huge;
    }

    /**
     * Allocates memory.
     *
     * @param name up to 249 characters, shown in {@code /proc/PID/maps}
     * @param bytes 1 to 2^40, rounded up to whole pages of the size that was chosen
     * @throws LinuxException ENOMEM or ENOSPC when there is not that much memory, or not that many huge pages
     */
    public static SharedMemory allocate(String name, long bytes, PageChoice pages) throws IOException {
        if (bytes < 1 || bytes > 1L << 40) {
            throw new IllegalArgumentException("size in bytes: " + bytes + " (expected: 1 to 2^40)");
        }
        NativeLibrary.ensureAvailable();
        if (pages != PageChoice.PLAIN) {
            long size = roundUp(bytes, MemoryShim.HUGE_PAGE_BYTES);
            int fd = MemoryShim.create(name, size, MemoryShim.HUGE);
            if (fd >= 0) {
                return new SharedMemory(new Descriptor("memfd:" + name, fd), size, true);
            }
            if (pages == PageChoice.HUGE) {
                throw new LinuxException(
                        "memfd_create",
                        size / MemoryShim.HUGE_PAGE_BYTES + " huge pages of 2 MiB",
                        -fd,
                        "set vm.nr_hugepages higher, or do without huge pages");
            }
        }
        long size = roundUp(bytes, MemoryShim.pageSize());
        int fd = MemoryShim.create(name, size, 0);
        LinuxException.check("memfd_create", size + " bytes", fd);
        return new SharedMemory(new Descriptor("memfd:" + name, fd), size, false);
    }

    /** The descriptor, to be handed to other processes; it belongs to this object. */
    public Descriptor descriptor() {
        return descriptor;
    }

    /** Size in bytes, whole pages. */
    public long size() {
        return size;
    }

    /** Whether it is made of pages of 2 MiB. */
    public boolean huge() {
        return huge;
    }

    /**
     * Maps all of it, every page present. The mapping outlives this object.
     *
     * @throws IllegalStateException above 2^31 - 1 bytes, which no buffer can hold
     */
    public MappedMemory map() throws IOException {
        MappedMemory memory = MappedMemory.map(descriptor, 0, size);
        try {
            memory.populate();
            return memory;
        } catch (IOException exception) {
            memory.close();
            throw exception;
        }
    }

    /** Closes the descriptor. Idempotent. */
    @Override
    public void close() {
        descriptor.close();
    }

    private static long roundUp(long bytes, long unit) {
        return (bytes + unit - 1) & -unit;
    }
}
