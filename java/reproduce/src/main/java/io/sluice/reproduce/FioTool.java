package io.sluice.reproduce;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Measures with {@code fio}, the kernel's own or Sluice's: both take the same options and report in the same shape. */
final class FioTool {
    private static final double MEGA = 1e6;
    private static final double MICRO = 1e3;

    private final Tools tools;

    FioTool(Tools tools) {
        this.tools = tools;
    }

    Taken take(Recipe.Fio recipe, String drive, Pace pace) throws IOException {
        List<String> command = command(recipe, drive, pace);
        JsonNode job =
                Json.of(tools.run(recipe.reach(), command)[0]).path("jobs").path(0);
        JsonNode direction = job.path(recipe.writes() ? "write" : "read");
        String typed = Tools.typed(recipe.reach(), command);
        if (recipe.figure() != Figure.LATENCY) {
            return new Taken(Json.number(direction, "bw_bytes") / MEGA, Map.of(), typed);
        }
        JsonNode latency = direction.path("lat_ns");
        JsonNode percentile = latency.path("percentile");
        return new Taken(
                Json.number(latency, "mean") / MICRO,
                Map.of(
                        "p50", Json.number(percentile, "50.000000") / MICRO,
                        "p99", Json.number(percentile, "99.000000") / MICRO),
                typed);
    }

    private static List<String> command(Recipe.Fio recipe, String drive, Pace pace) {
        boolean kernels = recipe.reach() == Reach.NODE;
        List<String> command = new ArrayList<>(List.of("fio", "--name=" + recipe.rw()));
        command.add("--filename=" + (kernels ? drive : drive.replace(":", "\\:")));
        command.add("--rw=" + recipe.rw());
        command.add("--bs=4k");
        command.add("--ioengine=" + recipe.engine());
        command.add("--iodepth=" + recipe.depth());
        command.add("--direct=1");
        command.add("--time_based");
        command.add("--ramp_time=" + pace.rampMillis() + "ms");
        command.add("--runtime=" + pace.runMillis() + "ms");
        command.add("--output-format=json");
        if (kernels && !recipe.writes()) {
            command.add("--readonly");
        }
        if (recipe.figure() == Figure.LATENCY) {
            command.add("--norandommap");
            if (kernels) {
                command.add("--lat_percentiles=1");
            }
        }
        if (!kernels && recipe.writes()) {
            command.add("--yes-destroy-data");
        }
        return command;
    }
}
