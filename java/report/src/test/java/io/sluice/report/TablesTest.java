package io.sluice.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class TablesTest {
    static List<Table> tables() {
        return Tables.all();
    }

    @Test
    void eachTableIsFoundByItsId() {
        assertThat(Tables.all()).extracting(Table::id).doesNotHaveDuplicates();
        assertThat(Tables.all())
                .allSatisfy(table -> assertThat(Tables.of(table.id())).contains(table));
        assertThat(Tables.of("z")).isEmpty();
    }

    @Test
    void tablesOfOneSelectionAreMeasuredTogether() {
        assertThat(Tables.selected("f")).extracting(Table::id).containsExactly("f", "g");
        assertThat(Tables.selected("g")).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("tables")
    void rowsColumnsAndReferencesAreOnce(Table table) {
        assertThat(table.rows()).doesNotHaveDuplicates().isNotEmpty();
        assertThat(table.columns())
                .extracting(Column::id)
                .doesNotHaveDuplicates()
                .isNotEmpty();
        assertThat(table.columns()).extracting(Column::label).doesNotHaveDuplicates();
        assertThat(new HashSet<>(table.columns().stream().map(Column::id).toList()))
                .containsAll(table.references());
    }

    @ParameterizedTest
    @EnumSource(Lab.class)
    void everyTableHasColumnsInEveryLab(Lab lab) {
        assertThat(Tables.all()).allSatisfy(table -> {
            assertThat(table.columns(lab)).isNotEmpty();
            assertThat(table.references(lab))
                    .hasSizeGreaterThanOrEqualTo(table.references().isEmpty() ? 0 : 1);
        });
        assertThat(Lab.of(lab.id())).contains(lab);
    }

    @Test
    void theKernelsDriverDoesNotReachAControllerInAProcess() {
        Table dd = Tables.of("a").orElseThrow();

        assertThat(dd.columns(Lab.EMULATED))
                .extracting(Column::id)
                .containsExactly("direct", "copying", "mediated", "nio");
        assertThat(dd.references(Lab.EMULATED)).extracting(Column::id).containsExactly("direct");
        assertThat(dd.references(Lab.GUEST)).extracting(Column::id).containsExactly("kernel", "direct");
    }
}
