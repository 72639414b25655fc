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
        // Before the first class of AWT is loaded: there may be a display, and nothing for it.
        System.setProperty("java.awt.headless", "true");
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
            return render(directories, docs, out, err);
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

    private static int render(List<Path> directories, @Nullable Path docs, PrintStream out, PrintStream err)
            throws IOException {
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
            write(directory, Pages.report(report), out);
        }
        if (docs != null) {
            document(docs, Pages.measurements(reports), out);
        }
        boolean whole = true;
        for (LabReport report : reports) {
            for (String problem : report.problems()) {
                err.println("render: lab " + report.environment().lab().id() + ", " + problem);
                whole = false;
            }
        }
        return whole ? 0 : 3;
    }

    private static void write(Path directory, List<Block> page, PrintStream out) throws IOException {
        ChartFiles charts = new ChartFiles(directory.resolve("charts"));
        for (Block.Picture picture : pictures(page)) {
            charts.svg(picture);
            charts.png(picture);
        }
        text(directory.resolve("report.md"), MarkdownPage.write(page, "charts"), out);
        text(directory.resolve("report.html"), HtmlPage.write(page), out);
    }

    private static void document(Path docs, List<Block> page, PrintStream out) throws IOException {
        Path parent = docs.toAbsolutePath().normalize().getParent();
        if (parent == null) {
            throw new ReportException(docs + " is a directory: --docs needs a file");
        }
        ChartFiles charts = new ChartFiles(parent.resolve("charts"));
        for (Block.Picture picture : pictures(page)) {
            charts.svg(picture);
        }
        text(docs, MarkdownPage.write(page, "charts"), out);
    }

    private static void text(Path file, String text, PrintStream out) throws IOException {
        Files.writeString(file, text);
        out.println(file);
    }

    private static List<Block.Picture> pictures(List<Block> page) {
        return page.stream()
                .filter(Block.Picture.class::isInstance)
                .map(Block.Picture.class::cast)
                .toList();
    }
}
