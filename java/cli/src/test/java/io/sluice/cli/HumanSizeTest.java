package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HumanSizeTest {
    // What dd from coreutils 9.1 printed for files of these sizes.
    @ParameterizedTest
    @CsvSource({
        "0, 0 B, 0 B",
        "1, 1 B, 1 B",
        "999, 999 B, 999 B",
        "1000, 1.0 kB, 1000 B",
        "1024, 1.0 kB, 1.0 KiB",
        "1500, 1.5 kB, 1.5 KiB",
        "9949, 9.9 kB, 9.7 KiB",
        "9951, 10 kB, 9.7 KiB",
        "1048576, 1.0 MB, 1.0 MiB",
        "999999, 1.0 MB, 977 KiB",
        "10485760, 10 MB, 10 MiB",
        "1073741824, 1.1 GB, 1.0 GiB",
        "123456789012, 123 GB, 115 GiB",
        "9223372036854775807, 9.2 EB, 8.0 EiB",
    })
    void writesSizesAsDdDoes(long bytes, String decimal, String binary) {
        assertThat(HumanSize.decimal(bytes)).isEqualTo(decimal);
        assertThat(HumanSize.binary(bytes)).isEqualTo(binary);
    }

    // printf "%g" of the same numbers.
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1e-09",
        "13400, 1.34e-05",
        "134000, 0.000134",
        "1000000000, 1",
        "1234567890, 1.23457",
        "60000000000, 60",
        "1234567890123456, 1.23457e+06",
        "999999600000000, 1e+06",
    })
    void writesSecondsAsPrintfDoes(long nanos, String text) {
        assertThat(HumanSize.seconds(nanos)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0, 0n",
        "999, 999, 999, 999n",
        "4096, 4.1k, 4K, 4.1u",
        "9960, 10k, 9.7K, 10u",
        "131072, 131k, 128K, 131u",
        "1610612736, 1.6G, 1.5G, 1.6s",
        "12000000000000, 12T, 11T, 12000s",
    })
    void isBriefInNarrowColumns(long number, String count, String bytes, String nanos) {
        assertThat(HumanSize.brief(number)).isEqualTo(count);
        assertThat(HumanSize.briefBinary(number)).isEqualTo(bytes);
        assertThat(HumanSize.briefTime(number)).isEqualTo(nanos);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "839.4, 839",
        "999.4, 999",
        "999.5, 1.00k",
        "9994, 9.99k",
        "9995, 10.0k",
        "98765, 98.8k",
        "99950, 100k",
        "999499, 999k",
        "999500, 1.00M",
        "1234567, 1.23M"
    })
    void hasThreeDigits(double value, String text) {
        assertThat(HumanSize.threeDigits(value)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "1000000, 1000000, 1.0 GB/s",
        "5, 1000000000, 5.0 B/s",
        "1, 0, Infinity B/s",
        "0, 1000, 0.0 B/s",
        "373000, 1000000000, 373 kB/s"
    })
    void writesRates(long bytes, long nanos, String text) {
        assertThat(HumanSize.rate(bytes, nanos)).isEqualTo(text);
    }
}
