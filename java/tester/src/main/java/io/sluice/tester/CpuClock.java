package io.sluice.tester;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the processors and this process had done at one moment, from {@code /proc} (proc(5)): cheaper to start with than JMX. */
final class CpuClock {
    /** Ticks of {@code /proc} are of 10 ms on every Linux that Java runs on (USER_HZ). */
    private static final long NANOS_PER_TICK = 10_000_000;

    private final long processTicks;
    private final long[] idle;
    private final long[] total;

    private CpuClock(long processTicks, long[] idle, long[] total) {
        this.processTicks = processTicks;
        this.idle = idle;
        this.total = total;
    }

    static CpuClock now() throws IOException {
        return parse(read("/proc/self/stat"), read("/proc/stat"));
    }

    static CpuClock parse(String selfStat, String stat) {
        List<long[]> cores = new ArrayList<>();
        for (String line : stat.split("\n")) {
            if (line.startsWith("cpu") && line.charAt(3) != ' ') {
                cores.add(core(line.split(" ")));
            }
        }
        return new CpuClock(
                processTicks(selfStat),
                cores.stream().mapToLong(core -> core[0]).toArray(),
                cores.stream().mapToLong(core -> core[1]).toArray());
    }

    /** CPU time of this process since an earlier moment, all threads, nanoseconds, in steps of 10 ms. */
    long processNanosSince(CpuClock earlier) {
        return (processTicks - earlier.processTicks) * NANOS_PER_TICK;
    }

    /** Idle share of each core since an earlier moment, 0 to 100; empty when cores came or went. */
    List<Double> idlePercentSince(CpuClock earlier) {
        if (idle.length != earlier.idle.length) {
            return List.of();
        }
        List<Double> percent = new ArrayList<>();
        for (int i = 0; i < idle.length; i++) {
            long ticks = total[i] - earlier.total[i];
            percent.add(ticks <= 0 ? 100 : Math.min(100, Math.max(0, 100.0 * (idle[i] - earlier.idle[i]) / ticks)));
        }
        return percent;
    }

    // cpuN user nice system idle iowait irq softirq steal guest guest_nice; the guests are counted in user and nice
    // already.
    private static long[] core(String[] fields) {
        long sum = 0;
        for (int i = 1; i < Math.min(9, fields.length); i++) {
            sum += Long.parseLong(fields[i]);
        }
        return new long[] {Long.parseLong(fields[4]) + Long.parseLong(fields[5]), sum};
    }

    // The name of the program, in brackets, may hold spaces: fields are counted from the last bracket. utime and stime
    // are 14 and 15.
    private static long processTicks(String selfStat) {
        String[] fields = selfStat.substring(selfStat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    private static String read(String file) throws IOException {
        return new String(Files.readAllBytes(Path.of(file)), StandardCharsets.US_ASCII);
    }
}
