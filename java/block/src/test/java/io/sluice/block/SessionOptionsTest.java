package io.sluice.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SessionOptionsTest {
    @Test
    void theDefaultsAreThoseOfTheDescription() {
        assertThat(SessionOptions.defaults())
                .isEqualTo(new SessionOptions(
                        0,
                        0,
                        false,
                        4 << 20,
                        128,
                        false,
                        Duration.ofSeconds(30),
                        "",
                        false,
                        Duration.ofMillis(10),
                        Priority.MEDIUM));
    }

    @Test
    void eachMethodChangesOneThing() {
        SessionOptions options = SessionOptions.defaults()
                .window(5, 6)
                .writeable(true)
                .bufferBytes(8192)
                .queueDepth(7)
                .interrupts(true)
                .deadline(Duration.ofMillis(9))
                .label("backup")
                .latency(true)
                .slow(Duration.ofMillis(2))
                .priority(Priority.URGENT);

        assertThat(options)
                .isEqualTo(new SessionOptions(
                        5,
                        6,
                        true,
                        8192,
                        7,
                        true,
                        Duration.ofMillis(9),
                        "backup",
                        true,
                        Duration.ofMillis(2),
                        Priority.URGENT));
        assertThat(SessionOptions.defaults().writeable()).isFalse();
    }

    @Test
    void theLimitsAreAllowed() {
        SessionOptions.defaults()
                .window(Long.MAX_VALUE, Long.MAX_VALUE)
                .bufferBytes(4096)
                .bufferBytes(1 << 30)
                .queueDepth(1)
                .queueDepth(65535)
                .deadline(Duration.ofNanos(1))
                .deadline(Duration.ofDays(1))
                .slow(Duration.ZERO)
                .slow(Duration.ofDays(1));
    }

    static Stream<Arguments> impossible() {
        return Stream.of(
                arguments(o -> o.window(-1, 1), "window of 1 blocks at -1"),
                arguments(o -> o.window(0, -1), "window of -1 blocks"),
                arguments(o -> o.bufferBytes(4095), "buffer of 4095 bytes"),
                arguments(o -> o.bufferBytes((1 << 30) + 1), "buffer of 1073741825"),
                arguments(o -> o.queueDepth(0), "queue depth 0: expected 1 to 65535"),
                arguments(o -> o.queueDepth(65536), "queue depth 65536"),
                arguments(o -> o.deadline(Duration.ZERO), "deadline PT0S"),
                arguments(o -> o.deadline(Duration.ofSeconds(-1)), "deadline PT-1S"),
                arguments(o -> o.deadline(Duration.ofDays(2)), "deadline PT48H"),
                arguments(o -> o.slow(Duration.ofNanos(-1)), "slow from PT-0.000000001S on"),
                arguments(o -> o.slow(Duration.ofDays(2)), "slow from PT48H on"));
    }

    private static Arguments arguments(UnaryOperator<SessionOptions> change, String message) {
        return Arguments.of(change, message);
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("impossible")
    void impossibleValuesAreRefused(UnaryOperator<SessionOptions> change, String message) {
        assertThatThrownBy(() -> change.apply(SessionOptions.defaults()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
