package io.sluice.cli;

import io.sluice.block.statistics.ProcessStatistics;
import io.sluice.block.statistics.StatisticsDirectory;
import io.sluice.pci.PciAddress;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "top",
        description = {
            "Show what the sessions of running programs do: IOPS, throughput, depth and latency.",
            "",
            "Reads what programs publish, and does not disturb them: sluice's own bench, dd and emulate do so unless SLUICE_STATISTICS=off"
                    + " is in their environment, other programs when they call StatisticsPublisher. On a terminal the table is drawn again and"
                    + " again; q ends it."
        },
        footer = {
            "",
            "Examples:",
            "  sluice top",
            "  sluice top 03:00.0 --interval 0.5",
            "  sluice top --count 1 | sort -rnk6",
            "  sluice top --json | jq '.sessions[].operations[].iops'",
            "",
            "Columns: blocks is the window, rw or ro; depth is the mean of operations in flight, of as many as there can be; latencies run"
                    + " from the commit that told the device of an operation to the poll that found it done, within 1 percent; failed"
                    + " counts since the session was opened, everything else is of the interval; MB = 10^6 bytes, us = microseconds.",
            "Exit status: 0 done, 1 failed, 2 wrong usage."
        })
final class TopCommand implements Callable<Integer> {
    private static final long KEY_MILLIS = 50;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Environment environment;
    private final Set<Path> told = new HashSet<>();

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..*",
            paramLabel = "DEVICE",
            description = "show sessions of these devices, named as in the table, or without what follows a /, alone")
    private List<String> devices = List.of();

    @Option(
            names = "--interval",
            paramLabel = "S",
            defaultValue = "1",
            description = "seconds between two looks, 0.1 to 3600 (default: ${DEFAULT-VALUE})")
    private double interval;

    @Option(names = "--count", paramLabel = "N", description = "end after N tables (default: go on)")
    private @Nullable Integer count;

    @Option(names = "--json", description = "write a JSON object on a line for each interval")
    private boolean json;

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "where programs publish (default: sluice in XDG_RUNTIME_DIR, and /dev/shm/sluice-UID)")
    private @Nullable Path directory;

    TopCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException {
        check(interval >= 0.1 && interval <= 3600, "--interval: expected 0.1 to 3600 seconds");
        check(count == null || count >= 1, "--count: expected 1 or more");
        boolean draws = !json && environment.out() instanceof FileOutputStream && Terminal.isAt(1);
        if (draws) {
            try (Terminal terminal = Terminal.open(environment.in(), environment.out())) {
                watch(terminal);
            }
        } else {
            watch(null);
        }
        return 0;
    }

    private void watch(@Nullable Terminal terminal) throws IOException {
        List<ProcessStatistics> earlier = read();
        int left = count == null ? Integer.MAX_VALUE : count;
        if (terminal != null) {
            terminal.draw(title(earlier) + "\n");
        }
        while (left > 0 && sleep(terminal)) {
            List<ProcessStatistics> later = read();
            show(later, SessionActivity.between(earlier, later), terminal);
            earlier = later;
            left -= count == null ? 0 : 1;
        }
    }

    private void show(List<ProcessStatistics> read, List<SessionActivity> all, @Nullable Terminal terminal)
            throws IOException {
        List<SessionActivity> activities = all.stream()
                .filter(activity -> isWanted(activity.session().device()))
                .toList();
        if (json) {
            environment.print(TopReport.json(Instant.now(), activities));
        } else if (terminal != null) {
            terminal.draw(title(read) + "\n\n" + TopReport.text(activities));
        } else {
            environment.print(TopReport.text(activities) + (count != null && count == 1 ? "" : "\n"));
        }
    }

    private String title(List<ProcessStatistics> read) {
        int sessions =
                read.stream().mapToInt(process -> process.sessions().size()).sum();
        return "sluice top: " + count(read.size(), "process", "processes") + ", "
                + count(sessions, "session", "sessions")
                + ", every " + Decimals.fixed(interval, 1) + " s; q ends"
                + (devices.isEmpty() ? "" : "; only " + String.join(", ", devices));
    }

    private static String count(int number, String one, String many) {
        return number + " " + (number == 1 ? one : many);
    }

    private boolean isWanted(String device) {
        return devices.isEmpty()
                || devices.stream()
                        .map(TopCommand::inTables)
                        .anyMatch(name -> device.equals(name) || device.startsWith(name + "/"));
    }

    /** A device as tables name it. */
    private static String inTables(String name) {
        if (name.startsWith("file:")) {
            return name.substring("file:".length());
        }
        int slash = name.indexOf('/');
        String address = slash < 0 ? name : name.substring(0, slash);
        return PciAddress.parse(address)
                .map(a -> a + name.substring(address.length()))
                .orElse(name);
    }

    private List<ProcessStatistics> read() throws IOException {
        List<StatisticsDirectory> directories = directory == null
                ? StatisticsDirectory.all(System.getenv("XDG_RUNTIME_DIR"))
                : List.of(StatisticsDirectory.at(directory));
        List<ProcessStatistics> processes = new ArrayList<>();
        for (StatisticsDirectory there : directories) {
            processes.addAll(there.read(this::tell));
        }
        return processes;
    }

    private void tell(Path file, IOException why) {
        if (told.add(file)) {
            environment.err().print("sluice: " + file + ": no statistics to read: " + why.getMessage() + "\n");
            environment.err().flush();
        }
    }

    /** Returns whether to go on. */
    private boolean sleep(@Nullable Terminal terminal) throws IOException {
        long end = System.nanoTime() + (long) (interval * 1e9);
        try {
            for (long left = millisUntil(end); left > 0; left = millisUntil(end)) {
                Thread.sleep(terminal == null ? left : Math.min(left, KEY_MILLIS));
                Character key = terminal == null ? null : terminal.key();
                if (key != null && (key == 'q' || key == 'Q')) {
                    return false;
                }
            }
            return true;
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static long millisUntil(long end) {
        return (end - System.nanoTime() + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI;
    }

    private void check(boolean right, String message) {
        if (!right) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
