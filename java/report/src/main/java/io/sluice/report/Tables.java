package io.sluice.report;

import java.util.List;
import java.util.Optional;

/** All tables that there are. A new one is one more definition here. */
public final class Tables {
    private static final List<String> BLOCK_SIZES = List.of("4K", "8K", "32K", "128K", "512K", "2M", "8M");

    private static final Column KERNEL =
            Column.kernel("kernel", "kernel", "dd iflag=direct on the node of the kernel's NVMe driver", Ink.BLACK);
    private static final Column COPYING = Column.of(
            "copying",
            "copying",
            "a partition, or the namespace as one, through the multiplexer that copies",
            Ink.ORANGE);
    private static final Column MEDIATED = Column.of(
            "mediated",
            "mediated",
            "a partition, or the namespace as one, through a session that the mediator gave",
            Ink.GREEN);

    private static final Table DD = new Table(
            "a",
            "a",
            "dd by block size",
            "MB/s",
            "throughput of reads",
            true,
            Axis.BLOCK_SIZE,
            BLOCK_SIZES,
            List.of(
                    KERNEL,
                    Column.of("direct", "direct", "sluice dd --engine session on the namespace", Ink.BLUE),
                    COPYING,
                    MEDIATED,
                    Column.of("nio", "mediated NIO", "a channel of java.nio over the mediator's session", Ink.PURPLE)),
            List.of("kernel", "direct"));

    private static final Table SPLITTING = new Table(
            "b",
            "b",
            "I/O buffer and job splitting",
            "MB/s",
            "throughput of reads",
            true,
            Axis.BLOCK_SIZE,
            BLOCK_SIZES,
            List.of(
                    KERNEL,
                    Column.of(
                            "serial-128K",
                            "serial 128K",
                            "an I/O buffer of 128 KiB, a job's pieces one by one",
                            Ink.YELLOW),
                    Column.of(
                            "parallel-128K",
                            "parallel 128K",
                            "an I/O buffer of 128 KiB, a job's pieces together",
                            Ink.ORANGE),
                    Column.of(
                            "serial-4M", "serial 4M", "an I/O buffer of 4 MiB, a job's pieces one by one", Ink.PURPLE),
                    Column.of(
                            "parallel-4M", "parallel 4M", "an I/O buffer of 4 MiB, a job's pieces together", Ink.BLUE)),
            List.of("kernel", "serial-128K"));

    private static final Table TESTER = new Table(
            "c",
            "c",
            "block tester by block size",
            "MiB/s",
            "throughput of reads",
            true,
            Axis.BLOCK_SIZE,
            BLOCK_SIZES,
            List.of(Column.of("direct", "direct", "a session on the namespace", Ink.BLUE), COPYING, MEDIATED),
            List.of("direct"));

    private static final Table FIO = new Table(
            "d",
            "d",
            "fio, 4 KiB, depth 64",
            "MB/s",
            "throughput",
            true,
            Axis.TEST,
            List.of("randread", "randwrite", "read", "write"),
            List.of(
                    Column.kernel("kernel-libaio", "kernel libaio", "fio's libaio on the kernel's driver", Ink.BLACK),
                    Column.kernel(
                            "kernel-io_uring", "kernel io_uring", "fio's io_uring on the kernel's driver", Ink.GREY),
                    Column.kernel(
                            "kernel-sync",
                            "kernel sync",
                            "fio's sync on the kernel's driver, which has one in flight",
                            Ink.SILVER),
                    Column.of("sync", "sync", "a channel of java.nio, which has one in flight", Ink.YELLOW),
                    Column.of("aio", "AIO", "an asynchronous channel of java.nio", Ink.PURPLE),
                    Column.of("session", "session", "a session on the namespace", Ink.BLUE),
                    Column.of(
                            "copying",
                            "copying AIO",
                            "an asynchronous channel over the multiplexer that copies",
                            Ink.ORANGE),
                    Column.of("mediated", "mediated AIO", "an asynchronous channel over the mediator", Ink.GREEN)),
            List.of("kernel-libaio", "session"));

    private static final Table LATENCY = new Table(
            "f",
            "f",
            "latency by depth and layer",
            "us",
            "mean latency of 4 KiB random reads",
            false,
            Axis.DEPTH,
            List.of("1", "2", "4", "8", "16", "32", "64", "128"),
            List.of(
                    Column.kernel("kernel", "kernel", "fio's libaio on the kernel's driver", Ink.BLACK),
                    Column.of("session", "session", "a session on the namespace", Ink.BLUE),
                    Column.of("jobs", "jobs", "jobs over a session", Ink.YELLOW),
                    Column.of("aio", "AIO", "an asynchronous channel of java.nio", Ink.PURPLE),
                    COPYING,
                    MEDIATED),
            List.of("kernel", "session"));

    private static final Table CPU = new Table(
            "g",
            "f",
            "CPU by layer",
            "ns",
            "processor time for a 4 KiB random read at depth 32",
            false,
            Axis.LAYER,
            List.of("session", "jobs", "aio", "copying", "mediated"),
            List.of(Column.of("4K", "4K", "processor time of the process for an I/O", Ink.BLUE)),
            List.of());

    private static final List<Table> ALL = List.of(DD, SPLITTING, TESTER, FIO, LATENCY, CPU);

    private Tables() {}

    /** In the order in which they are shown. */
    public static List<Table> all() {
        return ALL;
    }

    /** The table of an id. */
    public static Optional<Table> of(String id) {
        return ALL.stream().filter(table -> table.id().equals(id)).findFirst();
    }

    /** What a run measures when asked for a name; empty when there is no such name. */
    public static List<Table> selected(String selection) {
        return ALL.stream().filter(table -> table.selection().equals(selection)).toList();
    }
}
