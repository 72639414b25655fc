package io.sluice.report;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code render [--docs FILE] DIRECTORY…}: shows what was measured. */
public final class Render {
    private static final String USAGE = """
            usage: render [--docs FILE] DIRECTORY…

            DIRECTORY    of one lab, with environment.json and raw/*.json; gets report.md, report.html, charts/*.svg and charts/*.png
            --docs FILE  also write FILE, Markdown with the tables of all directories, and its pictures into charts/ beside it

            Exits with 0, with 1 when files cannot be read or written, with 2 when the command line is wrong, and with 3 when all was
            written and cells have failed or are missing: the pages and the standard error name them.
            """;

    private Render() {}

    /** Exits with what the usage says. */
    public static void main(String[] arguments) {
        System.exit(run(arguments, System.out, System.err));
    }

    static int run(String[] arguments, PrintStream out, PrintStream err) {
        @Nullable Path docs = null;
        List<Path> directories = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--help", "-h" -> {
                    out.print(USAGE);
                    return 0;
                }
                case "--docs" -> {
                    if (++i == arguments.length) {
                        return wrong("--docs needs a FILE", err);
                    }
                    docs = Path.of(arguments[i]);
                }
                default -> {
                    if (arguments[i].startsWith("-")) {
                        return wrong("no option is called " + arguments[i], err);
                    }
                    directories.add(Path.of(arguments[i]));
                }
            }
        }
        if (directories.isEmpty()) {
            return wrong("DIRECTORY is missing", err);
        }
        try {
            List<String> problems = render(directories, docs);
            directories.forEach(directory -> out.println(directory.resolve("report.html")));
            problems.forEach(problem -> err.println("render: " + problem));
            return problems.isEmpty() ? 0 : 3;
        } catch (NoSuchFileException e) {
            err.println("render: " + e.getMessage() + ": is not there");
            return 1;
        } catch (IOException e) {
            err.println("render: " + (e instanceof ReportException ? e.getMessage() : e));
            return 1;
        }
    }

    private static int wrong(String message, PrintStream err) {
        err.println("render: " + message);
        err.print(USAGE);
        return 2;
    }

    /**
     * Writes the pages of labs.
     *
     * @param directories of one lab each
     * @param docs where the measurements of the day go; null for nowhere
     * @return cells that failed or are missing, a sentence each
     * @throws ReportException when a file is no report's; nothing of its directory is written then
     */
    public static List<String> render(List<Path> directories, @Nullable Path docs) throws IOException {
        // Before the first class of AWT is loaded: pictures need no display, and would ask for one that is only named.
        System.setProperty("java.awt.headless", "true");
        List<LabReport> reports = new ArrayList<>();
        for (Path directory : directories) {
            LabReport report = LabReport.read(directory);
            if (reports.stream()
                    .anyMatch(other ->
                            other.environment().lab() == report.environment().lab())) {
                throw new ReportException(directory + ": its lab, "
                        + report.environment().lab().id() + ", is also that of another directory");
            }
            reports.add(report);
        }
        for (int i = 0; i < reports.size(); i++) {
            write(directories.get(i), Pages.report(reports.get(i)));
        }
        if (docs != null) {
            document(docs, Pages.measurements(reports));
        }
        return reports.stream()
                .flatMap(report -> report.problems().stream()
                        .map(problem -> "lab " + report.environment().lab().id() + ", " + problem))
                .toList();
    }

    private static void write(Path directory, List<Block> page) throws IOException {
        ChartFiles charts = new ChartFiles(directory.resolve("charts"));
        for (Block.Picture picture : pictures(page)) {
            charts.svg(picture);
            if (rasterizes()) {
                charts.png(picture);
            }
        }
        if (!rasterizes()) {
            System.err.println(
                    "render: charts are there as SVG alone: this Java is without java.desktop, which draws PNG");
        }
        Files.writeString(directory.resolve("report.md"), MarkdownPage.write(page, "charts"));
        Files.writeString(directory.resolve("report.html"), HtmlPage.write(page));
    }

    private static void document(Path docs, List<Block> page) throws IOException {
        Path parent = docs.toAbsolutePath().normalize().getParent();
        if (parent == null) {
            throw new ReportException(docs + " is a directory: --docs needs a file");
        }
        ChartFiles charts = new ChartFiles(parent.resolve("charts"));
        for (Block.Picture picture : pictures(page)) {
            charts.svg(picture);
        }
        Files.writeString(docs, MarkdownPage.write(page, "charts"));
    }

    /** A small runtime, as jlink makes them, may lack what draws. */
    private static boolean rasterizes() {
        return ModuleLayer.boot().findModule("java.desktop").isPresent();
    }

    private static List<Block.Picture> pictures(List<Block> page) {
        return page.stream()
                .filter(Block.Picture.class::isInstance)
                .map(Block.Picture.class::cast)
                .toList();
    }
}
