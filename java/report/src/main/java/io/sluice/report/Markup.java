package io.sluice.report;

import java.util.ArrayDeque;
import java.util.Deque;

/** Writes elements of XML: HTML that is also well-formed XML, and SVG. What it opens the caller closes. */
final class Markup {
    private final StringBuilder text = new StringBuilder(16 << 10);
    private final Deque<String> open = new ArrayDeque<>();

    /** Begins an element; attributes are names and values in turn. */
    Markup open(String name, String... attributes) {
        start(name, attributes).append('>');
        open.push(name);
        return this;
    }

    /** Ends the element that was begun last. */
    Markup close() {
        text.append("</").append(open.pop()).append('>');
        return this;
    }

    /** An element without content. */
    Markup empty(String name, String... attributes) {
        start(name, attributes).append("/>");
        return this;
    }

    /** An element with text alone. */
    Markup leaf(String name, String content, String... attributes) {
        return open(name, attributes).text(content).close();
    }

    /** Text in the element that was begun last. */
    Markup text(String content) {
        text.append(escaped(content));
        return this;
    }

    /** A line break, for those who read the source. */
    Markup line() {
        text.append('\n');
        return this;
    }

    /** All of it. */
    @Override
    public String toString() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("<" + open.peek() + "> is not closed");
        }
        return text.toString();
    }

    /** Text that is no markup. Control characters, which XML 1.0 (section 2.2) does not have, become spaces. */
    static String escaped(String plain) {
        StringBuilder escaped = new StringBuilder(plain.length() + 16);
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            switch (c) {
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                case '"' -> escaped.append("&quot;");
                case '\n' -> escaped.append(c);
                default -> escaped.append(c < ' ' ? ' ' : c);
            }
        }
        return escaped.toString();
    }

    private StringBuilder start(String name, String[] attributes) {
        text.append('<').append(name);
        for (int i = 0; i < attributes.length; i += 2) {
            text.append(' ')
                    .append(attributes[i])
                    .append("=\"")
                    .append(escaped(attributes[i + 1]))
                    .append('"');
        }
        return text;
    }
}
