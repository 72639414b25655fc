package io.sluice.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A table of a report as blocks: its figures, chart, ratios, the article's figures, and how to get it again. */
final class Chapter {
    private static final String ABSENT = "–";

    private final Sheet sheet;
    private final Table table;
    private final String unit;
    private final int level;

    /** @param level of its heading */
    Chapter(Sheet sheet, int level) {
        this.sheet = sheet;
        this.table = sheet.table();
        this.unit = Numbers.unit(table.unit());
        this.level = level;
    }

    /** Without what only those look for who doubt a figure. */
    List<Block> inShort() {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Heading(level, "Table " + table.id() + ": " + table.title()));
        blocks.add(new Block.Paragraph(introduction()));
        blocks.add(new Block.Items(legend()));
        blocks.add(figures());
        Chart.of(sheet)
                .ifPresent(chart -> blocks.add(new Block.Picture(sheet.lab().id() + "-" + table.id(), chart)));
        if (!sheet.details(Detail::isPercentile).isEmpty()) {
            blocks.add(new Block.Paragraph("Percentiles of the latency, " + unit + ", medians of the runs:"));
            blocks.add(details(sheet.details(Detail::isPercentile)));
        }
        List<Column> others = new ArrayList<>(sheet.columns());
        for (Column reference : table.references(sheet.lab())) {
            // A ratio that one table has, the next does not turn around.
            others.remove(reference);
            blocks.addAll(ratios(List.copyOf(others), reference));
        }
        Published.beside(table).ifPresent(published -> {
            blocks.add(
                    new Block.Paragraph(
                            "The article's figures, " + published.unit() + " (" + published.idle()
                                    + "). " + published.note()
                                    + " Another machine (a laptop with a KIOXIA SSD), so that its ratios compare and its figures do not."));
            blocks.add(published(published));
        });
        blocks.add(new Block.Code(commands()));
        return blocks;
    }

    /** All of it. */
    List<Block> whole() {
        List<Block> blocks = new ArrayList<>(inShort());
        List<String> others = sheet.details(name -> !Detail.isPercentile(name) && !Detail.isIdle(name));
        if (!others.isEmpty()) {
            blocks.add(new Block.Folded(
                    "Table " + table.id() + ": what else was seen, medians of the runs", List.of(others(others))));
        }
        return blocks;
    }

    private String introduction() {
        String idle = sheet.details(Detail::isIdle).isEmpty()
                ? ""
                : " Beside each: how idle " + sheet.lab().cores() + " were while it ran, in percent: "
                        + sheet.details(Detail::isIdle).stream()
                                .map(Detail::label)
                                .collect(Collectors.joining(", "))
                        + ".";
        return capitalized(table.quantity()) + ", " + unit + ", " + (table.higherIsBetter() ? "higher" : "lower")
                + " is better; measured on " + sheet.lab().title() + "." + idle;
    }

    private List<String> legend() {
        return table.columns().stream()
                .map(column -> column.label() + ": " + column.description()
                        + (isHere(column) ? "" : " (" + ABSENT + " here: " + column.absence() + ")"))
                .toList();
    }

    private Block.Grid figures() {
        boolean idle = !sheet.details(Detail::isIdle).isEmpty();
        List<String> headers = new ArrayList<>(List.of(table.axis().header()));
        for (Column column : table.columns()) {
            headers.add(column.label());
            if (idle && isHere(column)) {
                headers.add("idle %");
            }
        }
        return grid(
                headers,
                row -> table.columns().stream()
                        .flatMap(column -> idle && isHere(column)
                                ? Stream.of(figure(row, column), idle(row, column))
                                : Stream.of(figure(row, column))));
    }

    private boolean isHere(Column column) {
        return column.labs().contains(sheet.lab());
    }

    private String figure(String row, Column column) {
        if (!isHere(column)) {
            return ABSENT;
        }
        Cell cell = sheet.cell(row, column.id());
        if (cell.isMissing()) {
            return sheet.isMissing(row, column.id()) ? "missing" : "left out";
        }
        String failed = cell.failures().isEmpty() ? "" : ", " + cell.failures().size() + " failed";
        return cell.summary().map(summary -> Numbers.cell(summary) + failed).orElse("failed");
    }

    private String idle(String row, Column column) {
        return joined(sheet.cell(row, column.id()), sheet.details(Detail::isIdle), Numbers::percent);
    }

    /** Medians of some details of a cell, in their order; one dash when it has none. */
    private static String joined(Cell cell, List<String> details, DoubleFunction<String> number) {
        if (details.stream().noneMatch(detail -> cell.detail(detail).isPresent())) {
            return ABSENT;
        }
        return details.stream()
                .map(detail -> cell.detail(detail)
                        .map(summary -> number.apply(summary.median()))
                        .orElse(ABSENT))
                .collect(Collectors.joining(", "));
    }

    /** A column of the table in each column, all details of a cell in it. */
    private Block.Grid details(List<String> details) {
        String names = details.stream().map(Detail::label).collect(Collectors.joining(", "));
        return grid(
                headers(sheet.columns().stream().map(column -> column.label() + ": " + names)),
                row -> sheet.columns().stream()
                        .map(column -> joined(sheet.cell(row, column.id()), details, Numbers::value)));
    }

    private List<Block> ratios(List<Column> others, Column reference) {
        Optional<Published> published = Published.beside(table);
        List<String> headers = new ArrayList<>(List.of(table.axis().header()));
        for (Column column : others) {
            headers.add(column.label() + " / " + reference.label());
            if (inArticle(published, column, reference)) {
                headers.add("in the article");
            }
        }
        Block.Grid grid = grid(
                headers,
                row -> others.stream().flatMap(column -> {
                    String ratio = sheet.cell(row, column.id())
                            .ratioTo(sheet.cell(row, reference.id()))
                            .map(Numbers::ratioCell)
                            .orElse(ABSENT);
                    return inArticle(published, column, reference)
                            ? Stream.of(ratio, articleRatio(published, row, column, reference))
                            : Stream.of(ratio);
                }));
        return List.of(
                new Block.Paragraph("Ratios to " + reference.label()
                        + ", each run to the one of the same turn ("
                        + (table.higherIsBetter() ? "above" : "below") + " 1 is better than " + reference.label()
                        + "):"),
                grid);
    }

    private boolean inArticle(Optional<Published> published, Column column, Column reference) {
        return table.rows().stream()
                .anyMatch(row -> published
                        .flatMap(p -> p.ratio(row, column.id(), reference.id()))
                        .isPresent());
    }

    private static String articleRatio(Optional<Published> published, String row, Column column, Column reference) {
        return published
                .flatMap(p -> p.ratio(row, column.id(), reference.id()))
                .map(Numbers::ratio)
                .orElse(ABSENT);
    }

    private Block.Grid published(Published published) {
        return grid(
                headers(published.columns().stream().map(Published.Column::label)),
                row -> published.columns().stream().map(column -> {
                    Published.Cell cell = column.cells().get(row);
                    return cell.figure() + (cell.idle().isEmpty() ? "" : " (" + cell.idle() + ")");
                }));
    }

    private Block.Grid others(List<String> details) {
        List<String> headers = new ArrayList<>(List.of("cell"));
        details.forEach(detail -> headers.add(Detail.label(detail)));
        List<List<String>> lines = new ArrayList<>();
        for (String row : table.rows()) {
            for (Column column : sheet.columns()) {
                List<String> line = new ArrayList<>(List.of(row + ", " + column.label()));
                details.forEach(detail -> line.add(sheet.cell(row, column.id())
                        .detail(detail)
                        .map(summary -> Numbers.value(summary.median()))
                        .orElse(ABSENT)));
                lines.add(line);
            }
        }
        return new Block.Grid(headers, lines);
    }

    /** How to get all of it again, and what each column ran. */
    private String commands() {
        StringBuilder text = new StringBuilder(sheet.command());
        for (Column column : sheet.columns()) {
            table.rows().stream()
                    .filter(row -> !sheet.cell(row, column.id()).command().isEmpty())
                    .findFirst()
                    .ifPresent(row -> text.append("\n\n# ")
                            .append(column.label())
                            .append(", ")
                            .append(row)
                            .append(sheet.lab() == Lab.GUEST ? ", in the guest:\n" : ":\n")
                            .append(sheet.cell(row, column.id()).command()));
        }
        return text.toString();
    }

    private List<String> headers(Stream<String> others) {
        return Stream.concat(Stream.of(table.axis().header()), others).toList();
    }

    private Block.Grid grid(List<String> headers, Function<String, Stream<String>> cells) {
        return new Block.Grid(
                headers,
                table.rows().stream()
                        .map(row ->
                                Stream.concat(Stream.of(row), cells.apply(row)).toList())
                        .toList());
    }

    private static String capitalized(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }
}
