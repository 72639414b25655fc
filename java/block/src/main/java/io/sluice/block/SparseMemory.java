package io.sluice.block;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Memory of any size, of which only the parts that were written exist: chunks of 256 KiB, found through a tree of tables with 1024
 * places each, as deep as the size needs. Parts that do not exist read as zeroes.
 */
final class SparseMemory implements Store {
    private static final int CHUNK_SHIFT = 18;
    private static final int CHUNK = 1 << CHUNK_SHIFT;
    private static final int TABLE_SHIFT = 10;
    private static final int TABLE_MASK = (1 << TABLE_SHIFT) - 1;
    private static final VarHandle PLACE = MethodHandles.arrayElementVarHandle(Object[].class);
    private static final ByteBuffer ZEROES = ByteBuffer.allocateDirect(CHUNK);

    private final int topShift;
    private final Object[] root = new Object[1 << TABLE_SHIFT];

    SparseMemory(long bytes) {
        int shift = 0;
        for (long chunks = (bytes - 1) >>> CHUNK_SHIFT; chunks >>> shift > TABLE_MASK; ) {
            shift += TABLE_SHIFT;
        }
        this.topShift = shift;
    }

    private @Nullable ByteBuffer chunk(long index) {
        Object[] table = root;
        for (int shift = topShift; shift > 0; shift -= TABLE_SHIFT) {
            Object next = PLACE.getAcquire(table, (int) (index >>> shift) & TABLE_MASK);
            if (next == null) {
                return null;
            }
            table = (Object[]) next;
        }
        return (ByteBuffer) PLACE.getAcquire(table, (int) index & TABLE_MASK);
    }

    private ByteBuffer makeChunk(long index) throws IOException {
        Object[] table = root;
        for (int shift = topShift; shift > 0; shift -= TABLE_SHIFT) {
            table = (Object[]) putIfAbsent(table, (int) (index >>> shift) & TABLE_MASK, new Object[1 << TABLE_SHIFT]);
        }
        try {
            return (ByteBuffer) putIfAbsent(table, (int) index & TABLE_MASK, ByteBuffer.allocateDirect(CHUNK));
        } catch (OutOfMemoryError noMemory) {
            throw new IOException(
                    "no memory is left to keep more data in; raise the JVM's limit (-XX:MaxDirectMemorySize) or keep it in a"
                            + " file",
                    noMemory);
        }
    }

    private static Object putIfAbsent(Object[] table, int place, Object value) {
        Object there = PLACE.compareAndExchange(table, place, (Object) null, value);
        return there == null ? value : there;
    }

    private void drop(long index) {
        Object[] table = root;
        for (int shift = topShift; shift > 0; shift -= TABLE_SHIFT) {
            Object next = PLACE.getAcquire(table, (int) (index >>> shift) & TABLE_MASK);
            if (next == null) {
                return;
            }
            table = (Object[]) next;
        }
        PLACE.setRelease(table, (int) index & TABLE_MASK, null);
    }

    @Override
    public void read(long position, StoreMemory memory, int offset, int length) {
        for (int done = 0; done < length; ) {
            int at = (int) (position + done) & (CHUNK - 1);
            int part = Math.min(length - done, CHUNK - at);
            ByteBuffer chunk = chunk((position + done) >>> CHUNK_SHIFT);
            memory.bytes().put(offset + done, chunk == null ? ZEROES : chunk, at, part);
            done += part;
        }
    }

    @Override
    public void write(long position, StoreMemory memory, int offset, int length) throws IOException {
        for (int done = 0; done < length; ) {
            int at = (int) (position + done) & (CHUNK - 1);
            int part = Math.min(length - done, CHUNK - at);
            long index = (position + done) >>> CHUNK_SHIFT;
            ByteBuffer chunk = chunk(index);
            (chunk == null ? makeChunk(index) : chunk).put(at, memory.bytes(), offset + done, part);
            done += part;
        }
    }

    @Override
    public void zero(long position, long length) {
        long end = position + length;
        for (long from = position; from < end; ) {
            long index = from >>> CHUNK_SHIFT;
            int at = (int) from & (CHUNK - 1);
            int part = (int) Math.min(end - from, CHUNK - at);
            if (part == CHUNK) {
                from = dropFrom(index, end >>> CHUNK_SHIFT) << CHUNK_SHIFT;
                continue;
            }
            ByteBuffer chunk = chunk(index);
            if (chunk != null) {
                chunk.put(at, ZEROES, 0, part);
            }
            from += part;
        }
    }

    /** Drops chunks up to {@code end}; passes over what no table exists for in one step. Returns where to go on. */
    private long dropFrom(long index, long end) {
        Object[] table = root;
        for (int shift = topShift; shift > 0; shift -= TABLE_SHIFT) {
            Object next = PLACE.getAcquire(table, (int) (index >>> shift) & TABLE_MASK);
            if (next == null) {
                return Math.min(((index >>> shift) + 1) << shift, end);
            }
            table = (Object[]) next;
        }
        drop(index);
        return index + 1;
    }

    @Override
    public void discard(long position, long length) {
        zero(position, length);
    }

    @Override
    public void force() {
        // Memory survives nothing.
    }

    @Override
    public void close() {
        // The collector frees what nobody refers to any more.
    }
}
