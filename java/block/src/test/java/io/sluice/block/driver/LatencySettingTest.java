package io.sluice.block.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LatencySettingTest {
    @ParameterizedTest
    @CsvSource({
        "7 ns, 7",
        "3 us, 3000",
        "20 ms, 20000000",
        "20ms, 20000000",
        "2 s, 2000000000",
        "1 m, 60000000000",
        "1 h, 3600000000000"
    })
    void latenciesFromTheSettingOnAreLetThrough(String text, long nanos) {
        LatencySetting setting = new LatencySetting();
        setting.setValue(text);
        assertThat(setting.getValue()).isEqualTo(text);
        assertThat(setting.allows(nanos)).isTrue();
        assertThat(setting.allows(nanos - 1)).isFalse();
    }

    @Test
    void ofSeveralRecordingsTheLowestCounts() {
        assertThat(new LatencySetting().combine(Set.of("1 s", "20 ms", "900 us")))
                .isEqualTo("900 us");
        assertThat(new LatencySetting().combine(Set.of())).isEqualTo("0 ns");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "20", "20 years", "many ms", "-5 ms", "99999999999999999999 ms", "20 ms more"})
    void whatCannotBeReadLetsEverythingThrough(String text) {
        LatencySetting setting = new LatencySetting();
        setting.setValue("1 s");
        setting.setValue(text);
        assertThat(setting.allows(0)).isTrue();
    }
}
