package io.sluice.reproduce;

import io.sluice.report.Measurement;
import io.sluice.report.Outcome;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A step's result on its way out of a lab: fields with tabs between them, {@code STEP, value, VALUE, NAME=VALUE …, COMMAND} or {@code STEP, failed, ERROR}. */
final class ResultLine {
    private static final int VALUE_FIELDS = 5;
    private static final int FAILURE_FIELDS = 3;

    private ResultLine() {}

    static String of(Step step, Taken taken) {
        String details = taken.details().entrySet().stream()
                .map(detail -> detail.getKey() + "=" + detail.getValue())
                .collect(Collectors.joining(" "));
        return String.join("\t", step.line(), "value", Double.toString(taken.value()), details, plain(taken.command()));
    }

    static String of(Step step, Exception failure) {
        String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        return String.join("\t", step.line(), "failed", plain(message));
    }

    private static String plain(String text) {
        return text.replaceAll("\\s+", " ");
    }

    /**
     * Reads one.
     *
     * @param more details that were seen from outside
     */
    static Measurement read(String line, Map<String, Double> more) {
        String[] fields = line.split("\t", -1);
        if (fields.length == FAILURE_FIELDS && fields[1].equals("failed")) {
            return Step.parse(fields[0]).measured(new Outcome.Failure(fields[2]), "");
        }
        if (fields.length != VALUE_FIELDS || !fields[1].equals("value")) {
            throw new IllegalArgumentException("'" + line + "' is no result of a step");
        }
        Step step = Step.parse(fields[0]);
        Map<String, Double> details = new TreeMap<>(more);
        for (String detail : fields[3].split(" ")) {
            int equals = detail.indexOf('=');
            if (equals > 0) {
                details.put(detail.substring(0, equals), Double.parseDouble(detail.substring(equals + 1)));
            }
        }
        return step.measured(
                new Outcome.Value(Double.parseDouble(fields[2]), step.table().unit(), details), fields[4]);
    }
}
