package io.sluice.reproduce;

import io.sluice.report.Table;
import java.util.ArrayList;
import java.util.List;

/** How each table is measured. A table that is new in {@link io.sluice.report.Tables} needs a case here, and nothing else. */
final class Recipes {
    /** Of table d, as of the article's. */
    private static final int FIO_DEPTH = 64;

    private static final int CPU_DEPTH = 32;

    private Recipes() {}

    static Recipe of(Table table, String row, String column) {
        return switch (table.id()) {
            case "a" -> copy(row, column);
            case "b" -> splitting(row, column);
            case "c" -> new Recipe.Bench(reach(column), List.of("--rw", "read", "--bs", row), Figure.MEBIBYTES);
            case "d" -> fio(row, column);
            case "f" -> latency(Integer.parseInt(row), column);
            case "g" -> processor(row);
            default ->
                throw new IllegalArgumentException(
                        "table " + table.id() + " (" + table.title() + ") is defined, but not how it is measured");
        };
    }

    private static Recipe copy(String blockSize, String column) {
        return switch (column) {
            case "kernel" -> new Recipe.Copy(Reach.NODE, blockSize, List.of());
            case "nio" -> new Recipe.Copy(Reach.MEDIATED, blockSize, List.of("--engine", "vfs"));
            default -> new Recipe.Copy(reach(column), blockSize, List.of("--engine", "session"));
        };
    }

    private static Recipe splitting(String blockSize, String column) {
        if (column.equals("kernel")) {
            return new Recipe.Copy(Reach.NODE, blockSize, List.of());
        }
        String buffer = column.substring(column.indexOf('-') + 1);
        String pieces = column.startsWith("serial") ? "1" : "64";
        return new Recipe.Bench(
                Reach.DIRECT,
                List.of(
                        "--layer",
                        "jobs",
                        "--rw",
                        "read",
                        "--bs",
                        blockSize,
                        "--io-buffer",
                        buffer,
                        "--pieces",
                        pieces),
                Figure.MEGABYTES);
    }

    private static Recipe fio(String rw, String column) {
        return switch (column) {
            case "kernel-libaio", "kernel-io_uring", "kernel-sync" ->
                new Recipe.Fio(Reach.NODE, rw, column.substring("kernel-".length()), FIO_DEPTH, Figure.MEGABYTES);
            case "sync" -> new Recipe.Fio(Reach.DIRECT, rw, "sync", FIO_DEPTH, Figure.MEGABYTES);
            case "session" -> new Recipe.Fio(Reach.DIRECT, rw, "sluice", FIO_DEPTH, Figure.MEGABYTES);
            default -> new Recipe.Fio(reach(column), rw, "posixaio", FIO_DEPTH, Figure.MEGABYTES);
        };
    }

    private static Recipe latency(int depth, String column) {
        return column.equals("kernel")
                ? new Recipe.Fio(Reach.NODE, "randread", "libaio", depth, Figure.LATENCY)
                : layer(column, depth, List.of("--batch", "1"), Figure.LATENCY);
    }

    private static Recipe processor(String layer) {
        return layer(layer, CPU_DEPTH, List.of("--no-latency"), Figure.PROCESSOR);
    }

    private static Recipe layer(String layer, int depth, List<String> more, Figure figure) {
        List<String> options = new ArrayList<>(List.of("--rw", "randread", "--bs", "4k"));
        options.addAll(List.of("--iodepth", Integer.toString(depth)));
        options.addAll(more);
        Reach reach = reach(layer);
        if (reach == Reach.DIRECT && !layer.equals("session")) {
            options.addAll(List.of("--layer", layer));
        }
        return new Recipe.Bench(reach, options, figure);
    }

    private static Reach reach(String column) {
        return switch (column) {
            case "copying" -> Reach.COPYING;
            case "mediated" -> Reach.MEDIATED;
            case "direct", "session", "jobs", "aio" -> Reach.DIRECT;
            default -> throw new IllegalArgumentException("nobody knows how to measure the column " + column);
        };
    }
}
