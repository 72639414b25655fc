package io.sluice.report;

import java.util.ArrayList;
import java.util.List;

/** What the pages say: the report of a lab, and the measurements of the day of all labs. */
final class Pages {
    private static final String QUICK =
            "These runs were quick ones: they show that everything works, and are too short to say how fast it is.";
    private static final String RATIOS =
            "Columns of a row are measured in turn, run after run. A ratio is computed for each such run, and is the median of those with the lowest and the "
                    + "highest: what slows the machine for a while slows both sides of it.";

    private Pages() {}

    /** All of one lab. */
    static List<Block> report(LabReport report) {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Heading(
                1, "Sluice, measured on " + report.environment().lab().title()));
        blocks.addAll(head(report));
        report.sheets().forEach(sheet -> blocks.addAll(new Chapter(sheet, 2).whole()));
        return blocks;
    }

    /** The measurements of the day. */
    static List<Block> measurements(List<LabReport> reports) {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Heading(1, "Measurements"));
        blocks.add(
                new Block.Paragraph(
                        "Computed from what scripts/reproduce measured. Each lab has its own tables: figures of two labs do not compare."));
        for (LabReport report : reports) {
            Lab lab = report.environment().lab();
            blocks.add(new Block.Heading(2, "Lab " + lab.id() + ": " + lab.title()));
            blocks.addAll(head(report));
            report.sheets().forEach(sheet -> blocks.addAll(new Chapter(sheet, 3).inShort()));
        }
        return blocks;
    }

    private static List<Block> head(LabReport report) {
        List<Block> blocks = new ArrayList<>();
        List<String> problems = report.problems();
        if (!problems.isEmpty()) {
            blocks.add(new Block.Problems("Failed or missing (" + problems.size() + "):", problems));
        }
        if (report.environment().quick()) {
            blocks.add(new Block.Paragraph(QUICK));
        }
        blocks.add(new Block.Facts(report.environment().facts()));
        if (!report.unmeasured().isEmpty()) {
            blocks.add(new Block.Paragraph("Not asked for: "
                    + String.join(
                            ", ",
                            report.unmeasured().stream()
                                    .map(table -> "table " + table.id())
                                    .toList()) + "."));
        }
        blocks.add(new Block.Paragraph(Numbers.legend() + " " + RATIOS));
        return blocks;
    }
}
