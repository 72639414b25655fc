package io.sluice.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ValueScaleTest {
    @Test
    void valuesThatAreNearEachOtherStartAtZero() {
        ValueScale scale = ValueScale.spanning(7000, 47623);

        assertThat(scale.logarithmic()).isFalse();
        assertThat(scale.ticks()).containsExactly(0.0, 10000.0, 20000.0, 30000.0, 40000.0, 50000.0);
        assertThat(scale.place(25000)).isCloseTo(0.5, within(1e-9));
    }

    @Test
    void valuesThatAreFarApartAreSeenOnALogarithmicAxis() {
        ValueScale scale = ValueScale.spanning(74, 2400);

        assertThat(scale.logarithmic()).isTrue();
        assertThat(scale.ticks()).containsExactly(50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0);
        assertThat(scale.place(500)).isCloseTo(0.5, within(1e-9));
    }

    @Test
    void zeroIsOnTheAxis() {
        assertThat(ValueScale.spanning(0, 0).place(0)).isZero();
        assertThat(ValueScale.spanning(0, 1e6).logarithmic()).isFalse();
    }

    @Test
    void everyValueIsBetweenTheEnds() {
        Random random = new Random(3);
        for (int i = 0; i < 10_000; i++) {
            double low = Math.pow(10, random.nextInt(12) - 4) * (1 + 9 * random.nextDouble());
            double high = low * (1 + random.nextInt(4) * random.nextInt(100) * random.nextDouble());
            ValueScale scale = ValueScale.spanning(low, high);

            assertThat(scale.place(low)).as("low of %s to %s", low, high).isBetween(-1e-9, 1 + 1e-9);
            assertThat(scale.place(high)).as("high of %s to %s", low, high).isBetween(-1e-9, 1 + 1e-9);
            assertThat(scale.ticks()).hasSizeBetween(2, 24).isSorted().doesNotHaveDuplicates();
        }
    }
}
