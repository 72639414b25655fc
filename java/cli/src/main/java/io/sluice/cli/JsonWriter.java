package io.sluice.cli;

/** Writes JSON (RFC 8259), one member a line. The caller keeps names unique and closes what it opens. */
final class JsonWriter {
    private final StringBuilder text = new StringBuilder(1024);
    private int depth;
    private boolean empty = true;

    JsonWriter beginObject() {
        return begin('{');
    }

    JsonWriter beginObject(String name) {
        return name(name).open('{');
    }

    JsonWriter endObject() {
        return end('}');
    }

    JsonWriter beginArray() {
        return begin('[');
    }

    JsonWriter beginArray(String name) {
        return name(name).open('[');
    }

    JsonWriter endArray() {
        return end(']');
    }

    JsonWriter field(String name, String value) {
        name(name);
        quote(value);
        return this;
    }

    JsonWriter field(String name, long value) {
        name(name);
        text.append(value);
        return this;
    }

    JsonWriter field(String name, boolean value) {
        name(name);
        text.append(value);
        return this;
    }

    /** A number with a fixed count of decimals. */
    JsonWriter field(String name, double value, int decimals) {
        name(name);
        text.append(Double.isFinite(value) ? Decimals.fixed(value, decimals) : "null");
        return this;
    }

    JsonWriter nothing(String name) {
        name(name);
        text.append("null");
        return this;
    }

    JsonWriter element(String value) {
        separate();
        quote(value);
        return this;
    }

    JsonWriter element(long value) {
        separate();
        text.append(value);
        return this;
    }

    JsonWriter element(double value, int decimals) {
        separate();
        text.append(Decimals.fixed(value, decimals));
        return this;
    }

    /** The text, with a line feed at its end. */
    @Override
    public String toString() {
        return text + "\n";
    }

    /** The text on one line, with a line feed at its end. */
    String line() {
        // No string holds a line feed: see quote.
        return text.toString().replaceAll(",\n *", ", ").replaceAll("\n *", "") + "\n";
    }

    private JsonWriter name(String name) {
        separate();
        quote(name);
        text.append(": ");
        return this;
    }

    private JsonWriter begin(char bracket) {
        separate();
        return open(bracket);
    }

    private JsonWriter open(char bracket) {
        text.append(bracket);
        depth++;
        empty = true;
        return this;
    }

    private JsonWriter end(char bracket) {
        depth--;
        if (!empty) {
            newLine();
        }
        empty = false;
        text.append(bracket);
        return this;
    }

    private void separate() {
        if (depth == 0) {
            return;
        }
        if (!empty) {
            text.append(',');
        }
        empty = false;
        newLine();
    }

    private void newLine() {
        text.append('\n');
        for (int i = 0; i < depth; i++) {
            text.append("  ");
        }
    }

    private void quote(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < 0x20) {
                text.append("\\u00").append((char) ('0' + (c >> 4))).append(Character.forDigit(c & 0xf, 16));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }
}
