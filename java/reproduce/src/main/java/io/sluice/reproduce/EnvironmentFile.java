package io.sluice.reproduce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.report.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** On what was measured, in a file beside the measurements. Figures that were measured on something else do not belong beside them. */
final class EnvironmentFile {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** What has to be the same for figures to stand in one table. */
    private static final List<String> SAME =
            List.of("mode", "commit", "machine", "kernel", "guestKernel", "qemu", "jvm", "drive");

    private final Path file;

    EnvironmentFile(Path file) {
        this.file = file;
    }

    /**
     * Writes what is measured on now.
     *
     * @param facts in their order
     * @param tables that are to be measured; those of before stay
     * @param leftOut rows of its tables that are not to be measured, such as {@code d randwrite}
     * @throws IOException when the file tells of something else; says what to do
     */
    void write(Map<String, String> facts, List<Table> tables, List<String> leftOut) throws IOException {
        Set<String> ids = new TreeSet<>();
        Set<String> out = new LinkedHashSet<>();
        if (Files.exists(file)) {
            JsonNode before = MAPPER.readTree(Files.readString(file));
            for (String name : SAME) {
                String then = before.path(name).asText("");
                if (!then.equals(facts.getOrDefault(name, ""))) {
                    throw new IOException(file.getParent() + " has measurements with another " + name + " (" + then
                            + ", now " + facts.getOrDefault(name, "") + "): --fresh starts anew, or move it away");
                }
            }
            before.path("tables").forEach(id -> ids.add(id.asText()));
            before.path("leftOut").forEach(row -> out.add(row.asText()));
        }
        for (Table table : tables) {
            boolean first = ids.add(table.id());
            for (String name : table.rows()) {
                String row = table.id() + " " + name;
                if (!leftOut.contains(row)) {
                    out.remove(row);
                } else if (first) {
                    // Where it is not the first, an earlier run may have been to measure it.
                    out.add(row);
                }
            }
        }
        ObjectNode json = MAPPER.createObjectNode();
        new LinkedHashMap<>(facts).forEach(json::put);
        ArrayNode array = json.putArray("tables");
        ids.forEach(array::add);
        ArrayNode rows = json.putArray("leftOut");
        out.forEach(rows::add);
        Files.writeString(file, MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
    }
}
