package io.sluice.cli;

import io.sluice.block.statistics.StatisticsDirectory;
import io.sluice.block.statistics.StatisticsPublisher;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Set;

/** Publishes what the sessions of a command do, latencies included, for {@code sluice top}: of commands that run for long, unless the user does not want it. */
final class Publishing {
    private static final Set<String> LONG = Set.of("dd", "bench", "emulate");
    private static final String SWITCH = "SLUICE_STATISTICS";

    private Publishing() {}

    /** Whether the user wants it. */
    static boolean isWanted() {
        return !"off".equals(System.getenv(SWITCH));
    }

    static Closeable of(String[] args, PrintStream err) throws IOException {
        if (args.length == 0 || !LONG.contains(args[0]) || !isWanted()) {
            return () -> {};
        }
        return StatisticsPublisher.start(
                StatisticsDirectory.ofUser(System.getenv("XDG_RUNTIME_DIR")),
                "sluice " + String.join(" ", args),
                failure -> {
                    err.print("sluice: sluice top will not see this: " + failure.getMessage() + " (" + SWITCH
                            + "=off does without)\n");
                    err.flush();
                });
    }
}
