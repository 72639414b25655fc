package io.sluice.tester;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a thread had of the processors, from {@code /proc/thread-self} (proc(5)).
 *
 * @param userNanos in its own code, nanoseconds in steps of 10 ms
 * @param systemNanos in the kernel, nanoseconds in steps of 10 ms
 * @param switches how often it gave a processor up or lost it
 * @param minorFaults faults of memory that needed no device
 * @param majorFaults faults of memory that did
 */
public record ThreadCpu(long userNanos, long systemNanos, long switches, long minorFaults, long majorFaults) {
    private static final long NANOS_PER_TICK = 10_000_000;

    /** Of the calling thread, since it was started. */
    static ThreadCpu now() throws IOException {
        return parse(read("/proc/thread-self/stat"), read("/proc/thread-self/status"));
    }

    // The name, in brackets, may hold spaces: fields are counted from the last bracket. minflt is 10, majflt 12, utime
    // and
    // stime 14 and 15.
    static ThreadCpu parse(String stat, String status) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        long switches = 0;
        for (String line : status.split("\n")) {
            if (line.contains("voluntary_ctxt_switches:")) {
                switches += Long.parseLong(line.substring(line.indexOf(':') + 1).strip());
            }
        }
        return new ThreadCpu(
                Long.parseLong(fields[11]) * NANOS_PER_TICK,
                Long.parseLong(fields[12]) * NANOS_PER_TICK,
                switches,
                Long.parseLong(fields[7]),
                Long.parseLong(fields[9]));
    }

    ThreadCpu since(ThreadCpu earlier) {
        return new ThreadCpu(
                userNanos - earlier.userNanos,
                systemNanos - earlier.systemNanos,
                switches - earlier.switches,
                minorFaults - earlier.minorFaults,
                majorFaults - earlier.majorFaults);
    }

    private static String read(String file) throws IOException {
        return new String(Files.readAllBytes(Path.of(file)), StandardCharsets.US_ASCII);
    }
}
