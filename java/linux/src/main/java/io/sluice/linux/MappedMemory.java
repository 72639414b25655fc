package io.sluice.linux;

import java.io.Closeable;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

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
    /** Mappings of files that can be handed on, by their first address. */
    private static final ConcurrentSkipListMap<Long, Range> FILES = new ConcurrentSkipListMap<>();

    private final Range range;
    private final ByteBuffer buffer;

    private MappedMemory(Range range, ByteBuffer buffer) {
        this.range = range;
        this.buffer = buffer;
    }

    /** Maps {@code bytes} from {@code offset} of a file or a device for reading and writing, shared with all others who do. */
    static MappedMemory map(Descriptor descriptor, long offset, long bytes) throws IOException {
        return map(descriptor, offset, bytes, MemoryShim.READ | MemoryShim.WRITE);
    }

    private static MappedMemory map(Descriptor descriptor, long offset, long bytes, int access) throws IOException {
        if (bytes < 1 || bytes > Integer.MAX_VALUE) {
            throw new IllegalStateException(
                    "a mapping of " + bytes + " bytes of " + descriptor + " (expected: 1 to 2^31 - 1)");
        }
        long address = descriptor.call("mmap", fd -> MemoryShim.map(fd, offset, bytes, access));
        Range range = new Range(address, bytes, descriptor.name());
        ByteBuffer buffer = MemoryShim.buffer(address, (int) bytes).order(ByteOrder.LITTLE_ENDIAN);
        Reaper.CLEANER.register(buffer, range);
        return new MappedMemory(range, buffer);
    }

    /**
     * Maps a part of a file that somebody else made and may still change: memory that another process shares.
     *
     * <p>Whoever holds the file may shrink it later unless that is {@linkplain Seals#preventShrinking sealed}. Then an access
     * through the buffer throws {@link InternalError}, at once or a little later, and the JVM lives; native code that touches the
     * memory (a checksum over the buffer, a JNI function) would end it, so the bytes are to be copied before such code sees them.
     *
     * @param offset bytes, from 0, a multiple of the page size
     * @param bytes 1 to 2^30
     * @param writeable whether to map it for writing too; when not, the buffer is read-only
     * @throws IOException when it is no regular file, ends before the part does, or is not open for such access
     */
    public static MappedMemory ofFile(Descriptor file, long offset, long bytes, boolean writeable) throws IOException {
        if (bytes < 1 || bytes > 1 << 30 || offset < 0) {
            throw new IllegalArgumentException(
                    bytes + " bytes from " + offset + " of " + file + " (expected: 1 to 2^30 bytes from 0 or more)");
        }
        FileStatus status = FileStatus.of(file);
        if (!status.regular() || offset > status.bytes() - bytes) {
            throw new IOException(file + ": " + bytes + " bytes from " + offset + " are to be mapped of "
                    + (status.regular() ? "a file of " + status.bytes() + " bytes" : "what is no regular file"));
        }
        // The kernel maps huge pages as a whole, and lets go of them as a whole.
        long page = status.pageBytes();
        long first = offset & -page;
        long end = (offset + bytes + page - 1) & -page;
        int access = writeable ? MemoryShim.READ | MemoryShim.WRITE : MemoryShim.READ;
        MappedMemory whole = map(file, first, end - first, access);
        ByteBuffer part = whole.buffer.slice((int) (offset - first), (int) bytes);
        return new MappedMemory(
                whole.range, (writeable ? part : part.asReadOnlyBuffer()).order(ByteOrder.LITTLE_ENDIAN));
    }

    /**
     * Maps a part of a file as {@link #ofFile} does and keeps the file, so that others can be given the same memory: see {@link #file}.
     */
    public static MappedMemory shareable(Descriptor file, long offset, long bytes, boolean writeable)
            throws IOException {
        MappedMemory memory = ofFile(file, offset, bytes, writeable);
        try {
            memory.range.keep(file.duplicate(), offset - (memory.range().address() - memory.range.address));
            return memory;
        } catch (IOException failure) {
            memory.close();
            throw failure;
        }
    }

    /** Where it lies. */
    public MemoryRange range() {
        return new MemoryRange(buffer);
    }

    /**
     * Which part of a file memory stands for: known of what {@link #shareable} maps, as long as it is not closed.
     *
     * @return empty when that is not known of all of the memory
     */
    public static Optional<FileRange> file(MemoryRange memory) {
        Map.Entry<Long, Range> below = FILES.floorEntry(memory.address());
        return below == null ? Optional.empty() : below.getValue().file(memory);
    }

    /** All of it, little-endian, direct. After {@link #close} it reads as zero, or as what was stored since. */
    public ByteBuffer buffer() {
        return buffer;
    }

    /** The address of the first page in this process; for calls that hand the memory to a device. */
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
        private @Nullable Descriptor file;
        private long fileOffset;

        Range(long address, long bytes, String name) {
            this.address = address;
            this.bytes = bytes;
            this.name = name;
        }

        /** Keeps the file, so that others can be given it. */
        synchronized void keep(Descriptor descriptor, long offset) {
            file = descriptor;
            fileOffset = offset;
            FILES.put(address, this);
        }

        synchronized Optional<FileRange> file(MemoryRange memory) {
            long from = memory.address() - address;
            Descriptor known = file;
            return known == null || from > bytes - memory.size()
                    ? Optional.empty()
                    : Optional.of(new FileRange(known, fileOffset + from));
        }

        private void letGo() {
            if (file != null) {
                // The addresses may be another mapping's by the time that this one's buffer is found unreachable.
                FILES.remove(address, this);
                file.close();
                file = null;
            }
        }

        synchronized void neutralise() throws LinuxException {
            if (!neutral) {
                letGo();
                LinuxException.check("mmap(MAP_FIXED)", name, MemoryShim.neutralise(address, bytes));
                neutral = true;
            }
        }

        /** Called by the cleaner alone, once, when no buffer is left and so nobody can call {@link #neutralise} any more. */
        @Override
        public synchronized void run() {
            letGo();
            MemoryShim.unmap(address, bytes);
        }
    }

    /** One cleaner thread for all mappings, started with the first. */
    private static final class Reaper {
        static final Cleaner CLEANER = Cleaner.create();
    }
}
