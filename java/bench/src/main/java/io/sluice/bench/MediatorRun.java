package io.sluice.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures {@link MediatorLayers} in a process of its own: {@code MediatorRun emulated|ADDRESS full|lab|quick}. The layers take turns within each run, in short
 * slices whose order changes, on sessions of which each was opened before the others as often, so that whatever else the machine does meets all of them. Prints a line for each row, run and layer; {@link
 * MediatorReport} reads them.
 */
final class MediatorRun {
    private static final long MILLI = 1_000_000;
    private static final int KI = 1024;

    private final boolean quick;
    private final boolean lab;
    private final MediatorLayers layers;
    private final Map<String, TransferLoop> loops = new LinkedHashMap<>();

    private MediatorRun(String how, MediatorLayers layers) {
        this.quick = how.equals("quick");
        this.lab = how.equals("lab");
        this.layers = layers;
        begin();
    }

    private void begin() {
        for (String layer : MediatorLayers.NAMES) {
            loops.put(layer, new TransferLoop(layers.session(layer)));
        }
    }

    /** Runs; see the class. */
    public static void main(String[] arguments) throws IOException {
        try (MediatorLayers layers = new MediatorLayers(arguments[0])) {
            MediatorRun run = new MediatorRun(arguments[1], layers);
            run.warmUp();
            run.run();
            if (arguments[0].equals("emulated")) {
                MediatorCosts.print(layers, run.quick);
            }
        }
    }

    private List<Integer> sizes() {
        return lab
                ? List.of(4 * KI, 128 * KI, 2048 * KI)
                : List.of(4 * KI, 8 * KI, 32 * KI, 128 * KI, 512 * KI, 2048 * KI, 8192 * KI);
    }

    private int runs() {
        return quick ? 2 : 5;
    }

    private int slices() {
        return quick ? 2 : lab ? 24 : 6;
    }

    private long sliceNanos() {
        return (quick ? 10 : lab ? 40 : 20) * MILLI;
    }

    private void warmUp() throws IOException {
        // The JVM compiles the loop while it runs; under emulation that takes seconds.
        long nanos = (quick ? 100 : lab ? 4_000 : 700) * MILLI;
        for (int round = 0; round < 2; round++) {
            for (TransferLoop loop : loops.values()) {
                long ignored = loop.run(4 * KI, true, 32, nanos);
                ignored = loop.run(4 * KI, false, 1, nanos / 2);
                ignored = loop.run(2048 * KI, true, 2, nanos / 4);
            }
        }
    }

    private void run() throws IOException {
        for (int run = 0; run < runs(); run++) {
            for (int bytes : sizes()) {
                for (boolean random : new boolean[] {false, true}) {
                    for (int depth : new int[] {1, 32}) {
                        row(run, bytes, random, depth);
                    }
                }
            }
            System.err.printf("run %d of %d%n", run + 1, runs());
        }
    }

    private void row(int run, int bytes, boolean random, int depth) throws IOException {
        Map<String, long[]> sums = new LinkedHashMap<>();
        List<String> order = new ArrayList<>(loops.keySet());
        for (int slice = 0; slice < slices(); slice++) {
            if (slice % (slices() / 2) == 0) {
                layers.reopen(slice > 0);
                begin();
            }
            for (String layer : order) {
                // Nothing hangs on a small difference of copies: the guest's time is for the other two.
                if (lab && slice % 4 != 0 && layer.equals("copying")) {
                    continue;
                }
                TransferLoop loop = loops.get(layer);
                if (loop != null) {
                    long[] sum = sums.computeIfAbsent(layer, name -> new long[3]);
                    long before = loop.done();
                    long cpu = cpuNanos();
                    sum[1] += loop.run(bytes, random, depth, sliceNanos());
                    sum[2] += cpuNanos() - cpu;
                    sum[0] += loop.done() - before;
                }
            }
            // Each comes after each other, and first, as often.
            order.add(order.remove(0));
            if (slice % order.size() == order.size() - 1) {
                Collections.reverse(order);
            }
        }
        sums.forEach((layer, sum) -> System.out.printf(
                "row %d %s %d %d %s %d %d %d%n",
                bytes, random ? "random" : "sequential", depth, run, layer, sum[0], sum[1], sum[2]));
    }

    /** Processor time of the client and of the multiplexer; not the emulated controller's, which is the device. */
    private static long cpuNanos() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long sum = threads.getCurrentThreadCpuTime();
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().startsWith("sluice multiplexer")) {
                sum += threads.getThreadCpuTime(thread.getThreadId());
            }
        }
        return sum;
    }
}
