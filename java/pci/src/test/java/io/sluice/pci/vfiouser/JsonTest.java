package io.sluice.pci.vfiouser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @Test
    void everyKindOfValueIsRead() {
        assertThat(Json.parse(" {\"a\" : [1, -2, 0, 1.5, 2e3, true, false, null], \"b\":{}, \"\":[]}\n"))
                .isEqualTo(Map.of(
                        "a", Arrays.asList(1L, -2L, 0L, 1.5, 2000.0, true, false, null), "b", Map.of(), "", List.of()));
        assertThat(Json.parse("9223372036854775807")).isEqualTo(Long.MAX_VALUE);
        assertThat(Json.parse("null")).isNull();
    }

    @Test
    void escapesAreResolved() {
        assertThat(Json.parse("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D\\ude00\""))
                .isEqualTo("\"\\/\b\f\n\r\té\uD83D\uDE00");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{\"a\"",
                "{\"a\":",
                "{\"a\":1",
                "{\"a\":1,}",
                "{\"a\" 1}",
                "{a:1}",
                "{'a':1}",
                "{\"a\":1 \"b\":2}",
                "{\"a\":1,\"a\":2}",
                "{\"a\":1}}",
                "[1,]",
                "[1 2]",
                "[",
                "]",
                "01",
                "-",
                "+1",
                "1.",
                ".5",
                "1e",
                "9223372036854775808",
                "tru",
                "TRUE",
                "nul",
                "NaN",
                "\"",
                "\"\t\"",
                "\"\\x\"",
                "\"\\u12g4\"",
                "\"\\u12\"",
                "\"\\u\uff11\uff12\uff13\uff14\"",
                "1 1",
                "{\"a\":1}\0",
                "\u00a01",
                "[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]",
                "{\"a\":undefined}",
                "// comment\n1"
            })
    void whatIsNotJsonIsRefused(String text) {
        assertThatThrownBy(() -> Json.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("character");
    }
}
