package io.sluice.report;

import java.util.List;
import java.util.stream.Collectors;

/** Blocks as Markdown, in GitHub's dialect. */
final class MarkdownPage {
    private final String charts;
    private final StringBuilder text = new StringBuilder();

    /** @param charts where the pictures are, as seen from the page */
    private MarkdownPage(String charts) {
        this.charts = charts;
    }

    static String write(List<Block> blocks, String charts) {
        MarkdownPage page = new MarkdownPage(charts);
        blocks.forEach(page::write);
        return page.text.toString();
    }

    private void write(Block block) {
        if (text.length() > 0) {
            text.append('\n');
        }
        if (block instanceof Block.Heading heading) {
            text.append("#".repeat(heading.level()))
                    .append(' ')
                    .append(escaped(heading.text()))
                    .append('\n');
        } else if (block instanceof Block.Paragraph paragraph) {
            text.append(escaped(paragraph.text())).append('\n');
        } else if (block instanceof Block.Items items) {
            items(items.texts());
        } else if (block instanceof Block.Problems problems) {
            text.append("**").append(escaped(problems.title())).append("**\n\n");
            items(problems.texts());
        } else if (block instanceof Block.Code code) {
            // A fence longer than any that the text may hold.
            String fence = "`".repeat(Math.max(3, longestRun(code.text(), '`') + 1));
            text.append(fence)
                    .append('\n')
                    .append(code.text())
                    .append('\n')
                    .append(fence)
                    .append('\n');
        } else if (block instanceof Block.Grid grid) {
            write(grid);
        } else if (block instanceof Block.Facts facts) {
            facts.texts()
                    .forEach((name, fact) -> text.append("- ")
                            .append(escaped(name))
                            .append(": ")
                            .append(escaped(fact))
                            .append('\n'));
        } else if (block instanceof Block.Picture picture) {
            text.append("![")
                    .append(escaped(picture.chart().description()))
                    .append("](")
                    .append(charts)
                    .append('/');
            text.append(picture.name()).append(".svg)\n");
        } else if (block instanceof Block.Folded folded) {
            text.append("<details><summary>")
                    .append(Markup.escaped(folded.title()))
                    .append("</summary>\n");
            folded.blocks().forEach(this::write);
            text.append("\n</details>\n");
        }
    }

    private void items(List<String> texts) {
        texts.forEach(item -> text.append("- ").append(escaped(item)).append('\n'));
    }

    private void write(Block.Grid grid) {
        line(grid.headers());
        text.append("|---").append("|--:".repeat(grid.headers().size() - 1)).append("|\n");
        grid.lines().forEach(this::line);
    }

    private void line(List<String> cells) {
        text.append(cells.stream().map(MarkdownPage::escaped).collect(Collectors.joining(" | ", "| ", " |\n")));
    }

    /** What would be markup is none. */
    private static String escaped(String plain) {
        StringBuilder text = new StringBuilder(plain.length() + 16);
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            switch (c) {
                case '<' -> text.append("&lt;");
                // The one line break that a table's cell can have.
                case '\n' -> text.append("<br>");
                case '&' -> text.append("&amp;");
                case '\\', '`', '*', '|', '[', ']', '#', '~' ->
                    text.append('\\').append(c);
                case '_' -> text.append(insideAWord(plain, i) ? "_" : "\\_");
                default -> text.append(c < ' ' ? ' ' : c);
            }
        }
        return text.toString();
    }

    private static boolean insideAWord(String text, int i) {
        return i > 0
                && i + 1 < text.length()
                && Character.isLetterOrDigit(text.charAt(i - 1))
                && Character.isLetterOrDigit(text.charAt(i + 1));
    }

    private static int longestRun(String text, char c) {
        int longest = 0;
        int run = 0;
        for (int i = 0; i < text.length(); i++) {
            run = text.charAt(i) == c ? run + 1 : 0;
            longest = Math.max(longest, run);
        }
        return longest;
    }
}
