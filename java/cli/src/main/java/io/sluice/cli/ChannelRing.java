package io.sluice.cli;

import io.sluice.block.BlockDevice;
import io.sluice.block.BlockIoException;
import io.sluice.block.Geometry;
import io.sluice.block.JobException;
import io.sluice.block.Operation;
import io.sluice.vfs.OpenedDevice;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Records through a channel of the file system plugin, as a program of {@code java.nio.file} moves them. */
final class ChannelRing implements RecordRing {
    /** Two file systems of one process have two names. */
    private static final AtomicInteger NEXT = new AtomicInteger();

    private final String device;
    private final Geometry geometry;
    private final FileSystem fileSystem;
    private final AsynchronousFileChannel channel;
    private final ByteBuffer[] slots;
    private final int[] lengths;
    private final @Nullable Future<Integer>[] futures;
    private long begun;
    private long taken;

    @SuppressWarnings({"unchecked", "rawtypes"}) // There are no arrays of a generic type.
    ChannelRing(BlockDevice device, long recordBytes, boolean writeable) throws IOException {
        this.device = device.name();
        this.geometry = device.geometry();
        int slotBytes = RecordRing.slotBytes(device.name(), recordBytes, RecordMemory.ALIGNMENT);
        int count = RecordRing.slots(slotBytes);
        this.slots = new ByteBuffer[count];
        for (int i = 0; i < count; i++) {
            slots[i] = RecordMemory.allocate(slotBytes);
        }
        this.lengths = new int[count];
        this.futures = new Future[count];
        this.fileSystem = FileSystems.newFileSystem(
                URI.create("sluice:dd" + NEXT.incrementAndGet()),
                Map.of(
                        "device",
                        OpenedDevice.of(device),
                        "writeable",
                        writeable,
                        "queue_depth",
                        MOST_SLOTS,
                        // All of the slots may be shown to the device.
                        "zero_copy",
                        1 << 30,
                        "label",
                        "dd"));
        boolean opened = false;
        try {
            this.channel = AsynchronousFileChannel.open(
                    fileSystem.getPath("/disk"), writeable ? StandardOpenOption.WRITE : StandardOpenOption.READ);
            opened = true;
        } finally {
            if (!opened) {
                fileSystem.close();
            }
        }
    }

    @Override
    public String device() {
        return device;
    }

    @Override
    public Geometry geometry() {
        return geometry;
    }

    @Override
    public boolean isFull() {
        return begun - taken == slots.length;
    }

    @Override
    public boolean isEmpty() {
        return begun == taken;
    }

    @Override
    public ByteBuffer next() {
        return slots[slot(begun)].clear();
    }

    @Override
    public void begin(Operation operation, long block, int blocks) {
        int slot = slot(begun++);
        long position = block << geometry.blockShift();
        int length = blocks << geometry.blockShift();
        ByteBuffer memory = slots[slot].clear().limit(length);
        lengths[slot] = length;
        futures[slot] = operation == Operation.READ ? channel.read(memory, position) : channel.write(memory, position);
    }

    /** Does nothing: a channel tells the device at once. */
    @Override
    public void commit() {}

    @Override
    public ByteBuffer await() throws IOException {
        int slot = slot(taken);
        Future<Integer> future = futures[slot];
        if (future == null) {
            throw new IllegalStateException("no record was begun");
        }
        try {
            if (future.get() != lengths[slot]) {
                throw new EOFException(device + " ended within a record");
            }
            return slots[slot].clear();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted");
            interrupted.initCause(e);
            throw interrupted;
        } catch (ExecutionException e) {
            throw told(e.getCause());
        }
    }

    /** What the device said of the part that failed. */
    private static IOException told(@Nullable Throwable failure) {
        if (failure instanceof JobException job && job.getCause() instanceof BlockIoException part) {
            return part;
        }
        return failure instanceof IOException known ? known : new IOException(failure);
    }

    @Override
    public void release() {
        futures[slot(taken++)] = null;
    }

    @Override
    public void sync() throws IOException {
        try {
            channel.force(true);
        } catch (JobException failure) {
            throw told(failure);
        }
    }

    private int slot(long number) {
        return (int) (number % slots.length);
    }

    @Override
    public void close() throws IOException {
        fileSystem.close();
    }
}
