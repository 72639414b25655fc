package io.sluice.reproduce;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;

/** What commands report in JSON. */
final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    /** Reads what begins with the first line that can be JSON: fio says other things before it. */
    static JsonNode of(String output) throws IOException {
        int start = 0;
        while (start < output.length() && output.charAt(start) != '{' && output.charAt(start) != '[') {
            int end = output.indexOf('\n', start);
            start = end < 0 ? output.length() : end + 1;
        }
        try {
            return MAPPER.readTree(output.substring(start));
        } catch (JsonProcessingException e) {
            throw new IOException("the command's report is no JSON: " + e.getOriginalMessage(), e);
        }
    }

    static double number(JsonNode in, String name) throws IOException {
        JsonNode number = in.path(name);
        if (!number.isNumber()) {
            throw new IOException("the command's report has no number '" + name + "'");
        }
        return number.doubleValue();
    }
}
