package io.sluice.report;

import java.util.ArrayList;
import java.util.List;

/**
 * The axis of a chart's values.
 *
 * @param low where it starts
 * @param high where it ends
 * @param logarithmic whether equal distances are equal ratios, else equal differences
 * @param ticks values that have a line and a number, from the lowest
 */
record ValueScale(double low, double high, boolean logarithmic, List<Double> ticks) {
    private static final double LOGARITHMIC_FROM = 20;
    private static final double[] STEPS = {1, 2, 5, 10};

    /** From 0 on. */
    static ValueScale linear(double highest) {
        double most = highest > 0 ? highest : 1;
        double step = step(most / 5);
        List<Double> ticks = new ArrayList<>();
        int count = (int) Math.ceil(most / step - 1e-9);
        for (int i = 0; i <= count; i++) {
            ticks.add(i * step);
        }
        return new ValueScale(0, count * step, false, ticks);
    }

    /** From 0 on, or logarithmic where the small values would lie on the axis otherwise. */
    static ValueScale spanning(double lowest, double highest) {
        if (lowest <= 0 || highest / lowest < LOGARITHMIC_FROM) {
            return linear(highest);
        }
        List<Double> ticks = new ArrayList<>();
        double decade = Math.pow(10, Math.floor(Math.log10(lowest)));
        for (; ; decade *= 10) {
            for (double step : List.of(1.0, 2.0, 5.0)) {
                double tick = decade * step;
                if (tick <= lowest) {
                    ticks.clear();
                }
                ticks.add(tick);
                if (tick >= highest) {
                    return new ValueScale(ticks.get(0), tick, true, ticks);
                }
            }
        }
    }

    /** Where a value is: from 0 at the start to 1 at the end. */
    double place(double value) {
        return logarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
    }

    /** The least of 1, 2, 5 times a power of ten that is no less. */
    private static double step(double least) {
        double power = Math.pow(10, Math.floor(Math.log10(least)));
        for (double step : STEPS) {
            if (step * power >= least * (1 - 1e-9)) {
                return step * power;
            }
        }
        return 10 * power;
    }
}
