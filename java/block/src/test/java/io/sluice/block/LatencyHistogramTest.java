package io.sluice.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sluice.block.driver.LatencyBuckets;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatencyHistogramTest {
    private static LatencyHistogram of(long... nanos) {
        long[] counts = new long[LatencyBuckets.COUNT];
        for (long latency : nanos) {
            counts[LatencyBuckets.of(latency)]++;
        }
        return LatencyHistogram.of(counts);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, 50, 90, 99, 99.9, 100})
    void percentilesAreThoseOfTheSortedLatencies(double percent) {
        SplittableRandom random = new SplittableRandom(7);
        long[] nanos = random.longs(100_001, 0, 1L << 40)
                .map(n -> n >>> random.nextInt(36))
                .toArray();
        LatencyHistogram histogram = of(nanos);
        Arrays.sort(nanos);
        double exact = nanos[Math.max(0, (int) Math.ceil(nanos.length * (percent / 100)) - 1)];

        assertThat((double) histogram.nanosAt(percent)).isCloseTo(exact, within(0.008 * exact));
        assertThat(histogram.count()).isEqualTo(nanos.length);
        double longest = nanos[nanos.length - 1];
        assertThat((double) histogram.maxNanos()).isCloseTo(longest, within(0.008 * longest));
        double mean = Arrays.stream(nanos).average().orElseThrow();
        assertThat((double) histogram.meanNanos()).isCloseTo(mean, within(0.008 * mean));
    }

    @Test
    void withoutOperationsEverythingIsZero() {
        assertThat(LatencyHistogram.EMPTY.count()).isZero();
        assertThat(LatencyHistogram.EMPTY.nanosAt(99)).isZero();
        assertThat(LatencyHistogram.EMPTY.meanNanos()).isZero();
        assertThat(LatencyHistogram.EMPTY.maxNanos()).isZero();
        assertThat(LatencyHistogram.of(new long[LatencyBuckets.COUNT])).isEqualTo(LatencyHistogram.EMPTY);
    }

    @Test
    void aDifferenceIsWhatWasAddedAndASumIsBoth() {
        LatencyHistogram earlier = of(5, 5, 90);
        LatencyHistogram later = of(5, 5, 5, 90, 1000);

        assertThat(later.since(earlier)).isEqualTo(of(5, 1000));
        assertThat(earlier.plus(of(5, 1000))).isEqualTo(later);
        assertThat(earlier.since(later)).isEqualTo(LatencyHistogram.EMPTY);
        assertThat(LatencyStatistics.of(Map.of(Operation.READ, later, Operation.SYNC, earlier))
                        .since(LatencyStatistics.of(Map.of(Operation.READ, earlier)))
                        .all())
                .isEqualTo(of(5, 1000, 5, 5, 90));
    }

    @Test
    void whatCannotHaveBeenCountedIsRefused() {
        assertThatThrownBy(() -> LatencyHistogram.of(new long[LatencyBuckets.COUNT + 1]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2369 buckets");
        assertThatThrownBy(() -> LatencyHistogram.of(new long[] {1, -1}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bucket 1");
        assertThatThrownBy(() -> of(1).nanosAt(101)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> of(1).nanosAt(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }
}
