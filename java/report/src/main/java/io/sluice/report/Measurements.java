package io.sluice.report;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Measurements as files of JSON: an array of objects, one a line. */
public final class Measurements {
    /** Strict: a name twice in an object, text behind the end, or NaN, is an error. */
    static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final Set<String> NAMES =
            Set.of("table", "row", "column", "run", "sequence", "value", "unit", "details", "error", "command");

    private Measurements() {}

    /**
     * Reads a file.
     *
     * @throws ReportException when it is no such file, or has a table, row, column or unit that {@link Tables} does not
     */
    public static List<Measurement> read(Path file) throws IOException {
        JsonNode root;
        try {
            root = JSON.readTree(Files.readString(file));
        } catch (JsonProcessingException e) {
            throw new ReportException(file + " is no JSON: " + e.getOriginalMessage()
                    + (e.getLocation() == null
                            ? ""
                            : ", line " + e.getLocation().getLineNr()));
        }
        if (!root.isArray()) {
            throw new ReportException(file + ": expected an array of measurements");
        }
        List<Measurement> measurements = new ArrayList<>();
        for (int i = 0; i < root.size(); i++) {
            measurements.add(new Reader(file, i, root.get(i)).measurement());
        }
        return measurements;
    }

    /** Writes a file, in place of what was there, in one step: a reader sees the old or the new. */
    public static void write(Path file, List<Measurement> measurements) throws IOException {
        StringBuilder text = new StringBuilder("[");
        String separator = "\n";
        for (Measurement measurement : measurements) {
            text.append(separator).append(JSON.writeValueAsString(json(measurement)));
            separator = ",\n";
        }
        text.append("\n]\n");
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(fresh, text);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static ObjectNode json(Measurement measurement) {
        ObjectNode json = JSON.createObjectNode()
                .put("table", measurement.table())
                .put("row", measurement.row())
                .put("column", measurement.column())
                .put("run", measurement.run())
                .put("sequence", measurement.sequence());
        if (measurement.outcome() instanceof Outcome.Value value) {
            json.put("value", value.value()).put("unit", value.unit());
            ObjectNode details = json.putObject("details");
            value.details().forEach(details::put);
        } else if (measurement.outcome() instanceof Outcome.Failure failure) {
            json.put("error", failure.error());
        }
        return json.put("command", measurement.command());
    }

    /** Reads one object. */
    private static final class Reader {
        private final Path file;
        private final int index;
        private final JsonNode json;

        Reader(Path file, int index, JsonNode json) {
            this.file = file;
            this.index = index;
            this.json = json;
        }

        Measurement measurement() throws ReportException {
            if (!json.isObject()) {
                throw wrong("expected an object");
            }
            for (Map.Entry<String, JsonNode> member : json.properties()) {
                if (!NAMES.contains(member.getKey())) {
                    throw wrong("'" + member.getKey() + "' is not known");
                }
            }
            Table table = Tables.of(text("table")).orElseThrow(() -> wrong("there is no such table"));
            if (!table.rows().contains(text("row"))) {
                throw wrong("the table has no such row: expected one of " + table.rows());
            }
            if (table.column(text("column")).isEmpty()) {
                throw wrong("the table has no such column: expected one of "
                        + table.columns().stream().map(Column::id).toList());
            }
            boolean failed = json.has("error");
            if (failed == json.has("value")) {
                throw wrong("expected either 'value' or 'error'");
            }
            try {
                return new Measurement(
                        table.id(),
                        text("row"),
                        text("column"),
                        whole("run"),
                        failed && !json.has("sequence") ? 0 : whole("sequence"),
                        failed ? new Outcome.Failure(text("error")) : value(table),
                        failed && !json.has("command") ? "" : text("command"));
            } catch (IllegalArgumentException e) {
                throw wrong(e.getMessage());
            }
        }

        private Outcome.Value value(Table table) throws ReportException {
            if (!text("unit").equals(table.unit())) {
                throw wrong("the unit is '" + text("unit") + "': expected " + table.unit());
            }
            Map<String, Double> details = new TreeMap<>();
            JsonNode members = json.path("details");
            if (!members.isMissingNode() && !members.isObject()) {
                throw wrong("'details' is an object");
            }
            for (Map.Entry<String, JsonNode> detail : members.properties()) {
                details.put(detail.getKey(), number("details." + detail.getKey(), detail.getValue()));
            }
            return new Outcome.Value(number("value", json.path("value")), table.unit(), details);
        }

        private double number(String name, JsonNode number) throws ReportException {
            if (!number.isNumber()) {
                throw wrong("'" + name + "' is no number");
            }
            return number.doubleValue();
        }

        private int whole(String name) throws ReportException {
            JsonNode number = json.path(name);
            if (!number.isIntegralNumber() || !number.canConvertToInt()) {
                throw wrong("'" + name + "' is no whole number");
            }
            return number.intValue();
        }

        private String text(String name) throws ReportException {
            JsonNode text = json.path(name);
            if (!text.isTextual()) {
                throw wrong("'" + name + "' is no text");
            }
            return text.textValue();
        }

        private ReportException wrong(String message) {
            return new ReportException(file + ": measurement " + (index + 1) + " (table " + shown("table") + ", row "
                    + shown("row") + ", column " + shown("column") + ", run " + shown("run") + "): " + message);
        }

        private String shown(String name) {
            return json.has(name) ? json.path(name).asText() : "missing";
        }
    }
}
