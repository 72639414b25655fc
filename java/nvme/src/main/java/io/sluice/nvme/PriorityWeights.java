package io.sluice.nvme;

/**
 * How a controller chooses among submission queues that have commands (weighted round robin with urgent priority class, section 4.13.2):
 * all urgent commands first; then, in each round, as many commands of each other priority as its weight says.
 *
 * @param high weight of {@link io.sluice.block.Priority#HIGH}, 1 to 256
 * @param medium weight of {@link io.sluice.block.Priority#MEDIUM}, 1 to 256
 * @param low weight of {@link io.sluice.block.Priority#LOW}, 1 to 256
 * @param burst most commands of one queue at a time: a power of two from 1 to 64; the controller may take fewer
 */
public record PriorityWeights(int high, int medium, int low, int burst) {
    private static final int MOST_BURST = 64;

    public PriorityWeights {
        check("high", high);
        check("medium", medium);
        check("low", low);
        if (burst < 1 || burst > MOST_BURST || Integer.bitCount(burst) != 1) {
            throw new IllegalArgumentException(
                    "bursts of " + burst + " commands: expected a power of two from 1 to " + MOST_BURST);
        }
    }

    private static void check(String priority, int weight) {
        if (weight < 1 || weight > 256) {
            throw new IllegalArgumentException("a weight of " + weight + " for " + priority + ": expected 1 to 256");
        }
    }

    /** Command doubleword 11 of the Arbitration feature (section 5.21.1.1): weights less one. */
    int feature() {
        return (high - 1) << 24 | (medium - 1) << 16 | (low - 1) << 8 | Integer.numberOfTrailingZeros(burst);
    }
}
