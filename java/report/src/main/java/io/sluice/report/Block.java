package io.sluice.report;

import java.util.List;
import java.util.Map;

/** A piece of a page. Texts are plain: whoever writes the page escapes them. */
sealed interface Block {
    /**
     * A heading.
     *
     * @param level 1 or more; 1 is the page's
     */
    record Heading(int level, String text) implements Block {}

    /** A paragraph. */
    record Paragraph(String text) implements Block {}

    /** A list. */
    record Items(List<String> texts) implements Block {}

    /** What a reader has to see before anything else. */
    record Problems(String title, List<String> texts) implements Block {}

    /** What is to be typed, or is shown as it is, in lines. */
    record Code(String text) implements Block {}

    /** A table of texts, whose first column names the lines and whose others lean to the right. A cell may have two lines, the second less important. */
    record Grid(List<String> headers, List<List<String>> lines) implements Block {
        public Grid {
            for (List<String> line : lines) {
                if (line.size() != headers.size()) {
                    throw new IllegalArgumentException(
                            line.size() + " cells " + line + " under " + headers.size() + " headers");
                }
            }
        }
    }

    /** Names, and a text for each. */
    record Facts(Map<String, String> texts) implements Block {}

    /** A chart; its file is called by its name. */
    record Picture(String name, Chart chart) implements Block {}

    /** What most do not want to see, behind its title. */
    record Folded(String title, List<Block> blocks) implements Block {}
}
