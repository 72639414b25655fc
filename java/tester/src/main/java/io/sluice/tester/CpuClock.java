package io.sluice.tester;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the processors and this process had done at one moment, from {@code /proc} (proc(5)): cheaper to start with than JMX. Threads of emulated controllers are not counted
 * to the process: they are the device, which happens to live in it.
 */
public final class CpuClock {
    /** Ticks of {@code /proc} are of 10 ms on every Linux that Java runs on (USER_HZ). */
    private static final long NANOS_PER_TICK = 10_000_000;

    /** How the kernel has the names of their threads: as much as fits. */
    private static final String EMULATOR = "sluice-emulator";

    private final long processTicks;
    private final long[] idle;
    private final long[] total;

    private CpuClock(long processTicks, long[] idle, long[] total) {
        this.processTicks = processTicks;
        this.idle = idle;
        this.total = total;
    }

    /** At this moment. */
    public static CpuClock now() throws IOException {
        List<String> devices = new ArrayList<>();
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path thread : threads) {
                try {
                    String threadStat = read(thread.resolve("stat").toString());
                    if (threadStat.contains("(" + EMULATOR + ")")) {
                        devices.add(threadStat);
                    }
                } catch (IOException ended) {
                    // It had ended before it was its turn.
                }
            }
        }
        return parse(read("/proc/self/stat"), read("/proc/stat"), devices);
    }

    /**
     * Reads.
     *
     * @param selfStat of the process
     * @param stat of all processors
     * @param devices of the threads that are not to count
     */
    static CpuClock parse(String selfStat, String stat, List<String> devices) {
        List<long[]> cores = new ArrayList<>();
        for (String line : stat.split("\n")) {
            if (line.startsWith("cpu") && line.charAt(3) != ' ') {
                cores.add(core(line.split(" ")));
            }
        }
        return new CpuClock(
                ticks(selfStat) - devices.stream().mapToLong(CpuClock::ticks).sum(),
                cores.stream().mapToLong(core -> core[0]).toArray(),
                cores.stream().mapToLong(core -> core[1]).toArray());
    }

    /** CPU time of this process since an earlier moment, all threads, nanoseconds, in steps of 10 ms. */
    public long processNanosSince(CpuClock earlier) {
        return (processTicks - earlier.processTicks) * NANOS_PER_TICK;
    }

    /** Idle share of each core since an earlier moment, 0 to 100; empty when cores came or went. */
    public List<Double> idlePercentSince(CpuClock earlier) {
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

    /** How long all cores together were not idle since an earlier moment, nanoseconds, in steps of 10 ms; 0 when cores came or went. */
    public long busyNanosSince(CpuClock earlier) {
        long ticks = 0;
        for (int i = 0; i < idle.length && idle.length == earlier.idle.length; i++) {
            ticks += total[i] - earlier.total[i] - (idle[i] - earlier.idle[i]);
        }
        return ticks * NANOS_PER_TICK;
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
    private static long ticks(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    private static String read(String file) throws IOException {
        return new String(Files.readAllBytes(Path.of(file)), StandardCharsets.US_ASCII);
    }
}
