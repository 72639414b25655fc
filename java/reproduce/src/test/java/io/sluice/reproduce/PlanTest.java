package io.sluice.reproduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.report.Column;
import io.sluice.report.Lab;
import io.sluice.report.Table;
import io.sluice.report.Tables;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlanTest {
    private static final Table DD = Tables.of("a").orElseThrow();

    private static List<String> columns(Plan plan, int run, String row) {
        return plan.steps().stream()
                .filter(step -> step.run() == run && step.row().equals(row))
                .map(Step::column)
                .toList();
    }

    @Test
    void hasEveryCellOfEveryTableOnceARun() {
        Plan plan = Plan.of(Tables.all(), Lab.GUEST, 3);

        int cells = Tables.all().stream()
                .mapToInt(
                        table -> table.rows().size() * table.columns(Lab.GUEST).size())
                .sum();
        assertThat(plan.steps()).hasSize(3 * cells);
        assertThat(plan.steps().stream().map(Step::place)).doesNotHaveDuplicates();
        assertThat(plan.steps().stream().map(Step::sequence)).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void takesTheColumnsOfARowOneDirectlyAfterTheOther() {
        List<Step> steps = Plan.of(List.of(DD), Lab.GUEST, 3).steps();

        int width = DD.columns(Lab.GUEST).size();
        for (int first = 0; first < steps.size(); first += width) {
            List<Step> together = steps.subList(first, first + width);
            assertThat(together.stream()
                            .map(step -> step.run() + " " + step.row())
                            .distinct())
                    .hasSize(1);
            assertThat(together.stream().map(Step::column))
                    .containsExactlyInAnyOrderElementsOf(
                            DD.columns(Lab.GUEST).stream().map(Column::id).toList());
        }
    }

    @Test
    void beginsEachRunOfARowWithAnotherColumn() {
        Plan plan = Plan.of(List.of(DD), Lab.GUEST, DD.columns().size());

        for (String row : DD.rows()) {
            Set<String> firsts = new HashSet<>();
            for (int run = 1; run <= DD.columns().size(); run++) {
                firsts.add(columns(plan, run, row).get(0));
            }
            assertThat(firsts)
                    .as("first columns of row " + row)
                    .hasSize(DD.columns().size());
        }
    }

    @Test
    void leavesOutColumnsThatALabDoesNotHave() {
        Plan plan = Plan.of(Tables.all(), Lab.EMULATED, 1);

        assertThat(plan.steps()).allMatch(step -> step.recipe().reach() != Reach.NODE);
        assertThat(columns(plan, 1, "4K")).contains("mediated");
    }

    @Test
    void whatIsLeftKeepsItsPlaceAndOrder() {
        Plan plan = Plan.of(List.of(DD), Lab.GUEST, 1);

        Plan left = plan.without(step -> step.sequence() <= 7);

        assertThat(left.steps())
                .containsExactlyElementsOf(plan.steps().subList(7, plan.steps().size()));
    }

    @Test
    void aTableGoesTogetherOrEachStepAlone() {
        Plan plan = Plan.of(Tables.all(), Lab.GUEST, 2);

        assertThat(plan.together(false))
                .hasSize(Tables.all().size())
                .allSatisfy(group ->
                        assertThat(group.stream().map(Step::table).distinct()).hasSize(1));
        assertThat(plan.together(true)).hasSize(plan.steps().size());
        assertThat(plan.together(true).stream().flatMap(List::stream)).containsExactlyElementsOf(plan.steps());
    }

    @Test
    void theWritesAreThoseOfTableD() {
        List<Step> writing = Plan.of(Tables.all(), Lab.DEVICE, 1).steps().stream()
                .filter(step -> step.recipe().writes())
                .toList();

        assertThat(writing).isNotEmpty().allMatch(step -> step.table().id().equals("d"));
        assertThat(writing.stream().map(Step::row).distinct()).containsExactlyInAnyOrder("randwrite", "write");
    }

    @Test
    void aStepIsReadAsItIsWritten() {
        for (Step step : Plan.of(Tables.all(), Lab.GUEST, 2).steps()) {
            assertThat(Step.parse(step.line())).isEqualTo(step);
        }
        assertThatThrownBy(() -> Step.parse("12 z 4K mediated 2")).hasMessageContaining("is no step");
        assertThatThrownBy(() -> Step.parse("12 a 4K mediated")).hasMessageContaining("is no step");
    }

    @Test
    void theKernelsCommandsAreForTheNodeAlone() {
        for (Step step : Plan.of(Tables.all(), Lab.GUEST, 1).steps()) {
            boolean kernels = step.column().startsWith("kernel");
            assertThat(step.recipe().reach() == Reach.NODE).as(step.place()).isEqualTo(kernels);
        }
    }
}
