package io.sluice.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * On what was measured: {@code environment.json}.
 *
 * @param lab where
 * @param tables ids of the tables that were to be measured; empty when the file does not tell
 * @param leftOut rows that were not to be measured, such as {@code d randwrite}; {@code leftOut} in the file
 * @param facts all else that the file tells, in its order, under names for people
 */
record Environment(Lab lab, List<String> tables, Set<String> leftOut, Map<String, String> facts) {
    private static final Map<String, String> NAMES = Map.of(
            "cpus", "processors",
            "guestKernel", "kernel in the guest",
            "qemu", "QEMU",
            "jvm", "JVM",
            "jvmFlags", "JVM flags");

    /** What is shown by other means than by its name. */
    private static final Set<String> STRUCTURE = Set.of("lab", "tables", "leftOut");

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
            String text = value.isValueNode() ? value.asText() : value.toString();
            if (!STRUCTURE.contains(name) && !value.isNull() && !text.isEmpty()) {
                facts.put(NAMES.getOrDefault(name, name), text);
            }
        }
        return new Environment(lab, tables(file, json.path("tables")), leftOut(file, json.path("leftOut")), facts);
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

    private static Set<String> leftOut(Path file, JsonNode json) throws ReportException {
        Set<String> rows = new LinkedHashSet<>();
        for (JsonNode row : json) {
            String[] words = row.asText().split(" ", -1);
            boolean known = words.length == 2
                    && Tables.of(words[0])
                            .filter(table -> table.rows().contains(words[1]))
                            .isPresent();
            if (!known) {
                throw new ReportException(file + ": 'leftOut' has " + row
                        + ": expected a table and a row of it, such as \"d randwrite\"");
            }
            rows.add(row.asText());
        }
        return rows;
    }

    /** Whether a row of a table was not to be measured. */
    boolean leavesOut(Table table, String row) {
        return leftOut.contains(table.id() + " " + row);
    }

    /** Whether the runs were short: they show that it works, not how fast it is. */
    boolean quick() {
        return "quick".equals(facts.get("mode"));
    }
}
