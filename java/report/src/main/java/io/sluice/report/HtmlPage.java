package io.sluice.report;

import java.util.List;
import java.util.Locale;

/** Blocks as one page of HTML, which is also well-formed XML: style and charts are in it, and it fetches nothing. */
final class HtmlPage {
    /** No quotes, angle brackets or ampersands: HTML reads them as they are here, XML does not. */
    private static final String STYLE = """
            :root { color-scheme: light dark; --ground: #ffffff; --text: #1c1c1c; --note: #555555; --line: #d9d9d9; --soft: #f4f5f7; --alert: #a11d1d }
            @media (prefers-color-scheme: dark) {
            :root { --ground: #15181c; --text: #ececec; --note: #b4b9c0; --line: #343a41; --soft: #1f242a; --alert: #ff9a8f }
            }
            body { margin: 0 auto; padding: 1rem; max-width: 76rem; background: var(--ground); color: var(--text); font: 16px/1.5 system-ui, -apple-system, Helvetica, Arial, sans-serif; overflow-wrap: break-word }
            h1 { font-size: 1.6rem; line-height: 1.25 } h2 { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--line) }
            p { max-width: 60rem } li { margin: 0.15rem 0 } a { color: inherit }
            nav ul { display: flex; flex-wrap: wrap; gap: 0.2rem 1.2rem; padding: 0; list-style: none }
            .scroll { overflow-x: auto; margin: 1rem 0 }
            table { border-collapse: collapse; font-size: 0.875rem; font-variant-numeric: tabular-nums }
            th, td { padding: 0.3rem 0.7rem; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap }
            thead th { background: var(--soft) } th:first-child { text-align: left; position: sticky; left: 0; background: var(--soft) }
            td small { display: block; color: var(--note) }
            table.facts td { text-align: left; white-space: normal; overflow-wrap: anywhere }
            pre { padding: 0.8rem; background: var(--soft); overflow-x: auto; font-size: 0.8125rem }
            svg { display: block; width: 100%; min-width: 560px; max-width: 60rem; height: auto }
            summary { cursor: pointer }
            .problems { color: var(--alert) }
            """;

    private final Markup html = new Markup();

    private HtmlPage() {}

    static String write(List<Block> blocks) {
        HtmlPage page = new HtmlPage();
        page.document(blocks);
        return "<!DOCTYPE html>\n" + page.html + "\n";
    }

    private void document(List<Block> blocks) {
        html.open("html", "lang", "en").line().open("head").line();
        html.empty("meta", "charset", "utf-8").line();
        html.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
                .line();
        html.leaf("title", titles(blocks, 1).get(0)).line();
        html.leaf("style", STYLE + "@media (prefers-color-scheme: dark) {\n" + Canvas.dark() + "}\n")
                .line();
        html.close().line().open("body").line();
        boolean begun = false;
        for (Block block : blocks) {
            write(block);
            if (!begun) {
                navigation(titles(blocks, 2));
            }
            begun = true;
        }
        html.close().line().close();
    }

    private static List<String> titles(List<Block> blocks, int level) {
        return blocks.stream()
                .filter(block -> block instanceof Block.Heading heading && heading.level() == level)
                .map(block -> ((Block.Heading) block).text())
                .toList();
    }

    private void navigation(List<String> titles) {
        html.open("nav").open("ul");
        for (String title : titles) {
            html.open("li").leaf("a", title, "href", "#" + id(title)).close();
        }
        html.close().close().line();
    }

    private void write(Block block) {
        if (block instanceof Block.Heading heading) {
            html.leaf("h" + heading.level(), heading.text(), "id", id(heading.text()));
        } else if (block instanceof Block.Paragraph paragraph) {
            html.leaf("p", paragraph.text());
        } else if (block instanceof Block.Items items) {
            html.open("ul");
            items.texts().forEach(text -> html.leaf("li", text));
            html.close();
        } else if (block instanceof Block.Problems problems) {
            html.open("div", "class", "problems");
            html.leaf("p", problems.title()).open("ul");
            problems.texts().forEach(text -> html.leaf("li", text));
            html.close().close();
        } else if (block instanceof Block.Code code) {
            html.open("pre").leaf("code", code.text()).close();
        } else if (block instanceof Block.Grid grid) {
            write(grid);
        } else if (block instanceof Block.Facts facts) {
            html.open("table", "class", "facts").open("tbody");
            facts.texts()
                    .forEach((name, text) -> html.open("tr")
                            .leaf("th", name, "scope", "row")
                            .leaf("td", text)
                            .close());
            html.close().close();
        } else if (block instanceof Block.Picture picture) {
            html.open("div", "class", "scroll");
            picture.chart().draw(html, Canvas.Style.OF_PAGE);
            html.close();
        } else if (block instanceof Block.Folded folded) {
            html.open("details").leaf("summary", folded.title());
            folded.blocks().forEach(this::write);
            html.close();
        }
        html.line();
    }

    private void write(Block.Grid grid) {
        html.open("div", "class", "scroll");
        html.open("table").open("thead").open("tr");
        grid.headers().forEach(header -> html.leaf("th", header, "scope", "col"));
        html.close().close().open("tbody").line();
        for (List<String> line : grid.lines()) {
            html.open("tr").leaf("th", line.get(0), "scope", "row");
            line.stream().skip(1).forEach(this::cell);
            html.close().line();
        }
        html.close().close().close();
    }

    private void cell(String text) {
        int second = text.indexOf('\n');
        if (second < 0) {
            html.leaf("td", text);
        } else {
            html.open("td").text(text.substring(0, second));
            html.leaf("small", text.substring(second + 1)).close();
        }
    }

    /** What a link to a heading names. */
    private static String id(String title) {
        return title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    }
}
