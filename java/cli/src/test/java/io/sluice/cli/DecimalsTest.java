package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecimalsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0, 0",
        "0, 2, 0.00",
        "0.05, 1, 0.1",
        "1234567.891, 2, 1234567.89",
        "999.96, 1, 1000.0",
        "-1.25, 1, -1.3",
        "-0.01, 1, 0.0",
    })
    void writesFixedPoint(double value, int decimals, String text) {
        assertThat(Decimals.fixed(value, decimals)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"0; 0; 0", "999; 0; 999", "1000; 0; 1,000", "1234567.5; 1; 1,234,567.5"})
    void groupsThousands(double value, int decimals, String text) {
        assertThat(Decimals.grouped(value, decimals)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"0; 0", "999; 999", "1000; 1,000", "-999; -999", "-123456; -123,456"})
    void groupsThousandsOfWholeNumbers(long value, String text) {
        assertThat(Decimals.grouped(value)).isEqualTo(text);
    }
}
