package io.sluice.block;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Memory of one transfer that does not lie in one place: segments, in the order of the data. Made once and filled again for each transfer: {@link
 * BlockSession#submit(Operation, long, long, Segments, long)} remembers what it needs of it. One thread at a time; nothing here allocates but the
 * constructor.
 */
public final class Segments {
    /** The largest {@link #capacity}: what the kernel takes at once too (IOV_MAX). */
    public static final int MOST = 1024;

    private final @Nullable IoBuffer[] memories;
    private final int[] offsets;
    private final int[] lengths;
    private int count;
    private long bytes;

    /**
     * Room for segments.
     *
     * @param capacity most segments, 1 to {@link #MOST}
     */
    public Segments(int capacity) {
        if (capacity < 1 || capacity > MOST) {
            throw new IllegalArgumentException(capacity + " segments: expected 1 to " + MOST);
        }
        this.memories = new IoBuffer[capacity];
        this.offsets = new int[capacity];
        this.lengths = new int[capacity];
    }

    /** Most segments. */
    public int capacity() {
        return lengths.length;
    }

    /** How many there are. */
    public int count() {
        return count;
    }

    /** Bytes of all of them. */
    public long bytes() {
        return bytes;
    }

    /** Removes all. */
    public Segments clear() {
        Arrays.fill(memories, 0, count, null);
        count = 0;
        bytes = 0;
        return this;
    }

    /**
     * Adds a segment behind those that are there.
     *
     * @param memory of the session that it is for: its buffer, or memory that it wrapped
     * @param offset in the memory, bytes
     * @param length bytes, at least 1
     * @throws IndexOutOfBoundsException when the bytes do not lie within the memory
     * @throws IllegalStateException when {@link #capacity} segments are there
     */
    public Segments add(IoBuffer memory, long offset, long length) {
        long size = memory.size();
        if (length < 1 || offset < 0 || length > size || offset > size - length) {
            throw new IndexOutOfBoundsException(
                    length + " bytes at offset " + offset + " of memory of " + size + " bytes");
        }
        if (count == lengths.length) {
            throw new IllegalStateException("there is room for " + count + " segments, and all of it is taken");
        }
        memories[count] = memory;
        offsets[count] = (int) offset;
        lengths[count] = (int) length;
        count++;
        bytes += length;
        return this;
    }

    /**
     * Holds what another holds.
     *
     * @throws IllegalStateException when it has more segments than there is room for
     */
    public Segments copy(Segments other) {
        int wanted = other.count;
        if (wanted > lengths.length) {
            throw new IllegalStateException(wanted + " segments where there is room for " + lengths.length);
        }
        clear();
        for (int i = 0; i < wanted; i++) {
            memories[i] = other.memories[i];
            offsets[i] = other.offsets[i];
            lengths[i] = other.lengths[i];
            bytes += lengths[i];
        }
        count = wanted;
        return this;
    }

    /**
     * Holds a part of what another holds: so many bytes of its data from one on.
     *
     * @throws IllegalStateException when that part has more segments than there is room for
     */
    Segments part(Segments other, long from, long length) {
        Segments ignored = clear();
        long skip = from;
        for (int i = 0; bytes < length; i++) {
            int there = other.lengths[i];
            if (skip >= there) {
                skip -= there;
                continue;
            }
            ignored = add(other.memory(i), other.offsets[i] + skip, Math.min(there - skip, length - bytes));
            skip = 0;
        }
        return this;
    }

    /** Copies so many bytes of the data, from one on, to a place in a buffer. */
    void copyTo(long from, ByteBuffer to, int at, int length) {
        long skip = from;
        for (int i = 0, done = 0; done < length; i++) {
            int there = lengths[i];
            if (skip < there) {
                int part = (int) Math.min(there - skip, length - done);
                to.put(at + done, memory(i).bytes(), offsets[i] + (int) skip, part);
                done += part;
                skip = 0;
            } else {
                skip -= there;
            }
        }
    }

    /** Takes so many bytes of the data, from one on, from a place in a buffer. */
    void copyFrom(long from, ByteBuffer source, int at, int length) {
        long skip = from;
        for (int i = 0, done = 0; done < length; i++) {
            int there = lengths[i];
            if (skip < there) {
                int part = (int) Math.min(there - skip, length - done);
                memory(i).bytes().put(offsets[i] + (int) skip, source, at + done, part);
                done += part;
                skip = 0;
            } else {
                skip -= there;
            }
        }
    }

    /** Whether one of them lies in a memory. */
    boolean name(IoBuffer memory) {
        for (int i = 0; i < count; i++) {
            if (memories[i] == memory) {
                return true;
            }
        }
        return false;
    }

    /** Whether one of them lies in memory that nothing can be read into. */
    boolean isReadOnly() {
        for (int i = 0; i < count; i++) {
            if (memory(i).bytes().isReadOnly()) {
                return true;
            }
        }
        return false;
    }

    /** The memory of a segment, from 0. */
    public IoBuffer memory(int segment) {
        IoBuffer memory = memories[segment];
        if (memory == null) {
            throw new IndexOutOfBoundsException("segment " + segment + " of " + count);
        }
        return memory;
    }

    /** Where in its memory a segment begins, bytes. */
    public int offset(int segment) {
        return offsets[segment];
    }

    /** Its bytes. */
    public int length(int segment) {
        return lengths[segment];
    }

    @Override
    public String toString() {
        return count + " segments of " + bytes + " bytes";
    }
}
