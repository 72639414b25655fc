package io.sluice.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PublishedTest {
    static List<Table> tables() {
        return Tables.all().stream()
                .filter(table -> Published.beside(table).isPresent())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("tables")
    void itHasTheRowsOfOurTableAndIsLikeColumnsOfIt(Table table) {
        assertThat(Published.beside(table).orElseThrow().columns()).isNotEmpty().allSatisfy(column -> {
            assertThat(column.cells()).containsOnlyKeys(table.rows());
            assertThat(column.cells().values())
                    .allSatisfy(cell -> assertThat(cell.value()).isPositive());
            if (!column.like().isEmpty()) {
                assertThat(table.column(column.like())).isPresent();
            }
        });
    }

    @Test
    void tablesThatItDoesNotHaveHaveNothingBeside() {
        assertThat(tables()).extracting(Table::id).containsExactly("a", "b", "c", "d");
    }

    @Test
    void itsRatiosAreOfItsOwnColumns() {
        Published dd = Published.beside(Tables.of("a").orElseThrow()).orElseThrow();

        assertThat(dd.ratio("4K", "mediated", "direct").orElseThrow()).isCloseTo(0.783, within(1e-9));
        assertThat(dd.ratio("8M", "copying", "kernel").orElseThrow()).isCloseTo(0.6, within(1e-9));
        assertThat(dd.ratio("4K", "nio", "direct")).isEmpty();
        assertThat(dd.ratio("4K", "direct", "nio")).isEmpty();
    }
}
