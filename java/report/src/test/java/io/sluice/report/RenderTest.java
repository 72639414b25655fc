package io.sluice.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class RenderTest {
    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int render(Object... arguments) {
        return Render.run(
                Stream.of(arguments).map(Object::toString).toArray(String[]::new),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private String errors() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private Path sample(Lab lab, Predicate<Measurement> wanted) throws IOException {
        Path lonely = directory.resolve(lab.id());
        SampleReport.write(lab, lonely, wanted);
        return lonely;
    }

    private static Predicate<Measurement> of(String table) {
        return measurement -> measurement.table().equals(table);
    }

    /** Fails where the text is not well-formed. */
    private static Document parse(String xml) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
    }

    private static List<Element> elements(Document document, String name) {
        NodeList nodes = document.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }

    @ParameterizedTest
    @EnumSource(Lab.class)
    void everyTableHasItsFiguresAndItsChart(Lab lab) throws Exception {
        Path reports = sample(lab, measurement -> true);

        assertThat(render(reports)).as(errors()).isZero();

        String markdown = Files.readString(reports.resolve("report.md"));
        Document html = parse(Files.readString(reports.resolve("report.html")));
        assertThat(elements(html, "svg")).hasSameSizeAs(Tables.all());
        for (Table table : Tables.all()) {
            String chart = lab.id() + "-" + table.id();
            assertThat(markdown)
                    .contains("## Table " + table.id() + ": " + table.title())
                    .contains("](charts/" + chart + ".svg)");
            Document svg = parse(Files.readString(reports.resolve("charts/" + chart + ".svg")));
            assertThat(svg.getDocumentElement().getAttribute("viewBox")).isNotEmpty();
            BufferedImage image =
                    ImageIO.read(reports.resolve("charts/" + chart + ".png").toFile());
            assertThat(image.getWidth()).isGreaterThan(1000);
        }
    }

    @Test
    void aChartIsInItsPicture() throws Exception {
        Path reports = sample(Lab.EMULATED, of("g"));

        assertThat(render(reports)).isZero();

        BufferedImage image = ImageIO.read(new File(reports.toFile(), "charts/emulated-g.png"));
        int blue = Integer.parseInt(Ink.BLUE.onLight().substring(1), 16);
        long bars = 0;
        long white = 0;
        for (int x = 0; x < image.getWidth(); x++) {
            for (int y = 0; y < image.getHeight(); y++) {
                int colour = image.getRGB(x, y) & 0xffffff;
                bars += colour == blue ? 1 : 0;
                white += colour == 0xffffff ? 1 : 0;
            }
        }
        // Five bars, a quarter of the width each at least; and ground around them.
        assertThat(bars).isGreaterThan(5L * image.getWidth() / 4 * 17);
        assertThat(white).isGreaterThan((long) image.getWidth() * image.getHeight() / 3);
    }

    @Test
    void aLineHasAGapWhereARowHasNoFigure() throws Exception {
        Path reports = sample(
                Lab.EMULATED,
                measurement -> measurement.table().equals("c")
                        && !(measurement.column().equals("direct")
                                && measurement.row().equals("128K")));

        assertThat(render(reports)).isEqualTo(3);

        Document svg = parse(Files.readString(reports.resolve("charts/emulated-c.svg")));
        assertThat(pieces(svg, Ink.BLUE)).isEqualTo(2);
        assertThat(pieces(svg, Ink.GREEN)).isEqualTo(1);
    }

    /** Of the line of an ink, the longest path that is drawn with it. */
    private static long pieces(Document svg, Ink ink) {
        return elements(svg, "path").stream()
                .filter(path -> path.getAttribute("class").equals("c-stroke-" + ink.id()))
                .map(path -> path.getAttribute("d"))
                .max(Comparator.comparing(String::length))
                .orElseThrow()
                .chars()
                .filter(c -> c == 'M')
                .count();
    }

    @ParameterizedTest
    @EnumSource(Lab.class)
    void noTextOfAChartIsCutOff(Lab lab) throws Exception {
        Path reports = sample(lab, measurement -> true);
        Path large = Files.createDirectories(directory.resolve("large/raw"));
        Files.copy(reports.resolve("environment.json"), large.resolveSibling("environment.json"));
        for (Table table : Tables.all()) {
            List<Measurement> measurements = new ArrayList<>();
            for (Measurement one : Measurements.read(reports.resolve("raw").resolve(table.id() + ".json"))) {
                double value = ((Outcome.Value) one.outcome()).value();
                measurements.add(new Measurement(
                        one.table(),
                        one.row(),
                        one.column(),
                        one.run(),
                        one.sequence(),
                        new Outcome.Value(value * 1e6, table.unit(), Map.of()),
                        one.command()));
            }
            Measurements.write(large.resolve(table.id() + ".json"), measurements);
        }

        assertThat(render(reports)).isZero();
        assertThat(render(large.getParent())).isZero();

        for (Path charts : List.of(reports.resolve("charts"), large.resolveSibling("charts"))) {
            for (Table table : Tables.all()) {
                Document svg = parse(Files.readString(charts.resolve(lab.id() + "-" + table.id() + ".svg")));
                String[] box = svg.getDocumentElement().getAttribute("viewBox").split(" ", -1);
                Rectangle2D picture =
                        new Rectangle2D.Double(0, 0, Double.parseDouble(box[2]), Double.parseDouble(box[3]));
                assertThat(elements(svg, "text"))
                        .hasSizeGreaterThan(5)
                        .allSatisfy(text -> assertThat(picture.contains(bounds(text)))
                                .as("%s at %s of %s", text.getTextContent(), bounds(text), picture)
                                .isTrue());
            }
        }
    }

    /** Where a text is, in the font of Java's that pictures have. */
    private static Rectangle2D bounds(Element text) {
        int size =
                text.hasAttribute("font-size") ? Integer.parseInt(text.getAttribute("font-size")) : Canvas.FONT_PIXELS;
        int weight = text.getAttribute("font-weight").equals("bold") ? Font.BOLD : Font.PLAIN;
        Rectangle2D bounds = new Font(Font.SANS_SERIF, weight, size)
                .getStringBounds(text.getTextContent(), new FontRenderContext(null, true, true));
        double before = switch (text.getAttribute("text-anchor")) {
            case "start" -> 0;
            case "middle" -> 0.5;
            default -> 1;
        };
        return new Rectangle2D.Double(
                Double.parseDouble(text.getAttribute("x")) - before * bounds.getWidth(),
                Double.parseDouble(text.getAttribute("y")) + bounds.getY(),
                bounds.getWidth(),
                bounds.getHeight());
    }

    @Test
    void aPageFetchesNothing() throws Exception {
        Path reports = sample(Lab.GUEST, of("a"));

        assertThat(render(reports)).isZero();

        Document html = parse(Files.readString(reports.resolve("report.html")));
        assertThat(elements(html, "script")).isEmpty();
        assertThat(elements(html, "link")).isEmpty();
        assertThat(elements(html, "img")).isEmpty();
        assertThat(elements(html, "a"))
                .isNotEmpty()
                .allSatisfy(link -> assertThat(link.getAttribute("href")).startsWith("#"));
        assertThat(elements(html, "style").get(0).getTextContent())
                .doesNotContain("url(")
                .doesNotContain("@import");
    }

    @Test
    void linksOfAPageLeadToItsHeadings() throws Exception {
        Path reports = sample(Lab.GUEST, measurement -> true);

        assertThat(render(reports)).isZero();

        Document html = parse(Files.readString(reports.resolve("report.html")));
        assertThat(elements(html, "a").stream().map(link -> link.getAttribute("href")))
                .containsExactlyElementsOf(elements(html, "h2").stream()
                        .map(heading -> "#" + heading.getAttribute("id"))
                        .toList());
    }

    @Test
    void namesFromFilesAreTextOnThePages() throws Exception {
        Path reports = sample(Lab.GUEST, of("c"));

        assertThat(render(reports)).isZero();

        assertThat(Files.readString(reports.resolve("report.md"))).contains("- machine: a &lt;model> &amp; \\| co.\n");
        assertThat(elements(parse(Files.readString(reports.resolve("report.html"))), "td").stream()
                        .map(Element::getTextContent))
                .contains("a <model> & | co.");
    }

    @Test
    void cellsThatFailedAreNamedOnTopAndByTheExitCode() throws Exception {
        Path reports = sample(
                Lab.GUEST,
                measurement -> !measurement.table().equals("c")
                        || !measurement.column().equals("copying")
                        || measurement.row().equals("4K"));
        Measurements.write(
                reports.resolve("raw/failed.json"),
                List.of(new Measurement("c", "8K", "copying", 1, 0, new Outcome.Failure("gone | <away>"), "")));

        assertThat(render(reports)).isEqualTo(3);

        assertThat(errors().lines())
                .startsWith("render: lab guest, table c, row 8K, column copying: run 1 failed: gone | <away>")
                .hasSize(6);
        assertThat(Files.readString(reports.resolve("report.md")))
                .containsSubsequence(
                        "**Failed or missing (6):**",
                        "- table c, row 8K, column copying: run 1 failed: gone \\| &lt;away>",
                        "- table c, row 8M, column copying: not measured",
                        "## Table a",
                        "| 8K |",
                        "| failed |",
                        "| missing |");
        assertThat(parse(Files.readString(reports.resolve("report.html")))
                        .getDocumentElement()
                        .getTextContent())
                .contains("run 1 failed: gone | <away>");
    }

    @Test
    void rowsThatWereLeftOutAreShownAsSuch() throws Exception {
        Path reports = sample(Lab.DEVICE, measurement -> !measurement.row().endsWith("write"));
        Files.writeString(
                reports.resolve("environment.json"),
                "{\"lab\": \"device\", \"leftOut\": [\"d randwrite\", \"d write\"]}");

        assertThat(render(reports)).as(errors()).isZero();

        assertThat(Files.readString(reports.resolve("report.md"))).contains("| randwrite | left out | – | left out |");
    }

    @Test
    void quickRunsAreCalledQuick() throws Exception {
        Path reports = sample(Lab.EMULATED, of("a"));
        Files.writeString(reports.resolve("environment.json"), "{\"lab\": \"emulated\", \"mode\": \"quick\"}");

        assertThat(render(reports)).isZero();

        assertThat(Files.readString(reports.resolve("report.md")))
                .contains("These runs were quick ones")
                .contains("scripts/reproduce --quick --lab emulated a\n");
    }

    @Test
    void columnsThatTheLabDoesNotHaveAreDashesWithTheReason() throws Exception {
        Path reports = sample(Lab.EMULATED, of("a"));

        assertThat(render(reports)).isZero();

        assertThat(Files.readString(reports.resolve("report.md")))
                .contains("(– here: the kernel's driver cannot reach a controller in a process)")
                .contains("| BS | kernel | direct | idle % |")
                .contains("| 4K | – | ");
    }

    @Test
    void theArticlesFiguresAndRatiosAreBesideOurs() throws Exception {
        Path reports = sample(Lab.GUEST, of("a"));

        assertThat(render(reports)).isZero();

        assertThat(Files.readString(reports.resolve("report.md")))
                .contains(
                        "| BS | copying / direct | in the article | mediated / direct | in the article | mediated NIO / direct |")
                .containsPattern("\\| 4K \\| [^|]* \\| 0\\.66 \\| [^|]* \\| 0\\.78 \\| [^|]* \\|\n")
                .contains("Another machine")
                .contains("| 4K | 115.0 | 100.0 (49.95) | 66.0 (49.37) | 78.3 (58.94) |\n");
    }

    @Test
    void aTableOfWhichNothingWasMeasuredHasNoChart() throws Exception {
        Path reports = sample(Lab.EMULATED, measurement -> false);
        Files.writeString(reports.resolve("environment.json"), "{\"lab\": \"emulated\", \"tables\": [\"g\"]}");

        assertThat(render(reports)).isEqualTo(3);

        assertThat(Files.readString(reports.resolve("report.md")))
                .contains("| session | missing |")
                .doesNotContain("![");
    }

    @Test
    void theDocsHaveAllLabsAndTheirPictures() throws Exception {
        Path docs = directory.resolve("docs/measurements.md");

        assertThat(render("--docs", docs, sample(Lab.GUEST, measurement -> true), sample(Lab.EMULATED, of("c"))))
                .isZero();

        String text = Files.readString(docs);
        assertThat(text)
                .containsSubsequence(
                        "## Lab guest",
                        "### Table a",
                        "](charts/guest-a.svg)",
                        "scripts/reproduce a\n",
                        "## Lab emulated",
                        "Not asked for: table a, table b, table d, table f, table g.",
                        "### Table c",
                        "](charts/emulated-c.svg)",
                        "scripts/reproduce --lab emulated c\n");
        assertThat(docs.resolveSibling("charts")).isDirectoryContaining("glob:**/emulated-c.svg");
        parse(Files.readString(docs.resolveSibling("charts/guest-d.svg")));
    }

    @Test
    void figuresOfTwoDirectoriesOfOneLabAreNotMixed() throws Exception {
        Path reports = sample(Lab.GUEST, of("c"));

        assertThat(render(reports, reports)).isEqualTo(1);

        assertThat(errors()).contains("its lab, guest, is also that of another directory");
    }

    @Test
    void whatIsWrongIsTold() throws Exception {
        assertThat(render()).isEqualTo(2);
        assertThat(render("--docs")).isEqualTo(2);
        assertThat(render("--pdf", directory)).isEqualTo(2);
        assertThat(errors())
                .contains("DIRECTORY is missing", "--docs needs a FILE", "no option is called --pdf", "usage: ");
        assertThat(render("--help")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("usage: ");

        assertThat(render(directory)).isEqualTo(1);
        assertThat(errors()).contains("environment.json: is not there");
    }
}
