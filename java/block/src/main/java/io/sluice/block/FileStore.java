package io.sluice.block;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Bytes of a file. A thread that is interrupted in here closes the file for all, as {@link FileChannel} says. */
final class FileStore implements Store {
    private static final int MOST_ZEROES = 1 << 20;

    private final FileChannel channel;

    FileStore(FileChannel channel) {
        this.channel = channel;
    }

    @Override
    public void read(long position, StoreMemory memory, int offset, int length) throws IOException {
        ByteBuffer part = memory.part(offset, length);
        while (part.hasRemaining()) {
            if (channel.read(part, position + part.position() - offset) < 0) {
                throw new EOFException("the file ends at " + channel.size() + " bytes: somebody cut it short");
            }
        }
    }

    @Override
    public void write(long position, StoreMemory memory, int offset, int length) throws IOException {
        writeAll(memory.part(offset, length), position);
    }

    private void writeAll(ByteBuffer part, long position) throws IOException {
        int start = part.position();
        while (part.hasRemaining()) {
            int ignored = channel.write(part, position + part.position() - start);
        }
    }

    @Override
    public void zero(long position, long length) throws IOException {
        ByteBuffer zeroes = ByteBuffer.allocateDirect((int) Math.min(length, MOST_ZEROES));
        for (long done = 0; done < length; done += zeroes.capacity()) {
            zeroes.clear().limit((int) Math.min(length - done, zeroes.capacity()));
            writeAll(zeroes, position + done);
        }
    }

    @Override
    public void discard(long position, long length) {
        // Java cannot punch a hole; blocks that were trimmed may keep their content.
    }

    @Override
    public void force() throws IOException {
        // The size does not change after opening, so that data without metadata is enough.
        channel.force(false);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
