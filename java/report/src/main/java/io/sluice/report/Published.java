package io.sluice.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A table of the article whose tables these continue: Josef Söntgen, "Disk I/O optimization with focus on VBox6 - part 1", Stories around the Genode
 * Operating System. Another machine, another operating system: what compares is the ratio of two of its columns.
 *
 * @param table ours, beside which it stands
 * @param unit of its values
 * @param note what a reader has to know of it, a sentence or two
 * @param idle what the percentages behind the values are
 * @param columns from the left
 */
record Published(String table, String unit, String note, String idle, List<Column> columns) {
    /**
     * A column of it.
     *
     * @param label what it is
     * @param like the column of ours that does the same, empty when there is none
     * @param cells by row
     */
    record Column(String label, String like, Map<String, Cell> cells) {}

    /**
     * A cell of it.
     *
     * @param figure in the table's unit, as the article gives it
     * @param idle percentages as the article gives them; empty when it gives none
     */
    record Cell(String figure, String idle) {
        double value() {
            return Double.parseDouble(figure);
        }
    }

    /** Stands in two tables. */
    private static final Column LINUX_DD = column("Linux", "kernel", """
            4K 115.0
            8K 156.0
            32K 414.0
            128K 1000.0
            512K 2100.0
            2M 2800.0
            8M 3000.0""");

    /** As does this: with the job API and 4 MiB, and so what the layers above are compared with. */
    private static final String GENODE_DD = """
            4K 100.0 49.95
            8K 160.0 57.35
            32K 608.0 42.87
            128K 1400.0 60.03
            512K 2100.0 76.69
            2M 2300.0 68.67
            8M 2400.0 70.47""";

    private static final List<Published> ALL = List.of(
            new Published(
                    "a",
                    "MB/s",
                    "dd reading the partition of an NVMe drive: Ubuntu 24.04, and Genode 25.05 with the renovated VFS block plugin.",
                    "idle % of core 0",
                    List.of(
                            LINUX_DD,
                            column("Genode, direct", "direct", GENODE_DD),
                            column("Genode, copying", "copying", """
                                    4K 66.0 49.37
                                    8K 103.0 59.43
                                    32K 306.0 52.96
                                    128K 797.0 67.82
                                    512K 1500.0 69.60
                                    2M 2000.0 69.00
                                    8M 1800.0 63.19"""),
                            column("Genode, mediating", "mediated", """
                                    4K 78.3 58.94
                                    8K 118.0 68.02
                                    32K 341.0 62.31
                                    128K 875.0 82.13
                                    512K 1700.0 73.29
                                    2M 2200.0 71.82
                                    8M 2300.0 81.22"""))),
            new Published(
                    "b",
                    "MB/s",
                    "dd on Genode 25.05 through the VFS block plugin: the buffer of 128 KiB, that of 4 MiB, and 4 MiB with the job API. "
                            + "The article calls the second's 8M figure suspicious.",
                    "idle % of core 0",
                    List.of(
                            LINUX_DD,
                            column("Genode, 128 KiB", "serial-128K", """
                                    4K 105.0 47.17
                                    8K 167.0 73.63
                                    32K 626.0 45.07
                                    128K 1000.0 59.01
                                    512K 1100.0 73.70
                                    2M 1100.0 65.92
                                    8M 1100.0 67.53"""),
                            column("Genode, 4 MiB", "serial-4M", """
                                    4K 105.0 47.72
                                    8K 166.0 73.72
                                    32K 625.0 45.08
                                    128K 1400.0 70.16
                                    512K 2100.0 77.82
                                    2M 2300.0 78.06
                                    8M 4200.0 74.87"""),
                            column("Genode, 4 MiB, job API", "", GENODE_DD))),
            new Published(
                    "c",
                    "MiB/s",
                    "Genode's block_tester. The article does not name the unit, and calls the 8M figures suspicious.",
                    "idle % of core 0",
                    List.of(
                            column("Genode, direct", "direct", """
                                    4K 90.74 47.95
                                    8K 156.31 73.65
                                    32K 593.79 44.23
                                    128K 1314.75 69.03
                                    512K 2049.36 76.97
                                    2M 2190.84 78.03
                                    8M 4447.91 64.14"""),
                            column("Genode, copying", "copying", """
                                    4K 64.92 51.36
                                    8K 100.60 60.87
                                    32K 297.92 64.36
                                    128K 770.99 74.55
                                    512K 1465.22 73.26
                                    2M 1901.22 72.26
                                    8M 1562.16 55.86"""),
                            column("Genode, mediating", "mediated", """
                                    4K 76.80 60.82
                                    8K 114.51 69.57
                                    32K 331.06 77.99
                                    128K 844.60 80.68
                                    512K 1633.60 81.15
                                    2M 2094.49 77.09
                                    8M 4300.71 62.54"""))),
            new Published(
                    "d",
                    "MB/s",
                    "fio: libaio and sync on Ubuntu 24.04; posixaio on Genode 25.05 through the renovated VFS block plugin, and sync through the old one.",
                    "idle % of cores 0 and 2",
                    List.of(
                            column("Linux, libaio", "kernel-libaio", """
                                    randread 1391.0
                                    randwrite 761.0
                                    read 1065.0
                                    write 688.0"""),
                            column("Linux, sync", "kernel-sync", """
                                    randread 64.7
                                    randwrite 282.0
                                    read 65.3
                                    write 292.0"""),
                            column("Genode, sync, copying", "", """
                                    randread 37.8 72.22, 86.24
                                    randwrite 50.2 65.84, 88.21
                                    read 54.3 60.87, 80.98
                                    write 82.5 43.88, 80.46"""),
                            column("Genode, posixaio, copying", "copying", """
                                    randread 322.0 37.07, 78.20
                                    randwrite 91.3 82.91, 93.73
                                    read 371.0 37.96, 76.30
                                    write 315.0 43.29, 79.26"""),
                            column("Genode, posixaio, mediating", "mediated", """
                                    randread 312.0 56.90, 72.56
                                    randwrite 93.9 86.58, 94.09
                                    read 426.0 45.85, 69.11
                                    write 349.0 52.02, 78.87"""))));

    /** What the article has beside a table of ours. */
    static Optional<Published> beside(Table table) {
        return ALL.stream()
                .filter(published -> published.table.equals(table.id()))
                .findFirst();
    }

    /** The ratio of two of our columns' likes in a row, where the article has both. */
    Optional<Double> ratio(String row, String column, String reference) {
        return value(row, column).flatMap(value -> value(row, reference).map(base -> value / base));
    }

    private Optional<Double> value(String row, String like) {
        return columns.stream()
                .filter(column -> column.like.equals(like))
                .flatMap(column -> Optional.ofNullable(column.cells.get(row)).stream())
                .map(Cell::value)
                .findFirst();
    }

    /** Lines of a row, a value, and what the article gives of idle cores. */
    private static Column column(String label, String like, String lines) {
        return new Column(
                label,
                like,
                lines.lines()
                        .map(line -> line.split(" ", 3))
                        .collect(Collectors.toMap(
                                words -> words[0], words -> new Cell(words[1], words.length == 3 ? words[2] : ""))));
    }
}
