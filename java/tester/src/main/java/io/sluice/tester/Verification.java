package io.sluice.tester;

import java.util.HexFormat;

/** What blocks are written with so that reading tells whether they are right: the closed choice. */
public sealed interface Verification {
    /** Any data; reads are not looked at. */
    record None() implements Verification {}

    /**
     * Each block holds its number, a generation, the workload's seed and a CRC-32C. What was written is read back at the end; reads check the
     * generation that was written last, or any where this workload does not write. Needs I/Os of one size.
     */
    record Stamped() implements Verification {}

    /**
     * As fio's {@code verify=crc32c} writes and checks it: each interval begins with a header of 40 bytes and a CRC-32C of what follows.
     *
     * @param intervalBytes from one header to the next, 512 or more; 0 = one for each I/O
     */
    record FioHeader(int intervalBytes) implements Verification {
        public FioHeader {
            if (intervalBytes != 0 && (intervalBytes < 512 || intervalBytes > Sizes.LARGEST)) {
                throw new IllegalArgumentException(
                        "a header each " + intervalBytes + " bytes: expected 512 to 2^30, or 0 for one each I/O");
            }
        }
    }

    /**
     * As fio's {@code verify=pattern}: the same bytes over and over, from the beginning of each I/O.
     *
     * @param hex two digits for each byte, 1 to 512 bytes
     */
    record Repeated(String hex) implements Verification {
        public Repeated {
            int bytes = HexFormat.of().parseHex(hex).length;
            if (bytes < 1 || bytes > 512) {
                throw new IllegalArgumentException("a pattern of " + bytes + " bytes: expected 1 to 512");
            }
        }
    }

    /** See {@link None}. */
    static Verification none() {
        return new None();
    }

    /** See {@link Stamped}. */
    static Verification stamped() {
        return new Stamped();
    }
}
