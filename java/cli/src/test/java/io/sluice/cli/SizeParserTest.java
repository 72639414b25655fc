package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizeParserTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1",
        "4k, 4096",
        "4K, 4096",
        "4KiB, 4096",
        "4kB, 4000",
        "4KB, 4000",
        "1M, 1048576",
        "1MB, 1000000",
        "2w, 4",
        "3b, 1536",
        "7c, 7",
        "5B, 5",
        "2x512, 1024",
        "2x4kx3, 24576",
        "0x10, 0",
        "1G, 1073741824",
        "7E, 8070450532247928832",
        "9223372036854775807, 9223372036854775807",
        "1PB, 1000000000000000",
    })
    void readsNumbersAsDdDoes(String text, long number) {
        assertThat(SizeParser.parse(text)).isEqualTo(OptionalLong.of(number));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "k",
                "-1",
                "+1",
                "1 k",
                "4kk",
                "4kiB2",
                "x",
                "1x",
                "x1",
                "1.5k",
                "8E",
                "9223372036854775808",
                "4Z",
                "4Bk",
                "1e3"
            })
    void refusesEverythingElse(String text) {
        assertThat(SizeParser.parse(text)).isEmpty();
    }
}
