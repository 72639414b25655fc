package io.sluice.tester;

import java.util.Arrays;
import java.util.List;

/** How many bytes the I/Os of a workload have: one size, or several with a share each. Immutable. */
public final class Sizes {
    /** The largest I/O: 2^30 bytes. */
    public static final int LARGEST = 1 << 30;

    private static final int WHOLE = 100;

    private final int[] bytes;
    private final int[] percent;

    /**
     * A size and its share.
     *
     * @param bytes of an I/O, 512 to 2^30
     * @param percent of the I/Os, 0 to 100
     */
    public record Share(int bytes, int percent) {
        public Share {
            if (bytes < 512 || bytes > LARGEST) {
                throw new IllegalArgumentException("an I/O of " + bytes + " bytes: expected 512 to 2^30");
            }
            if (percent < 0 || percent > WHOLE) {
                throw new IllegalArgumentException("a share of " + percent + " %: expected 0 to 100");
            }
        }
    }

    private Sizes(List<Share> shares) {
        bytes = shares.stream().mapToInt(Share::bytes).toArray();
        percent = shares.stream().mapToInt(Share::percent).toArray();
    }

    /** All of one size, bytes. */
    public static Sizes of(int bytes) {
        return new Sizes(List.of(new Share(bytes, WHOLE)));
    }

    /** Several sizes, whose shares are 100 percent together. */
    public static Sizes of(List<Share> shares) {
        int sum = shares.stream().mapToInt(Share::percent).sum();
        if (sum != WHOLE) {
            throw new IllegalArgumentException("the shares of the sizes are " + sum + " % together: expected 100");
        }
        return new Sizes(shares);
    }

    /** The smallest size, bytes. */
    public int smallest() {
        return Arrays.stream(bytes).min().orElseThrow();
    }

    /** The largest size, bytes. */
    public int largest() {
        return Arrays.stream(bytes).max().orElseThrow();
    }

    /** Whether all I/Os are of one size. */
    public boolean isOne() {
        return bytes.length == 1;
    }

    boolean allMultiplesOf(int blockBytes) {
        return Arrays.stream(bytes).allMatch(one -> one % blockBytes == 0);
    }

    /** The size of the I/O that has a number of 32 random bits. */
    int pick(int random) {
        int share = (int) (((random & 0xffff_ffffL) * WHOLE) >>> 32);
        for (int i = 0; i < bytes.length - 1; i++) {
            share -= percent[i];
            if (share < 0) {
                return bytes[i];
            }
        }
        return bytes[bytes.length - 1];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Sizes sizes
                && Arrays.equals(bytes, sizes.bytes)
                && Arrays.equals(percent, sizes.percent);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(bytes) + Arrays.hashCode(percent);
    }

    /** {@code 4096}, or {@code 4096/60:65536/40}. */
    @Override
    public String toString() {
        if (isOne()) {
            return Integer.toString(bytes[0]);
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < bytes.length; i++) {
            text.append(i == 0 ? "" : ":").append(bytes[i]).append('/').append(percent[i]);
        }
        return text.toString();
    }
}
