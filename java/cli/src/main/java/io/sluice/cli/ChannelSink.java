package io.sluice.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/** Writes a file, a pipe, or what else the kernel opens. */
final class ChannelSink implements DdSink {
    private final String name;
    private final WritableByteChannel channel;
    private final @Nullable FileChannel tail;
    private final boolean regroup;
    private final DdTally tally;

    /**
     * A sink.
     *
     * @param tail the same file without O_DIRECT, for the end of the data that is no whole block; null when the first has none
     */
    ChannelSink(
            String name, WritableByteChannel channel, @Nullable FileChannel tail, boolean regroup, long recordBytes) {
        this.name = name;
        this.channel = channel;
        this.tail = tail;
        this.regroup = regroup;
        this.tally = new DdTally(recordBytes);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void write(ByteBuffer record) throws IOException {
        int size = record.remaining();
        try {
            if (tail != null && size % RecordMemory.ALIGNMENT != 0) {
                FileChannel direct = (FileChannel) channel;
                tail.position(direct.position());
                writeFully(tail, record);
                direct.position(tail.position());
            } else {
                writeFully(channel, record);
            }
        } catch (IOException e) {
            int written = size - record.remaining();
            if (regroup && written > 0) {
                tally.count(written);
            } else {
                tally.countBytes(written);
            }
            throw e;
        }
        tally.count(size);
    }

    private static void writeFully(WritableByteChannel to, ByteBuffer record) throws IOException {
        while (record.hasRemaining()) {
            to.write(record);
        }
    }

    @Override
    public void sync(boolean metadata) throws IOException {
        if (channel instanceof FileChannel file) {
            file.force(metadata);
        }
    }

    @Override
    public DdTally tally() {
        return tally;
    }

    @Override
    public void close() throws IOException {
        try (tail) {
            channel.close();
        }
    }
}
