package io.sluice.linux;

import java.io.Closeable;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Memory or device registers in the address space of this process.
 *
 * <p>A mapping that goes away under a thread that reads it would end the JVM. So {@link #close} replaces it by anonymous zero
 * pages at the same addresses, and the addresses themselves are given back when the garbage collector finds that no buffer,
 * slice or duplicate can reach them any more.
 *
 * <p>Any thread may call.
 */
public final class MappedMemory implements Closeable {
    private final Range range;
    private final ByteBuffer buffer;

    private MappedMemory(Range range, ByteBuffer buffer) {
        this.range = range;
        this.buffer = buffer;
    }

    /** Maps {@code bytes} from {@code offset} of a file or a device for reading and writing, shared with all others who do. */
    static MappedMemory map(Descriptor descriptor, long offset, long bytes) throws IOException {
        if (bytes < 1 || bytes > Integer.MAX_VALUE) {
            throw new IllegalStateException(
                    "a mapping of " + bytes + " bytes of " + descriptor + " (expected: 1 to 2^31 - 1)");
        }
        long address =
                descriptor.call("mmap", fd -> MemoryShim.map(fd, offset, bytes, MemoryShim.READ | MemoryShim.WRITE));
        Range range = new Range(address, bytes, descriptor.name());
        ByteBuffer buffer = MemoryShim.buffer(address, (int) bytes).order(ByteOrder.LITTLE_ENDIAN);
        Reaper.CLEANER.register(buffer, range);
        return new MappedMemory(range, buffer);
    }

    /** All of it, little-endian, direct. After {@link #close} it reads as zero, or as what was stored since. */
    public ByteBuffer buffer() {
        return buffer;
    }

    /** The address of the first byte in this process; for calls that hand the memory to a device. */
    public long address() {
        return range.address;
    }

    /** Size in bytes. */
    public int size() {
        return buffer.capacity();
    }

    void populate() throws IOException {
        LinuxException.check(
                "madvise(MADV_POPULATE_WRITE)", range.name, MemoryShim.populate(range.address, range.bytes));
    }

    /**
     * Lets go of the memory or the device; buffers stay harmless. Idempotent.
     *
     * @throws LinuxException when the kernel refuses to replace the mapping (ENOMEM); it is then still there
     */
    @Override
    public void close() throws IOException {
        range.neutralise();
    }

    /** The addresses, without the buffer: the cleaner holds it and must not keep the buffer alive. */
    private static final class Range implements Runnable {
        private final long address;
        private final long bytes;
        private final String name;
        private boolean neutral;

        Range(long address, long bytes, String name) {
            this.address = address;
            this.bytes = bytes;
            this.name = name;
        }

        synchronized void neutralise() throws LinuxException {
            if (!neutral) {
                LinuxException.check("mmap(MAP_FIXED)", name, MemoryShim.neutralise(address, bytes));
                neutral = true;
            }
        }

        /** Called by the cleaner alone, once, when no buffer is left and so nobody can call {@link #neutralise} any more. */
        @Override
        public synchronized void run() {
            MemoryShim.unmap(address, bytes);
        }
    }

    /** One cleaner thread for all mappings, started with the first. */
    private static final class Reaper {
        static final Cleaner CLEANER = Cleaner.create();
    }
}
