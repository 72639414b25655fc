package io.sluice.nvme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CapabilitiesTest {
    @Test
    void everyFieldIsReadFromItsPlace() throws ControllerException {
        // QEMU's: MQES 2047, CQR, TO 15, DSTRD 0, NSSRS 0, CSS NVM | CSI | admin, MPSMAX 4, CMBS.
        long cap = 0x7ffL | 1 << 16 | 15 << 24 | 0xc1L << 37 | 4L << 52 | 1L << 57;

        assertThat(Capabilities.decode("c", cap, 0x1_0400))
                .isEqualTo(new Capabilities(2048, true, 7500, 4, 12, 16, 0xc1, false, true, false, 0x1_0400));
    }

    @Test
    void theExtremesAreWithinReach() throws ControllerException {
        long cap = 0xffffL | 255L << 24 | 15L << 32 | 1L << 36 | 1L << 37 | 15L << 48 | 15L << 52;

        assertThat(Capabilities.decode("c", cap, -1))
                .isEqualTo(new Capabilities(65536, false, 127_500, 131_072, 27, 27, 1, true, false, false, -1));
    }

    @Test
    void nonsenseIsRefused() {
        assertThatThrownBy(() -> Capabilities.decode("c", -1, 0)).hasMessageStartingWith("c: its registers read");
        assertThatThrownBy(() -> Capabilities.decode("c", 0, 0)).hasMessageContaining("MQES");
        assertThatThrownBy(() -> Capabilities.decode("c", 1 | 1L << 48, 0)).hasMessageContaining("2^13 and 2^12");
    }

    @ParameterizedTest
    @CsvSource({"0x010000, 1.0, false", "0x010100, 1.1, true", "0x010201, 1.2.1, true", "0x020000, 2.0, true"})
    void versionsAreWrittenAndCompared(String version, String text, boolean atLeastOneDotOne)
            throws ControllerException {
        Capabilities capabilities = Capabilities.decode("c", 1, Integer.decode(version));

        assertThat(capabilities.versionText()).isEqualTo(text);
        assertThat(capabilities.atLeast(1, 1)).isEqualTo(atLeastOneDotOne);
    }
}
