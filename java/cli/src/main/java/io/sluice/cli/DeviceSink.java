package io.sluice.cli;

import io.sluice.block.Geometry;
import io.sluice.block.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;

/** Writes a device front to back, many records behind. Records are counted when the device has written them, in order. */
final class DeviceSink implements DdSink {
    private final RecordRing ring;
    private final Geometry geometry;
    private final DdTally tally;
    private final long end;
    private final Queue<Integer> sizes = new ArrayDeque<>();
    private long position;

    /**
     * A sink.
     *
     * @param start byte to start at, a multiple of the block size, within the device
     */
    DeviceSink(RecordRing ring, long recordBytes, long start) {
        this.ring = ring;
        this.geometry = ring.geometry();
        this.tally = new DdTally(recordBytes);
        this.end = geometry.blockCount() << geometry.blockShift();
        this.position = start;
    }

    @Override
    public String name() {
        return ring.device();
    }

    @Override
    public void expect(long bytes) throws DdException {
        checkWhole(bytes, "the input has " + bytes + " bytes");
    }

    @Override
    public void write(ByteBuffer record) throws IOException {
        int size = record.remaining();
        if (!isWhole(size)) {
            // What came before is written and counted first.
            flush();
        }
        checkWhole(size, "a record has " + size + " bytes");
        int fits = (int) Math.min(size, end - position);
        if (fits > 0) {
            if (ring.isFull()) {
                takeOldest();
            }
            ring.next().put(record.limit(record.position() + fits));
            ring.begin(Operation.WRITE, position >> geometry.blockShift(), fits >> geometry.blockShift());
            sizes.add(fits == size ? size : -fits);
            position += fits;
        }
        if (fits < size) {
            flush();
            throw new IOException("No space left on device (" + geometry.blockCount() + " blocks of "
                    + geometry.blockBytes() + " bytes)");
        }
    }

    private void checkWhole(long bytes, String what) throws DdException {
        if (!isWhole(bytes)) {
            throw new DdException(
                    "error writing '" + name() + "': " + what + ", which is no multiple of the device's blocks of "
                            + geometry.blockBytes() + " bytes; conv=sync fills records up with zeroes");
        }
    }

    private boolean isWhole(long bytes) {
        return (bytes & geometry.blockBytes() - 1) == 0;
    }

    private void takeOldest() throws IOException {
        int size = sizes.remove();
        try {
            ring.await();
        } finally {
            ring.release();
        }
        if (size > 0) {
            tally.count(size);
        } else {
            tally.countBytes(-size);
        }
    }

    @Override
    public void flush() throws IOException {
        while (!ring.isEmpty()) {
            takeOldest();
        }
    }

    @Override
    public void sync(boolean metadata) throws IOException {
        ring.sync();
    }

    @Override
    public DdTally tally() {
        return tally;
    }

    @Override
    public void close() throws IOException {
        ring.close();
    }
}
