package io.sluice.reproduce;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Measures with {@code sluice bench}. */
final class BenchTool {
    private static final double MICRO = 1e3;
    private static final double MILLI = 1e3;

    private final Tools tools;

    BenchTool(Tools tools) {
        this.tools = tools;
    }

    Taken take(Recipe.Bench recipe, String drive, Pace pace) throws IOException {
        List<String> command = new ArrayList<>(List.of("bench", drive));
        command.addAll(recipe.options());
        command.addAll(List.of("--ramp", seconds(pace.rampMillis()), "--runtime", seconds(pace.runMillis())));
        String typed = Tools.typed(recipe.reach(), command);
        command.addAll(List.of("--json", "-"));
        JsonNode row = Json.of(tools.run(recipe.reach(), command)[0]).path(0);
        JsonNode latency = row.path("latency_ns");
        return switch (recipe.figure()) {
            case MEGABYTES -> new Taken(Json.number(row, "mb_per_s"), Map.of(), typed);
            case MEBIBYTES -> new Taken(Json.number(row, "mib_per_s"), Map.of(), typed);
            case PROCESSOR -> new Taken(Json.number(row.path("cpu"), "process_ns_per_io"), Map.of(), typed);
            case LATENCY ->
                new Taken(
                        Json.number(latency, "mean") / MICRO,
                        Map.of(
                                "p50", Json.number(latency, "p50") / MICRO,
                                "p99", Json.number(latency, "p99") / MICRO),
                        typed);
        };
    }

    private static String seconds(int millis) {
        return String.format(Locale.ROOT, "%.3f", millis / MILLI).replaceAll("\\.?0+$", "");
    }
}
