package io.sluice.vfs;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * Does at random what programs do to a file, and knows what each byte has to be: reads and writes at odd places, by position and in a row, one buffer and several, at once and
 * asynchronously, through several handles, forcing and opening them again. It keeps to a part of the file, so that several of them, on threads of their own, can share one; the
 * parts may meet within a block.
 */
public final class FileExerciser implements Closeable {
    private static final int HANDLES = 3;
    private static final int LARGEST_BYTES = 20_000;

    private final Path path;
    private final long start;
    private final byte[] model;
    private final Random random;
    private final boolean caching;
    private final FileChannel[] channels = new FileChannel[HANDLES];
    private final ByteBuffer[] memories;
    private AsynchronousFileChannel asynchronous;
    private long steps;
    private long operations;
    private long checkedBytes;
    private String last = "nothing";

    /**
     * Opens a file, and fills its part of it.
     *
     * @param caching whether some handles gather writes and read ahead
     */
    public FileExerciser(Path path, long start, int length, boolean caching, long seed) throws IOException {
        this.path = path;
        this.start = start;
        this.model = new byte[length];
        this.random = new Random(seed);
        this.caching = caching;
        // The same ones again and again, which the device may be shown; and heap buffers.
        this.memories = new ByteBuffer[] {
            ByteBuffer.allocateDirect(LARGEST_BYTES + 64),
            ByteBuffer.allocateDirect(LARGEST_BYTES + 64),
            ByteBuffer.allocate(LARGEST_BYTES + 64),
            ByteBuffer.allocateDirect(LARGEST_BYTES + 8192).alignedSlice(4096)
        };
        for (int i = 0; i < HANDLES; i++) {
            channels[i] = open(i);
        }
        asynchronous = openAsynchronous();
        random.nextBytes(model);
        ByteBuffer all = ByteBuffer.wrap(model);
        require(channels[0].write(all, start), length);
    }

