package io.sluice.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MarkdownPageTest {
    private static String write(Block... blocks) {
        return MarkdownPage.write(List.of(blocks), "charts");
    }

    @Test
    void blocksAreApart() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("date", "today");
        facts.put("kernel", "6.1");

        assertThat(write(
                        new Block.Heading(2, "Title"),
                        new Block.Paragraph("Text."),
                        new Block.Items(List.of("one", "two")),
                        new Block.Problems("Failed (1):", List.of("table a")),
                        new Block.Facts(facts),
                        new Block.Folded("More", List.of(new Block.Paragraph("Less.")))))
                .isEqualTo("""
                        ## Title

                        Text.

                        - one
                        - two

                        **Failed (1):**

                        - table a

                        - date: today
                        - kernel: 6.1

                        <details><summary>More</summary>

                        Less.

                        </details>
                        """);
    }

    @Test
    void aTableLeansItsFiguresToTheRight() {
        assertThat(write(new Block.Grid(
                        List.of("BS", "direct", "idle %"), List.of(List.of("4K", "1.0†\n(1–2) ×5", "50.0")))))
                .isEqualTo("""
                        | BS | direct | idle % |
                        |---|--:|--:|
                        | 4K | 1.0†<br>(1–2) ×5 | 50.0 |
                        """);
    }

    @Test
    void whatWouldBeMarkupIsText() {
        assertThat(write(new Block.Paragraph("a|b <i> *c* `d` [e](f) g_h _i_ \\ & #")))
                .isEqualTo("a\\|b &lt;i> \\*c\\* \\`d\\` \\[e\\](f) g_h \\_i\\_ \\\\ &amp; \\#\n");
    }

    @Test
    void aFenceIsLongerThanAnyInTheCode() {
        assertThat(write(new Block.Code("a\n````\nb"))).isEqualTo("`````\na\n````\nb\n`````\n");
    }
}
