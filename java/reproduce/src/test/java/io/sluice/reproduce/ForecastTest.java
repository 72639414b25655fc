package io.sluice.reproduce;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.report.Lab;
import io.sluice.report.Tables;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForecastTest {
    private static final List<List<Step>> GROUPS =
            Plan.of(Tables.selected("a"), Lab.GUEST, 3).together(true);

    private static Forecast forecast() {
        return new Forecast(GROUPS, Mode.FULL.pace(Lab.GUEST), Lab.GUEST);
    }

    /** Takes a number of excursions, and says what is left when each took a time. */
    private static long left(int excursions, double factor) {
        Forecast forecast = forecast();
        for (List<Step> group : GROUPS.subList(0, excursions)) {
            forecast.begins(group);
            forecast.taken();
        }
        return forecast.left(Math.round(factor * forecast.total() * excursions / GROUPS.size()));
    }

    @Test
    void allOfItIsLeftAtFirstAndNothingAtTheEnd() {
        assertThat(forecast().left(0)).isEqualTo(forecast().total());
        assertThat(left(GROUPS.size(), 1)).isZero();
        assertThat(left(GROUPS.size(), 3)).isZero();
    }

    @Test
    void whatTookAsLongAsForeseenLeavesTheRest() {
        assertThat(left(35, 1)).isEqualTo(forecast().total() * (GROUPS.size() - 35) / GROUPS.size());
    }

    @Test
    void aMachineThatIsSlowerThanForeseenStaysSo() {
        long foreseen = left(35, 1);

        assertThat(left(35, 2)).isBetween(foreseen * 19 / 10, foreseen * 2);
        assertThat(left(35, 0.5)).isBetween(foreseen / 2, foreseen * 6 / 10);
    }

    @Test
    void aBootForEachFigureTakesLongerThanOneForATable() {
        Plan plan = Plan.of(Tables.all(), Lab.GUEST, 3);
        Pace pace = Mode.QUICK.pace(Lab.GUEST);

        assertThat(new Forecast(plan.together(true), pace, Lab.GUEST).total())
                .isGreaterThan(3 * new Forecast(plan.together(false), pace, Lab.GUEST).total());
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 s",
        "59400, 59 s",
        "59600, 1 min",
        "720000, 12 min",
        "3569000, 59 min",
        "3590000, 1 h 0 min",
        "11520000, 3 h 12 min"
    })
    void timesAreReadable(long millis, String text) {
        assertThat(Forecast.said(millis)).isEqualTo(text);
    }
}
