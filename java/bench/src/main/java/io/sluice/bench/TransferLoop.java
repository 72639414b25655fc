package io.sluice.bench;

import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.Completion;
import io.sluice.block.Operation;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Keeps so many reads of one size in flight; what is larger than the device takes at once goes in pieces, all of them in flight together. */
final class TransferLoop implements Completion {
    private static final int POLLS_PER_LOOK = 64;
    private static final int MOST_DEPTH = 64;

    private final BlockSession session;
    private final int blockShift;
    private final int mostPiece;
    private final int bufferBytes;
    private final int[] piecesLeft = new int[MOST_DEPTH];
    private int bytes;
    private boolean random;
    private long places;
    private long next;
    private long state = 0x9e37_79b9_7f4a_7c15L;
    private boolean ending;
    private long done;
    private @Nullable BlockIoException failure;

    TransferLoop(BlockSession session) {
        this.session = session;
        this.blockShift = session.geometry().blockShift();
        this.mostPiece = session.geometry().maxTransferBlocks() << blockShift;
        this.bufferBytes = session.buffer().size();
    }

    /** How many reads were finished by now. */
    long done() {
        return done;
    }

    /**
     * Reads for a time, and ends when all that was begun is done.
     *
     * @return how long it was in truth, nanoseconds
     */
    long run(int readBytes, boolean inRandomOrder, int depth, long nanos) throws BlockIoException {
        bytes = readBytes;
        random = inRandomOrder;
        places = (session.geometry().blockCount() << blockShift) / bytes;
        next %= places;
        ending = false;
        Arrays.fill(piecesLeft, 0);
        long start = System.nanoTime();
        for (int i = 0; i < depth; i++) {
            submit(i);
        }
        session.commit();
        while (session.inFlight() > 0) {
            for (int i = 0; i < POLLS_PER_LOOK && session.inFlight() > 0; i++) {
                if (session.poll(this, Integer.MAX_VALUE) > 0) {
                    session.commit();
                }
            }
            ending = System.nanoTime() - start >= nanos;
            if (failure != null) {
                throw failure;
            }
        }
        return System.nanoTime() - start;
    }

    private void submit(int read) throws BlockIoException {
        state = state * 0x5851_f42d_4c95_7f2dL + 0x1405_7b7e_f767_814fL;
        long place = random ? (state >>> 16) % places : next;
        next = next + 1 >= places ? 0 : next + 1;
        long block = (place * bytes) >>> blockShift;
        for (int at = 0; at < bytes; at += mostPiece) {
            int piece = Math.min(mostPiece, bytes - at);
            // Reads may share memory: nobody looks at it.
            long offset = ((long) (read * 4096 + at) % (bufferBytes - piece + 1)) & -4096;
            if (!session.submit(
                    Operation.READ,
                    block + (at >>> blockShift),
                    piece >>> blockShift,
                    session.buffer(),
                    offset,
                    read)) {
                throw new IllegalStateException("the session is full");
            }
            piecesLeft[read]++;
        }
    }

    @Override
    public void completed(long tag) {
        int read = (int) tag;
        if (--piecesLeft[read] > 0) {
            return;
        }
        done++;
        if (!ending) {
            try {
                submit(read);
            } catch (BlockIoException refused) {
                failure = refused;
            }
        }
    }

    @Override
    public void failed(long tag, BlockIoException reason) {
        failure = reason;
        ending = true;
    }
}
