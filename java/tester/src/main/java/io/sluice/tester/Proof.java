package io.sluice.tester;

import io.sluice.block.Operation;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Fills what is written so that it can be recognised, and looks at what is read. Positions are bytes from the beginning of the workload's window. One
 * thread.
 */
final class Proof {
    private final Verification verification;
    private final ByteBuffer memory;
    private final long startBytes;
    private final int blockBytes;
    private final int recordBytes;
    private final BlockPattern blocks;
    private final FioHeaders headers;
    private final byte[] repeated;
    private final @Nullable Ledger ledger;
    private final boolean checksReads;

    private Proof(Workload workload, ByteBuffer memory, int blockBytes, @Nullable Ledger ledger) {
        this.verification = workload.verification();
        this.memory = memory;
        this.startBytes = workload.startBytes();
        this.blockBytes = blockBytes;
        this.recordBytes = workload.unitBytes();
        this.ledger = ledger;
        this.blocks = new BlockPattern(memory, blockBytes, workload.seed());
        this.headers = new FioHeaders(
                memory,
                verification instanceof Verification.FioHeader header ? header.intervalBytes() : 0,
                workload.seed());
        this.repeated = verification instanceof Verification.Repeated pattern
                ? HexFormat.of().parseHex(pattern.hex())
                : new byte[0];
        // Without the ledger nobody knows, while others write, what a read has to find.
        this.checksReads = ledger != null || !workload.mix().hasWrites();
    }

    /** The proof that a workload wants; null when it wants none. */
    static @Nullable Proof of(Workload workload, ByteBuffer memory, int blockBytes, long windowBytes)
            throws TesterException {
        Verification verification = workload.verification();
        if (verification instanceof Verification.None) {
            return null;
        }
        if (workload.access() instanceof Access.Replay) {
            throw new TesterException("what a trace wrote is not known, so that a replay cannot be verified");
        }
        if (!(verification instanceof Verification.Stamped)) {
            if (verification instanceof Verification.FioHeader header && header.intervalBytes() % blockBytes != 0) {
                throw new TesterException("verify headers each " + header.intervalBytes()
                        + " bytes: expected a multiple of the blocks of " + blockBytes + " bytes");
            }
            return new Proof(workload, memory, blockBytes, null);
        }
        if (!workload.hasOneSize()) {
            throw new TesterException("verifying needs I/Os of one size");
        }
        if (!workload.mix().changes()) {
            return new Proof(workload, memory, blockBytes, null);
        }
        long records = windowBytes / workload.unitBytes();
        if (records > Ledger.MAX_RECORDS) {
            throw new TesterException("verifying remembers each record that is written, at most " + Ledger.MAX_RECORDS
                    + " of them: make the window " + (long) Ledger.MAX_RECORDS * workload.unitBytes()
                    + " bytes or less");
        }
        return new Proof(workload, memory, blockBytes, new Ledger((int) records));
    }

    /** Takes the place of an I/O; false when another one is on it: two at once have no order that could be checked. */
    boolean acquire(Operation operation, long position) {
        return ledger == null || operation == Operation.SYNC || ledger.acquire(record(position));
    }

    /** Fills memory that is about to be written. */
    void fill(int offset, long position, int length) {
        long at = startBytes + position;
        if (verification instanceof Verification.Stamped) {
            blocks.stamp(
                    offset,
                    at / blockBytes,
                    length / blockBytes,
                    ledger == null ? 0 : ledger.nextGeneration(record(position)));
        } else if (verification instanceof Verification.FioHeader) {
            headers.fill(offset, at, length);
        } else {
            for (int i = 0; i < length; i += repeated.length) {
                memory.put(offset + i, repeated, 0, Math.min(repeated.length, length - i));
            }
        }
    }

    /** An I/O ended: says what is wrong with what it read, null when nothing is or there is nothing to look at. */
    @Nullable
    String ended(Operation operation, int offset, long position, int length, boolean failed) {
        String wrong = null;
        if (operation == Operation.READ && !failed && checksReads) {
            wrong = difference(offset, position, length);
        }
        if (ledger != null && operation != Operation.SYNC) {
            if (operation == Operation.TRIM || (failed && operation.changes())) {
                ledger.forget(record(position));
            }
            ledger.release(record(position));
        }
        return wrong;
    }

    /** What is wrong with memory that was read; null when nothing is. */
    @Nullable
    String difference(int offset, long position, int length) {
        long at = startBytes + position;
        if (verification instanceof Verification.Stamped) {
            long generation = ledger == null ? BlockPattern.ANY_GENERATION : ledger.generation(record(position));
            return generation == 0 ? null : blocks.difference(offset, at / blockBytes, length / blockBytes, generation);
        }
        return verification instanceof Verification.FioHeader
                ? headers.difference(offset, at, length)
                : repetition(offset, at, length);
    }

    private @Nullable String repetition(int offset, long at, int length) {
        for (int i = 0; i < length; i++) {
            byte expected = repeated[i % repeated.length];
            byte found = memory.get(offset + i);
            if (found != expected) {
                return String.format("byte %d is %02x, the pattern has %02x", at + i, found, expected);
            }
        }
        return null;
    }

    /** Which places are known to be written; null when that is not written down. */
    @Nullable
    Ledger ledger() {
        return ledger;
    }

    private int record(long position) {
        return (int) (position / recordBytes);
    }
}
