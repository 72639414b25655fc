package io.sluice.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "0.0123, 0.012",
        "0.9994, 0.999",
        "0.9996, 1.00",
        "9.994, 9.99",
        "9.996, 10.0",
        "99.94, 99.9",
        "123.45, 123.5",
        "999.94, 999.9",
        "999.96, '1,000'",
        "12345.6, '12,346'"
    })
    void valuesHaveThreeDigitsOrMore(double value, String text) {
        assertThat(Numbers.value(value)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"1, 1.00", "14.204, 14.20", "0.984, 0.98", "0.0996, 0.10", "0.017, 0.017"})
    void ratiosHaveTwoDecimalsAndSmallOnesThree(double ratio, String text) {
        assertThat(Numbers.ratio(ratio)).isEqualTo(text);
    }

    @Test
    void aSummaryTellsRangeAndRunsAndIsMarkedWhenWide() {
        assertThat(Numbers.summary(new Summary(5, 78.3, 77, 80.14))).isEqualTo("78.3 (77.0–80.1) ×5");
        assertThat(Numbers.summary(new Summary(3, 78.3, 60, 80))).isEqualTo("78.3† (60.0–80.0) ×3");
        assertThat(Numbers.ratioCell(new Summary(5, 0.98, 0.9, 1))).isEqualTo("0.98\n(0.90–1.00) ×5");
        assertThat(Numbers.legend()).contains("† marks").contains("15 %");
    }
}
