package io.sluice.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Facts about one thing, each told once and shown to people and to machines. */
final class Report {
    private record Fact(String label, String shown, Consumer<JsonWriter> json) {}

    private final List<Fact> facts = new ArrayList<>();

    Report fact(String key, String label, String value) {
        return add(label, value.isEmpty() ? "-" : value, json -> json.field(key, value));
    }

    Report fact(String key, String label, boolean value) {
        return add(label, value ? "yes" : "no", json -> json.field(key, value));
    }

    Report fact(String key, String label, long value) {
        return fact(key, label, value, Decimals.grouped(value));
    }

    /** A number that people want to see in another way. */
    Report fact(String key, String label, long value, String shown) {
        return add(label, shown, json -> json.field(key, value));
    }

    private Report add(String label, String shown, Consumer<JsonWriter> json) {
        facts.add(new Fact(label, shown, json));
        return this;
    }

    /** A line for each fact, the values aligned. */
    String text() {
        int width = facts.stream().mapToInt(fact -> fact.label().length()).max().orElse(0);
        StringBuilder text = new StringBuilder();
        for (Fact fact : facts) {
            text.append(fact.label())
                    .append(" ".repeat(width - fact.label().length() + 2))
                    .append(fact.shown())
                    .append('\n');
        }
        return text.toString();
    }

    /** The facts as members of the object that is open. */
    void write(JsonWriter json) {
        facts.forEach(fact -> fact.json().accept(json));
    }
}
