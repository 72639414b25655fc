package io.sluice.vfs;

import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/** Reads a text as it was when it was opened. */
final class TextChannel implements SeekableByteChannel {
    private final byte[] bytes;
    private long position;
    private volatile boolean closed;

    TextChannel(byte[] bytes) {
        this.bytes = bytes;
    }

    private void checkOpen() throws ClosedChannelException {
        if (closed) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public synchronized int read(ByteBuffer into) throws ClosedChannelException {
        checkOpen();
        if (!into.hasRemaining()) {
            return 0;
        }
        if (position >= bytes.length) {
            return -1;
        }
        int length = Math.min(into.remaining(), bytes.length - (int) position);
        into.put(bytes, (int) position, length);
        position += length;
        return length;
    }

    @Override
    public int write(ByteBuffer from) throws ClosedChannelException {
        checkOpen();
        throw new NonWritableChannelException();
    }

    @Override
    public synchronized long position() throws ClosedChannelException {
        checkOpen();
        return position;
    }

    @Override
    public synchronized SeekableByteChannel position(long at) throws ClosedChannelException {
        checkOpen();
        if (at < 0) {
            throw new IllegalArgumentException("position " + at + ": expected 0 or more");
        }
        position = at;
        return this;
    }

    @Override
    public long size() throws ClosedChannelException {
        checkOpen();
        return bytes.length;
    }

    @Override
    public SeekableByteChannel truncate(long size) throws ClosedChannelException {
        checkOpen();
        throw new NonWritableChannelException();
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public void close() {
        closed = true;
    }
}
