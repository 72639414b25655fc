package io.sluice.tester;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Contents of blocks that tell on their own whether they are what was written, where it was written, and when. Each block
 * holds, little-endian: its number (8 bytes), a generation (8), the seed (8), a mark (4), the CRC-32C of all its other bytes (4),
 * then numbers that follow from number, generation and seed. One thread uses it; checking what is right allocates nothing.
 */
final class BlockPattern {
    private static final int GENERATION_AT = 8;
    private static final int SEED_AT = 16;
    private static final int MARK_AT = 24;
    private static final int CHECKSUM_AT = 28;
    private static final int DATA_AT = 32;
    private static final int MARK = 0x45_43_4c_53; // "SLCE"
    private static final long GOLDEN = 0x9e37_79b9_7f4a_7c15L;

    /** Accept any generation: the reader does not know which write was the last. */
    static final long ANY_GENERATION = -1;

    private final ByteBuffer memory;
    private final ByteBuffer view;
    private final int blockBytes;
    private final long seed;
    private final CRC32C checksum = new CRC32C();

    /** For blocks in the given memory, which is little-endian. */
    BlockPattern(ByteBuffer memory, int blockBytes, long seed) {
        this.memory = memory;
        this.view = memory.duplicate();
        this.blockBytes = blockBytes;
        this.seed = seed;
    }

    /** Fills blocks at {@code offset} of the memory. */
    void stamp(int offset, long firstBlock, int blocks, long generation) {
        for (int i = 0; i < blocks; i++) {
            stampOne(offset + i * blockBytes, firstBlock + i, generation);
        }
    }

    private void stampOne(int at, long block, long generation) {
        memory.putLong(at, block);
        memory.putLong(at + GENERATION_AT, generation);
        memory.putLong(at + SEED_AT, seed);
        memory.putInt(at + MARK_AT, MARK);
        long state = start(block, generation);
        for (int i = DATA_AT; i < blockBytes; i += Long.BYTES) {
            state += GOLDEN;
            memory.putLong(at + i, mix(state));
        }
        memory.putInt(at + CHECKSUM_AT, checksum(at));
    }

    /** What is wrong with the blocks at {@code offset} of the memory; null when nothing is. */
    @Nullable
    String difference(int offset, long firstBlock, int blocks, long generation) {
        for (int i = 0; i < blocks; i++) {
            int at = offset + i * blockBytes;
            long found = memory.getLong(at + GENERATION_AT);
            boolean right = memory.getLong(at) == firstBlock + i
                    && (generation == ANY_GENERATION || found == generation)
                    && memory.getLong(at + SEED_AT) == seed
                    && memory.getInt(at + MARK_AT) == MARK
                    && memory.getInt(at + CHECKSUM_AT) == checksum(at);
            if (!right) {
                return "block " + (firstBlock + i) + ": " + explain(at, firstBlock + i, generation);
            }
        }
        return null;
    }

    private String explain(int at, long block, long generation) {
        if (memory.getInt(at + MARK_AT) != MARK) {
            return "holds no pattern; write it first (sluice bench DEVICE --rw write --verify)";
        }
        if (memory.getLong(at + SEED_AT) != seed) {
            return "was written with seed " + memory.getLong(at + SEED_AT) + ", this is seed " + seed;
        }
        if (memory.getInt(at + CHECKSUM_AT) == checksum(at)) {
            return memory.getLong(at) != block
                    ? "holds what was written to block " + memory.getLong(at)
                    : "holds generation " + memory.getLong(at + GENERATION_AT) + " of its data, generation "
                            + generation + " was written last";
        }
        long state = start(memory.getLong(at), memory.getLong(at + GENERATION_AT));
        for (int i = DATA_AT; i < blockBytes; i += Long.BYTES) {
            state += GOLDEN;
            if (memory.getLong(at + i) != mix(state)) {
                return "differs from what was written, first in bytes " + i + " to " + (i + Long.BYTES - 1) + ": "
                        + hex(memory.getLong(at + i)) + ", expected " + hex(mix(state));
            }
        }
        return "its checksum or its header is wrong";
    }

    private int checksum(int at) {
        checksum.reset();
        view.limit(at + CHECKSUM_AT).position(at);
        checksum.update(view);
        view.limit(at + blockBytes).position(at + DATA_AT);
        checksum.update(view);
        return (int) checksum.getValue();
    }

    private long start(long block, long generation) {
        return mix(seed + GOLDEN * block) ^ mix(generation);
    }

    private static long mix(long value) {
        long mixed = (value ^ value >>> 30) * 0xbf58_476d_1ce4_e5b9L;
        return mixed ^ mixed >>> 27;
    }

    private static String hex(long littleEndian) {
        return "0x" + Long.toHexString(Long.reverseBytes(littleEndian));
    }
}