    private FileChannel open(int handle) throws IOException {
        Set<OpenOption> options = new HashSet<>(Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE));
        if (handle == 1 && random.nextBoolean()) {
            options.add(StandardOpenOption.DSYNC);
        }
        if (handle == 2 && caching) {
            options.add(new Caching.ReadAhead(1 + random.nextInt(30_000)));
            options.add(new Caching.WriteWindow(1 + random.nextInt(30_000)));
        }
        return FileChannel.open(path, options);
    }

    private AsynchronousFileChannel openAsynchronous() throws IOException {
        return AsynchronousFileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /** How many calls were made of channels. */
    public long operations() {
        return operations;
    }

    /** How many bytes were read and compared. */
    public long checkedBytes() {
        return checkedBytes;
    }

    /** Does one thing, and throws an {@link AssertionError} when it comes out wrong. */
    public void step() throws IOException {
        steps++;
        FileChannel channel = channels[random.nextInt(HANDLES)];
        int length = random.nextInt(8) == 0 ? random.nextInt(LARGEST_BYTES) : random.nextInt(1500);
        length = Math.min(length, model.length);
        int at = random.nextInt(model.length - length + 1);
        if (random.nextInt(4) == 0) {
            // As programs that know of blocks do it.
            at = (int) Math.max(0, ((start + at) & -512) - start);
            length = Math.min(length + 511 & -512, model.length - at);
        }
        length = Math.min(length, LARGEST_BYTES);
        int what = random.nextInt(100);
        last = "step " + steps + ": " + what + " of " + length + " bytes at " + at;
        if (what < 35) {
            readAt(channel, at, length);
        } else if (what < 65) {
            writeAt(channel, at, length);
        } else if (what < 75) {
            readInARow(channel, at, length);
        } else if (what < 85) {
            writeInARow(channel, at, length);
        } else if (what < 95) {
            together(at, length);
        } else if (what < 98) {
            channel.force(random.nextBoolean());
        } else {
            openAgain(random.nextInt(HANDLES + 1));
        }
    }

    private ByteBuffer memory(int length) {
        ByteBuffer memory = memories[random.nextInt(memories.length)];
        int offset = random.nextInt(3) == 0 ? random.nextInt(Math.min(64, memory.capacity() - length)) : 0;
        return memory.clear().position(offset).limit(offset + length);
    }

    private ByteBuffer written(int at, int length) {
        ByteBuffer memory = memory(length);
        byte first = (byte) random.nextInt();
        for (int i = 0; i < length; i++) {
            model[at + i] = (byte) (first + i * 3);
        }
        int position = memory.position();
        memory.put(position, model, at, length);
        return memory;
    }

    private void readAt(FileChannel channel, int at, int length) throws IOException {
        ByteBuffer into = memory(length);
        int position = into.position();
        require(channel.read(into, start + at), length);
        compare(into.flip().position(position), at);
    }

    private void writeAt(FileChannel channel, int at, int length) throws IOException {
        require(channel.write(written(at, length), start + at), length);
    }

    private void readInARow(FileChannel channel, int at, int length) throws IOException {
        channel.position(start + at);
        int done = 0;
        while (done < length) {
            int part = Math.min(length - done, 1 + random.nextInt(3000));
            if (random.nextInt(3) == 0) {
                ByteBuffer[] parts = {ByteBuffer.allocate(part / 3), ByteBuffer.allocateDirect(part - part / 3)};
                require(channel.read(parts), part);
                compare(parts[0].flip(), at + done);
                compare(parts[1].flip(), at + done + part / 3);
            } else {
                ByteBuffer into = memory(part);
                int position = into.position();
                require(channel.read(into), part);
                compare(into.flip().position(position), at + done);
            }
            done += part;
        }
        require(channel.position(), start + at + length);
    }

    private void writeInARow(FileChannel channel, int at, int length) throws IOException {
        channel.position(start + at);
        int done = 0;
        while (done < length) {
            int part = Math.min(length - done, 1 + random.nextInt(3000));
            if (random.nextInt(3) == 0) {
                random.nextBytes(new byte[1]);
                ByteBuffer whole = written(at + done, part);
                ByteBuffer[] parts = {
                    whole.slice(whole.position(), part / 3), whole.slice(whole.position() + part / 3, part - part / 3)
                };
                require(channel.write(parts), part);
            } else {
                require(channel.write(written(at + done, part)), part);
            }
            done += part;
        }
    }

    /** Several asynchronous requests that touch different bytes, and may touch the same blocks. */
    private void together(int at, int length) throws IOException {
        int count = 1 + random.nextInt(4);
        int each = length / count;
        if (each == 0) {
            return;
        }
        boolean writes = random.nextBoolean();
        List<ByteBuffer> buffers = new ArrayList<>();
        List<Future<Integer>> futures = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int place = at + i * each;
            ByteBuffer buffer = ByteBuffer.allocate(each);
            if (writes) {
                byte first = (byte) random.nextInt();
                for (int j = 0; j < each; j++) {
                    model[place + j] = (byte) (first - j);
                }
                buffer.put(0, model, place, each);
            }
            buffers.add(buffer);
            futures.add(writes ? asynchronous.write(buffer, start + place) : asynchronous.read(buffer, start + place));
        }
        for (int i = 0; i < count; i++) {
            try {
                require(futures.get(i).get(), each);
            } catch (InterruptedException | ExecutionException failure) {
                throw new IOException(last, failure);
            }
            if (!writes) {
                compare(buffers.get(i).flip(), at + i * each);
            }
        }
    }

    private void openAgain(int handle) throws IOException {
        if (handle == HANDLES) {
            asynchronous.close();
            asynchronous = openAsynchronous();
        } else {
            channels[handle].close();
            channels[handle] = open(handle);
        }
    }

    private void compare(ByteBuffer bytes, int at) {
        ByteBuffer expected = ByteBuffer.wrap(model, at, bytes.remaining());
        int mismatch = expected.mismatch(bytes);
        checkedBytes += bytes.remaining();
        if (mismatch >= 0) {
            throw new AssertionError(last + ": byte " + (start + at + mismatch) + " is "
                    + bytes.get(bytes.position() + mismatch) + ", expected " + model[at + mismatch]);
        }
    }

    private void require(long came, long expected) {
        operations++;
        if (came != expected) {
            throw new AssertionError(last + ": it gave " + came + ", expected " + expected);
        }
    }

    /** Compares every byte of its part, as a handle sees it that was opened just now. */
    public void check() throws IOException {
        last = "check after step " + steps;
        try (FileChannel fresh = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer all = ByteBuffer.allocateDirect(model.length);
            require(fresh.read(all, start), model.length);
            compare(all.flip(), 0);
        }
    }

    @Override
    public void close() throws IOException {
        for (FileChannel channel : channels) {
            channel.close();
        }
        asynchronous.close();
    }
}
