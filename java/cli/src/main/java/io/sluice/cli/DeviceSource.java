package io.sluice.cli;

import io.sluice.block.Geometry;
import io.sluice.block.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads a device front to back, many records ahead. */
final class DeviceSource implements DdSource {
    private final RecordRing ring;
    private final int recordBytes;
    private final long end;
    private long submitted;
    private long position;
    private boolean lent;

    /**
     * A source.
     *
     * @param start byte to start at, a multiple of the block size, within the device
     * @param end byte to end before, within the device
     */
    DeviceSource(RecordRing ring, int recordBytes, long start, long end) {
        this.ring = ring;
        this.recordBytes = recordBytes;
        this.end = end;
        position = start;
        submitted = start;
    }

    @Override
    public String name() {
        return ring.device();
    }

    @Override
    public OptionalLong remaining() {
        return OptionalLong.of(end - position);
    }

    @Override
    public @Nullable ByteBuffer read(int bytes) throws IOException {
        if (lent) {
            ring.release();
            lent = false;
        }
        if (position >= end) {
            return null;
        }
        readAhead();
        int size = (int) Math.min(recordBytes, end - position);
        position += size;
        lent = true;
        return ring.await().limit(Math.min(size, bytes));
    }

    private void readAhead() throws IOException {
        Geometry geometry = ring.geometry();
        while (!ring.isFull() && submitted < end) {
            long size = Math.min(recordBytes, end - submitted);
            // The last record may end within a block: the device reads all of it, the caller sees its part.
            int blocks = (int) ((size + geometry.blockBytes() - 1) >> geometry.blockShift());
            ring.begin(Operation.READ, submitted >> geometry.blockShift(), blocks);
            submitted += size;
        }
        ring.commit();
    }

    @Override
    public void close() throws IOException {
        ring.close();
    }
}
