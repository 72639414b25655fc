package io.sluice.nvme;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusTest {
    @ParameterizedTest
    @CsvSource({
        "0x0000, Successful Completion (0h/00h)",
        "0x0002, Invalid Field in Command (0h/02h)",
        "0x4080, 'LBA Out of Range (0h/80h, do not retry)'",
        "0x0102, Invalid Queue Size (1h/02h)",
        "0x0281, Unrecovered Read Error (2h/81h)",
        "0x0371, Command Aborted By Host (3h/71h)",
        "0x0700, Vendor Specific (7h/00h)",
        "0x01c0, Vendor Specific (1h/c0h)",
        "0x0017, Reserved (0h/17h)",
        "0x0500, Reserved (5h/00h)"
    })
    void statusesHaveTheNamesOfTheSpecification(String field, String text) {
        assertThat(Status.of(Integer.decode(field))).hasToString(text);
    }

    @Test
    void theFlagsAreApart() {
        assertThat(Status.of(0x2281)).isEqualTo(new Status(2, 0x81, true, false));
        assertThat(Status.of(0x7fff)).isEqualTo(new Status(7, 0xff, true, true));
        assertThat(Status.of(0x1800)).as("retry delay").isEqualTo(new Status(0, 0, false, false));
    }
}
