package io.sluice.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * On what was measured: {@code environment.json}.
 *
 * @param lab where
 * @param tables ids of the tables that were to be measured; empty when the file does not tell
 * @param facts all else that the file tells, in its order, under names for people
 */
record Environment(Lab lab, List<String> tables, Map<String, String> facts) {
    private static final Map<String, String> NAMES = Map.of(
            "cpus", "processors",
            "guestKernel", "kernel in the guest",
            "qemu", "QEMU",
            "jvm", "JVM",
            "jvmFlags", "JVM flags");

    /** Reads a file. */
    static Environment read(Path file) throws IOException {
        JsonNode json;
        try {
            json = Measurements.JSON.readTree(Files.readString(file));
        } catch (JsonProcessingException e) {
            throw new ReportException(file + " is no JSON: " + e.getOriginalMessage());
        }
        if (!json.isObject()) {
            throw new ReportException(file + ": expected an object");
        }
        Lab lab = Lab.of(json.path("lab").asText())
                .orElseThrow(() -> new ReportException(
                        file + ": 'lab' is " + json.path("lab") + ": expected \"guest\", \"emulated\" or \"device\""));
        String mode = json.path("mode").asText("full");
        if (!mode.equals("quick") && !mode.equals("full")) {
            throw new ReportException(file + ": 'mode' is '" + mode + "': expected quick or full");
        }
        Map<String, String> facts = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> member : json.properties()) {
            String name = member.getKey();
            JsonNode value = member.getValue();
            if (!name.equals("lab") && !name.equals("tables") && !value.isNull()) {
                facts.put(NAMES.getOrDefault(name, name), value.isValueNode() ? value.asText() : value.toString());
            }
        }
        return new Environment(lab, tables(file, json.path("tables")), facts);
    }

    private static List<String> tables(Path file, JsonNode json) throws ReportException {
        List<String> tables = new ArrayList<>();
        for (JsonNode table : json) {
            if (Tables.of(table.asText()).isEmpty()) {
                throw new ReportException(file + ": 'tables' has " + table + ": there is no such table");
            }
            tables.add(table.asText());
        }
        return tables;
    }

    /** Whether the runs were short: they show that it works, not how fast it is. */
    boolean quick() {
        return "quick".equals(facts.get("mode"));
    }
}
