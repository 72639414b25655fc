package io.sluice.nvme.contract;

import java.nio.ByteBuffer;

/** Bytes that follow from a seed: no two eights of them are alike, so that data in the wrong place is seen. */
final class Pattern {
    private Pattern() {}

    static byte[] of(long seed, int bytes) {
        byte[] pattern = new byte[bytes];
        ByteBuffer longs = ByteBuffer.wrap(pattern);
        long state = seed * 0x9e37_79b9_7f4a_7c15L + 1;
        for (int at = 0; at + 8 <= bytes; at += 8) {
            // SplitMix64
            state += 0x9e37_79b9_7f4a_7c15L;
            long mixed = (state ^ state >>> 30) * 0xbf58_476d_1ce4_e5b9L;
            mixed = (mixed ^ mixed >>> 27) * 0x94d0_49bb_1331_11ebL;
            longs.putLong(at, mixed ^ mixed >>> 31);
        }
        return pattern;
    }
}
