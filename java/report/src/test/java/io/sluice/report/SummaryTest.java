package io.sluice.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTest {
    @Test
    void theMedianIsTheMiddleRunOrTheMeanOfTheTwoInTheMiddle() {
        assertThat(Summary.of(List.of(9.0, 1.0, 4.0))).isEqualTo(new Summary(3, 4, 1, 9));
        assertThat(Summary.of(List.of(9.0, 1.0, 4.0, 5.0))).isEqualTo(new Summary(4, 4.5, 1, 9));
        assertThat(Summary.of(List.of(2.5))).isEqualTo(new Summary(1, 2.5, 2.5, 2.5));
    }

    @Test
    void runsThatAreMoreThan15PercentOfTheMedianApartAreWide() {
        assertThat(new Summary(3, 100, 93, 108).spread()).isEqualTo(0.15);
        assertThat(new Summary(3, 100, 93, 108).isWide()).isFalse();
        assertThat(new Summary(3, 100, 93, 108.1).isWide()).isTrue();
    }

    @Test
    void zerosAreNotApart() {
        assertThat(Summary.of(List.of(0.0, 0.0)).spread()).isZero();
        assertThat(Summary.of(List.of(0.0, 0.0, 1.0)).isWide()).isTrue();
    }

    @Test
    void nothingHasNoMedian() {
        assertThatThrownBy(() -> Summary.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
