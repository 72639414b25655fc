package io.sluice.bench;

import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.Completion;
import io.sluice.block.Operation;
import io.sluice.block.SessionOptions;
import io.sluice.uring.UringDevice;
import io.sluice.uring.UringOptions;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Random reads of 4 KiB of a file over io_uring, in a process of its own: {@code FileReadLoop FILE DEPTH BATCH WARM-UP-MILLIS MILLIS}. As many as BATCH are
 * told to the kernel at once and taken from it at once. Prints how many reads came in the time and how many nanoseconds that was.
 */
final class FileReadLoop implements Completion {
    private static final int READ_BYTES = 4096;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int ROUNDS_PER_LOOK = 64;

    private final BlockSession session;
    private final RandomBlocks blocks;
    private final int batch;
    private final int readBlocks;
    /** {@link RandomBlocks} counts in blocks of 512 bytes. */
    private final int shift;

    private @Nullable BlockIoException failure;
    private long completed;
    private int untold;

    private FileReadLoop(BlockSession session, int batch) {
        this.session = session;
        this.batch = batch;
        this.readBlocks = Math.max(1, READ_BYTES >> session.geometry().blockShift());
        this.shift = session.geometry().blockShift() - 9;
        long reads = session.geometry().blockCount() / readBlocks;
        this.blocks = new RandomBlocks(63 - Long.numberOfLeadingZeros(reads));
    }

    /** Runs; see the class. */
    public static void main(String[] arguments) throws IOException {
        int depth = Integer.parseInt(arguments[1]);
        try (UringDevice device = UringDevice.open(Path.of(arguments[0]), UringOptions.defaults());
                BlockSession session = device.open(SessionOptions.defaults().queueDepth(depth))) {
            device.fallbacks().forEach(System.err::println);
            FileReadLoop loop = new FileReadLoop(session, Integer.parseInt(arguments[2]));
            for (int i = 0; i < depth; i++) {
                loop.submit(i);
            }
            loop.run(Long.parseLong(arguments[3]) * NANOS_PER_MILLI);
            long before = loop.completed;
            long nanos = loop.run(Long.parseLong(arguments[4]) * NANOS_PER_MILLI);
            System.out.println((loop.completed - before) + " " + nanos);
        }
    }

    private void submit(long tag) throws BlockIoException {
        if (!session.submit(Operation.READ, blocks.next() >> shift, readBlocks, session.buffer(), tag << 12, tag)) {
            throw new IllegalStateException("the session is full");
        }
        if (++untold >= batch) {
            untold = 0;
            session.commit();
        }
    }

    /** Reads for a time; how long it was in truth. */
    private long run(long nanos) throws IOException {
        long start = System.nanoTime();
        long now = start;
        while (now - start < nanos) {
            for (int i = 0; i < ROUNDS_PER_LOOK; i++) {
                if (session.poll(this, batch) == 0) {
                    untold = 0;
                    session.await(NANOS_PER_MILLI * 1000);
                }
            }
            if (failure != null) {
                throw failure;
            }
            now = System.nanoTime();
        }
        return now - start;
    }

    @Override
    public void completed(long tag) {
        completed++;
        try {
            submit(tag);
        } catch (BlockIoException refused) {
            failure = refused;
        }
    }

    @Override
    public void failed(long tag, BlockIoException reason) {
        failure = reason;
    }
}
