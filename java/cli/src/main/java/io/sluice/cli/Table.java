package io.sluice.cli;

import java.util.List;

/** Text in aligned columns, two spaces apart unless told otherwise. Each line can be printed as soon as its cells are known. */
final class Table {
    private static final int GAP = 2;

    private final int gap;
    /** A column: its title, its width, and the side that its cells lean to. */
    record Column(String title, int width, boolean rightAligned) {
        static Column left(String title, int width) {
            return new Column(title, Math.max(width, title.length()), false);
        }

        static Column right(String title, int width) {
            return new Column(title, Math.max(width, title.length()), true);
        }
    }

    private final List<Column> columns;

    Table(List<Column> columns) {
        this(GAP, columns);
    }

    /** Columns so many spaces apart. */
    Table(int gap, List<Column> columns) {
        this.gap = gap;
        this.columns = List.copyOf(columns);
    }

    /** All of a table whose cells are known already: each column as wide as its widest cell. */
    static String of(List<Column> columns, List<List<String>> rows) {
        int[] widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = columns.get(i).width();
            for (List<String> row : rows) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        append(text, GAP, columns, widths, titles(columns));
        for (List<String> row : rows) {
            append(text, GAP, columns, widths, row);
        }
        return text.toString();
    }

    String header() {
        return row(titles(columns));
    }

    String row(List<String> cells) {
        StringBuilder text = new StringBuilder();
        append(text, gap, columns, columns.stream().mapToInt(Column::width).toArray(), cells);
        return text.toString();
    }

    private static List<String> titles(List<Column> columns) {
        return columns.stream().map(Column::title).toList();
    }

    private static void append(StringBuilder text, int gap, List<Column> columns, int[] widths, List<String> cells) {
        int lineStart = text.length();
        for (int i = 0; i < cells.size(); i++) {
            String cell = cells.get(i);
            int padding = widths[i] - cell.length();
            if (i > 0) {
                spaces(text, gap);
            }
            if (columns.get(i).rightAligned()) {
                spaces(text, padding);
            }
            text.append(cell);
            if (!columns.get(i).rightAligned()) {
                spaces(text, padding);
            }
        }
        int end = text.length();
        while (end > lineStart && text.charAt(end - 1) == ' ') {
            end--;
        }
        text.setLength(end);
        text.append('\n');
    }

    private static void spaces(StringBuilder text, int count) {
        for (int i = 0; i < count; i++) {
            text.append(' ');
        }
    }
}
