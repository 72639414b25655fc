package io.sluice.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Reads one size through a channel, one read after the other: what {@link TransferLoop} does at depth 1 to a session. */
final class ChannelLoop {
    private static final int ALIGNMENT = 4096;
    private static final int READS_PER_LOOK = 8;

    private final FileChannel channel;
    private final long size;
    private final ByteBuffer memory;
    private long next;
    private long state = 0x9e37_79b9_7f4a_7c15L;
    private long done;

    /** Reads of at most so many bytes. */
    ChannelLoop(FileChannel channel, int mostBytes) throws IOException {
        this.channel = channel;
        this.size = channel.size();
        this.memory = ByteBuffer.allocateDirect(mostBytes + ALIGNMENT).alignedSlice(ALIGNMENT);
    }

    /** How many reads were finished by now. */
    long done() {
        return done;
    }

    /**
     * Reads for a time.
     *
     * @return how long it was in truth, nanoseconds
     */
    long run(int bytes, boolean inRandomOrder, long nanos) throws IOException {
        long places = size / bytes;
        next %= places;
        long start = System.nanoTime();
        long now = start;
        while (now - start < nanos) {
            for (int i = 0; i < READS_PER_LOOK; i++) {
                state = state * 0x5851_f42d_4c95_7f2dL + 0x1405_7b7e_f767_814fL;
                long place = inRandomOrder ? (state >>> 16) % places : next;
                next = next + 1 >= places ? 0 : next + 1;
                int read = channel.read(memory.clear().limit(bytes), place * bytes);
                if (read != bytes) {
                    throw new IOException("read " + read + " of " + bytes + " bytes");
                }
                done++;
            }
            now = System.nanoTime();
        }
        return now - start;
    }
}
