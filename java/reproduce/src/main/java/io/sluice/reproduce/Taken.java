package io.sluice.reproduce;

import java.util.Map;
import java.util.TreeMap;

/**
 * A figure that a command gave.
 *
 * @param value in the table's unit
 * @param details what it said beside it
 * @param command as a user types it
 */
record Taken(double value, Map<String, Double> details, String command) {
    Taken {
        details = Map.copyOf(details);
    }

    Taken with(Map<String, Double> more) {
        Map<String, Double> all = new TreeMap<>(details);
        all.putAll(more);
        return new Taken(value, all, command);
    }
}
