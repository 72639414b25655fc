package io.sluice.partition;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/**
 * The properties of a file in the format of {@link Properties#load(Reader)}, and where they are. Unlike there, no key may be given twice: of two rules one would be lost.
 *
 * @param values by their keys
 * @param lines where each key begins, from 1
 */
record PropertyLines(Properties values, Map<String, Integer> lines) {
    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException when a line makes no sense; the message begins with its number
     */
    static PropertyLines read(Reader file) throws IOException {
        PropertyLines found = new PropertyLines(new Properties(), new HashMap<>());
        BufferedReader reader = new BufferedReader(file);
        StringBuilder text = new StringBuilder();
        int first = 1;
        int number = 0;
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            number++;
            if (text.isEmpty()) {
                if (isComment(line)) {
                    continue;
                }
                first = number;
            }
            text.append(line).append('\n');
            if (!goesOn(line)) {
                found.add(text.toString(), first);
                text.setLength(0);
            }
        }
        found.add(text.toString(), first);
        return found;
    }

    private static boolean isComment(String line) {
        String stripped = line.strip();
        return stripped.startsWith("#") || stripped.startsWith("!");
    }

    /** An odd number of backslashes at its end: the last one is none of the text. */
    private static boolean goesOn(String line) {
        int end = line.length();
        while (end > 0 && line.charAt(end - 1) == '\\') {
            end--;
        }
        return (line.length() - end) % 2 == 1;
    }

    private void add(String text, int line) throws IOException {
        Properties one = new Properties();
        try {
            one.load(new StringReader(text));
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException("line " + line + ": " + malformed.getMessage(), malformed);
        }
        for (String key : one.stringPropertyNames()) {
            Integer before = lines.putIfAbsent(key, line);
            if (before != null) {
                throw new IllegalArgumentException(
                        "line " + line + ": '" + key + "' was said in line " + before + " already");
            }
            Object ignored = values.setProperty(key, one.getProperty(key));
        }
    }
}
