package io.sluice.block.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LatencyBucketsTest {
    @Test
    void bucketsFollowEachOtherWithoutGapOrOverlap() {
        assertThat(LatencyBuckets.least(0)).isZero();
        for (int bucket = 1; bucket < LatencyBuckets.COUNT; bucket++) {
            long least = LatencyBuckets.least(bucket);
            assertThat(LatencyBuckets.of(least)).isEqualTo(bucket);
            assertThat(LatencyBuckets.of(least - 1)).isEqualTo(bucket - 1);
        }
        assertThat(LatencyBuckets.of(LatencyBuckets.LONGEST_NANOS)).isEqualTo(LatencyBuckets.COUNT - 1);
    }

    @Test
    void theMiddleOfABucketIsWithinAHundredthOfWhatIsInIt() {
        SplittableRandom random = new SplittableRandom(20);
        for (int i = 0; i < 100_000; i++) {
            long nanos = random.nextLong(LatencyBuckets.LONGEST_NANOS) >>> random.nextInt(42);
            double middle = LatencyBuckets.middle(LatencyBuckets.of(nanos));
            assertThat(Math.abs(middle - nanos)).as("%d ns", nanos).isLessThanOrEqualTo(0.008 * nanos);
        }
    }

    @Test
    void whatCannotBeALatencyHasABucketToo() {
        assertThat(LatencyBuckets.of(-1)).isZero();
        assertThat(LatencyBuckets.of(Long.MIN_VALUE)).isZero();
        assertThat(LatencyBuckets.of(Long.MAX_VALUE)).isEqualTo(LatencyBuckets.COUNT - 1);
        assertThat(LatencyBuckets.of(1L << 42)).isEqualTo(LatencyBuckets.COUNT - 1);
    }
}
