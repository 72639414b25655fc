package io.sluice.vfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.block.WaitStrategy;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    @Test
    void nothingSaidIsFourMebibytesToReadOnly() {
        Settings settings = Settings.of(Map.of());
        assertThat(settings.session().bufferBytes()).isEqualTo(4 << 20);
        assertThat(settings.session().queueDepth()).isEqualTo(128);
        assertThat(settings.inFlight()).isEqualTo(128);
        assertThat(settings.writeable()).isFalse();
        assertThat(settings.readAheadBytes() + settings.writeWindowBytes()).isZero();
        assertThat(settings.waiting()).isEqualTo(WaitStrategy.adaptive());
    }

    @ParameterizedTest
    @CsvSource({"8M, 8388608", "8MiB, 8388608", "64K, 65536", "1G, 1073741824", "65536, 65536"})
    void aSizeHasTheUnitThatStandsBehindIt(String text, int bytes) {
        assertThat(Settings.of(Map.of("io_buffer", text)).session().bufferBytes())
                .isEqualTo(bytes);
    }

    @Test
    void valuesMayBeOfTheirOwnTypes() {
        Settings settings = Settings.of(
                Map.of("io_buffer", 1 << 20, "queue_depth", 7L, "writeable", true, "deadline", Duration.ofSeconds(3)));
        assertThat(settings.session().bufferBytes()).isEqualTo(1 << 20);
        assertThat(settings.session().queueDepth()).isEqualTo(7);
        assertThat(settings.inFlight()).isEqualTo(7);
        assertThat(settings.writeable()).isTrue();
        assertThat(settings.session().deadline()).isEqualTo(Duration.ofSeconds(3));
        assertThat(Settings.of(Map.of("deadline", "250ms")).session().deadline())
                .isEqualTo(Duration.ofMillis(250));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "io_buffer=8X", "io_buffer=", "io_buffer=2G", "io_buffer=1", "io_buffer=-8M", "io_buffer=4m",
                "queue_depth=0", "queue_depth=65536", "writeable=maybe", "waiting=long", "deadline=3", "colour=red",
                "read_ahead=1G", "permissions=rwx", "deadline=0s"
            })
    void whatMakesNoSenseIsRefusedByName(String entry) {
        String[] parts = entry.split("=", 2);
        assertThatThrownBy(() -> Settings.of(Map.of(parts[0], parts[1]))).isInstanceOf(IllegalArgumentException.class);
    }
}
