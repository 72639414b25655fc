package io.sluice.bench;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code bench NAME [--json FILE] [--quick] [--rows FILE]}: runs a set of benchmarks and prints its table. */
public final class Bench {
    private static final String USAGE = """
            usage: scripts/bench NAME [--json FILE] [--quick] [--lab guest]

            NAME
              driver      cost of a 4 KiB read through a session, submit to handler, beside a bare ring
              tester      cost of the tester's loop for a 4 KiB read, beside a bare session
              sessions    cost of jobs and of sharing over a session; two sessions on two threads beside one; what
                          an idle session costs and how long an interrupt takes
              emulator    random 4 KiB reads from an emulated controller in the same process, beside the copies alone
              uring       random 4 KiB reads of a file over io_uring, beside fio
              mediator    reads through a session that a mediator gave, beside a session on the same blocks and one
                          through a multiplexer that copies; what sessions cost, how limits and shares are kept
              vfs         reads through the file system plugin's channels beside the session below them, and beside
                          the JDK's own channel on the same file
              fio         sluice fio beside fio, on the same job file
              vfio-user   random 4 KiB reads from an emulated controller in another process, beside one in the same

            --json FILE   also write the figures to FILE, '-' = standard output instead of the table
            --quick       two short runs: shows that it works, not how fast it is
            --lab guest   mediator and vfs alone: on QEMU's controller through VFIO, in the lab's guest; vfs beside the
                          JDK's channel on the kernel's driver for the same drive
            """;

    private static final List<String> NAMES =
            List.of("driver", "tester", "sessions", "emulator", "uring", "fio", "mediator", "vfs", "vfio-user");

    private Bench() {}

    /** Exits with 0, 1 when a benchmark failed, 2 when the command line is wrong. */
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    private static int run(String[] arguments) {
        @Nullable String name = null;
        @Nullable String json = null;
        @Nullable String rows = null;
        boolean quick = false;
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--help", "-h" -> {
                    System.out.print(USAGE);
                    return 0;
                }
                case "--quick" -> quick = true;
                case "--json" -> json = ++i < arguments.length ? arguments[i] : "";
                // What a run in the lab's guest wrote; scripts/bench asks for it.
                case "--rows" -> rows = ++i < arguments.length ? arguments[i] : "";
                default -> {
                    if (name != null) {
                        return wrong("one NAME at a time");
                    }
                    name = arguments[i];
                }
            }
        }
        if (name == null || !NAMES.contains(name)) {
            return wrong(name == null ? "NAME is missing" : "no benchmark is called " + name);
        }
        if (json != null && json.isEmpty()) {
            return wrong("--json needs a FILE");
        }
        try {
            Report report = switch (name) {
                case "driver" -> DriverReport.measure(quick);
                case "fio" -> FioReport.measure(quick);
                case "tester" -> TesterReport.measure(quick);
                case "sessions" -> SessionsReport.measure(quick);
                case "emulator" -> EmulatorReport.measure(quick);
                case "uring" -> UringReport.measure(quick);
                case "mediator" -> rows == null ? MediatorReport.measure(quick) : MediatorReport.read(Path.of(rows));
                case "vfs" -> rows == null ? VfsReport.measure(quick) : VfsLabReport.read(Path.of(rows));
                default -> VfioUserReport.measure(quick);
            };
            if (!"-".equals(json)) {
                System.out.print(report.table());
            }
            if (json != null) {
                Figure.write(report.figures(), json.equals("-") ? null : Path.of(json));
            }
            return 0;
        } catch (Exception failure) {
            System.err.println("bench: " + failure);
            for (Throwable detail : failure.getSuppressed()) {
                System.err.println("bench: " + detail);
            }
            return 1;
        }
    }

    private static int wrong(String message) {
        System.err.println("bench: " + message);
        System.err.print(USAGE);
        return 2;
    }
}
