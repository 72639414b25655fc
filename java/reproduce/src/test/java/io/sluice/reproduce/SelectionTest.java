package io.sluice.reproduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.report.Lab;
import io.sluice.report.Table;
import io.sluice.report.Tables;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectionTest {
    private static List<String> rows(String... words) {
        Selection selection = Selection.of(List.of(words));
        return Plan.of(selection.tables(), Lab.EMULATED, 1).without(step -> !selection.has(step)).steps().stream()
                .map(step -> step.table().id() + " " + step.row())
                .distinct()
                .toList();
    }

    @Test
    void nothingIsEverything() {
        assertThat(Selection.of(List.of()).tables()).isEqualTo(Tables.all());
        assertThat(Selection.of(List.of()).others()).isEmpty();
    }

    @Test
    void aTableIsAllItsRows() {
        assertThat(Selection.of(List.of("f")).tables().stream().map(Table::id)).containsExactly("f", "g");
        assertThat(rows("d")).containsExactly("d randread", "d randwrite", "d read", "d write");
    }

    @Test
    void rowsOfATable() {
        assertThat(rows("a:4K,8M", "c:4K")).containsExactly("a 4K", "a 8M", "c 4K");
        assertThat(Selection.of(List.of("d:read,write")).others()).containsExactly("d randread", "d randwrite");
    }

    @Test
    void tablesThatAreMeasuredTogetherHaveTheirOwnRows() {
        assertThat(rows("f:32")).containsExactly("f 32");
        assertThat(rows("f:1,copying")).containsExactly("f 1", "g copying");
    }

    @Test
    void wordsAddUp() {
        assertThat(rows("a:8K", "a:4K", "a:8K")).containsExactlyInAnyOrder("a 4K", "a 8K");
        assertThat(rows("d:read", "d")).hasSize(4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "z | there is no table 'z': expected a, b, c, d, f",
                "a:4k | table a has no row '4k': expected 4K, 8K, 32K, 128K, 512K, 2M, 8M",
                "f:3 | table f has no row '3': expected 1, 2, 4, 8, 16, 32, 64, 128, session, jobs, aio, copying, mediated",
                "a: | table a has no row '': expected 4K, 8K, 32K, 128K, 512K, 2M, 8M"
            })
    void mistakesAreNamed(String word, String message) {
        assertThatThrownBy(() -> Selection.of(List.of(word))).hasMessage(message);
    }
}
