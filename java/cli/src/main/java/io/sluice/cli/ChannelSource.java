package io.sluice.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads a file, a pipe, or what else the kernel opens. */
final class ChannelSource implements DdSource {
    private final String name;
    private final ReadableByteChannel channel;
    private final boolean seekable;
    private final boolean fullRecords;
    private final ByteBuffer memory;

    /**
     * A source.
     *
     * @param regular whether it is a regular file, of which the size is known
     * @param fullRecords read on until a record is full (iflag=fullblock)
     */
    ChannelSource(String name, ReadableByteChannel channel, boolean regular, boolean fullRecords, ByteBuffer memory) {
        this.name = name;
        this.channel = channel;
        this.seekable = regular;
        this.fullRecords = fullRecords;
        this.memory = memory;
    }

    /**
     * Leaves out the beginning.
     *
     * @return whether there was as much
     */
    boolean skip(DdOperands.Amount amount, long recordBytes) throws IOException {
        if (seekable) {
            SeekableByteChannel file = (SeekableByteChannel) channel;
            long bytes = amount.bytes(recordBytes);
            long left = file.size() - file.position();
            file.position(file.position() + Math.min(bytes, Math.max(left, 0)));
            return bytes <= left;
        }
        if (channel instanceof FileChannel device && amount.number() > 0) {
            try {
                device.position(Math.addExact(device.position(), amount.bytes(recordBytes)));
                return true;
            } catch (IOException e) {
                // A pipe or a socket: its beginning must be read.
            }
        }
        // As dd does it: a record is what one read returns.
        for (long left = amount.number(); left > 0; ) {
            ByteBuffer skipped = read((int) (amount.isBytes() ? Math.min(left, memory.capacity()) : recordBytes));
            if (skipped == null) {
                return false;
            }
            left -= amount.isBytes() ? skipped.remaining() : 1;
        }
        return true;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public OptionalLong remaining() throws IOException {
        if (!seekable) {
            return OptionalLong.empty();
        }
        SeekableByteChannel file = (SeekableByteChannel) channel;
        return OptionalLong.of(Math.max(0, file.size() - file.position()));
    }

    @Override
    public @Nullable ByteBuffer read(int bytes) throws IOException {
        if (seekable && atKnownEnd()) {
            return null;
        }
        memory.clear().limit(bytes);
        int got;
        try {
            do {
                got = channel.read(memory);
            } while (fullRecords && got > 0 && memory.hasRemaining() && !(seekable && atKnownEnd()));
        } catch (IOException e) {
            skipUnreadable(bytes);
            throw e;
        }
        memory.flip();
        return memory.hasRemaining() ? memory : null;
    }

    // With O_DIRECT one may not even ask behind an end that is no whole block. Files of /proc say that they are empty,
    // and are not.
    private boolean atKnownEnd() throws IOException {
        SeekableByteChannel file = (SeekableByteChannel) channel;
        return file.position() > 0 && file.position() == file.size();
    }

    private void skipUnreadable(int bytes) throws IOException {
        if (seekable) {
            SeekableByteChannel file = (SeekableByteChannel) channel;
            file.position(file.position() + bytes);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
