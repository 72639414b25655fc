package io.sluice.bench;

import com.sun.nio.file.ExtendedOpenOption;
import io.sluice.block.BlockSession;
import io.sluice.block.SessionOptions;
import io.sluice.linux.DriverOverride;
import io.sluice.nvme.ControllerOptions;
import io.sluice.nvme.NvmeController;
import io.sluice.pci.PciAddress;
import io.sluice.pci.VfioFunction;
import io.sluice.pci.VfioOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/**
 * Reads the same blocks of one drive through the JDK's file channel on the kernel's driver, past the page cache, and through a session and a file channel of this driver, by turns: {@code
 * VfsLabRun ADDRESS NODE}. The drive goes from one driver to the other between them, in one process, so that the loops stay compiled. Prints a line for each size, turn and layer; {@link
 * VfsLabReport} reads them.
 */
final class VfsLabRun {
    private static final long MILLI = 1_000_000;
    private static final int TURNS = 10;
    private static final int SMALL = 4 << 10;
    private static final int LARGE = 2 << 20;
    private static final List<Integer> SIZES = List.of(SMALL, 128 << 10, LARGE);
    private static final long SLICE_NANOS = 100 * MILLI;
    private static final int SLICES = 4;

    /** Under emulation the JVM needs seconds to compile a loop. */
    private static final long WARM_UP_NANOS = 10_000 * MILLI;

    private static final long NODE_NANOS = 20_000 * MILLI;

    private final DriverOverride drivers = new DriverOverride(Path.of("/"));
    private final String address;
    private final Path node;

    private VfsLabRun(String address, Path node) {
        this.address = address;
        this.node = node;
    }

    /** What reads for a time, and tells how long it was in truth. */
    private interface Reading {
        long run(int bytes, boolean inRandomOrder, long nanos) throws IOException;
    }

    private interface Done {
        long count();
    }

    private record Layer(String name, Reading reading, Done done) {}

    /** Runs; see the class. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        VfsLabRun run = new VfsLabRun(arguments[0], Path.of(arguments[1]));
        for (int turn = -1; turn < TURNS; turn++) {
            run.onKernel(turn);
            run.drivers.bind(run.address, "vfio-pci");
            try {
                run.onSluice(turn);
            } finally {
                run.drivers.release(run.address);
            }
            run.awaitNode();
            System.err.println(turn < 0 ? "warm" : "turn " + (turn + 1) + " of " + TURNS);
        }
    }

    private void onKernel(int turn) throws IOException {
        try (FileChannel channel = FileChannel.open(node, StandardOpenOption.READ, ExtendedOpenOption.DIRECT)) {
            ChannelLoop loop = new ChannelLoop(channel, LARGE);
            measure(turn, List.of(new Layer("jdk", loop::run, loop::done)));
        }
    }

    private void onSluice(int turn) throws IOException {
        try (NvmeController controller = NvmeController.open(
                VfioFunction.open(PciAddress.parse(address).orElseThrow(), VfioOptions.defaults()),
                ControllerOptions.defaults())) {
            // Without interrupts, as the session beside it.
            Map<String, ?> environment = Map.of("device", controller.namespace(1), "waiting", "spin");
            try (BlockSession session = controller.namespace(1).open(SessionOptions.defaults());
                    FileSystem fileSystem = FileSystems.newFileSystem(URI.create("sluice:bench"), environment);
                    FileChannel channel = FileChannel.open(fileSystem.getPath("/disk"), StandardOpenOption.READ)) {
                TransferLoop below = new TransferLoop(session);
                ChannelLoop above = new ChannelLoop(channel, LARGE);
                measure(
                        turn,
                        List.of(
                                new Layer(
                                        "session",
                                        (bytes, random, nanos) -> below.run(bytes, random, 1, nanos),
                                        below::done),
                                new Layer("channel", above::run, above::done)));
            }
        }
    }

    /** Small reads at random places, larger ones in a row; the layers take turns in short slices. The turn before the first warms up. */
    private static void measure(int turn, List<Layer> layers) throws IOException {
        if (turn < 0) {
            for (Layer layer : layers) {
                long ignored = layer.reading.run(SMALL, true, WARM_UP_NANOS);
                ignored = layer.reading.run(LARGE, false, WARM_UP_NANOS / 5);
            }
            return;
        }
        for (int bytes : SIZES) {
            long[] reads = new long[layers.size()];
            long[] nanos = new long[layers.size()];
            for (int slice = 0; slice < SLICES; slice++) {
                for (int i = 0; i < layers.size(); i++) {
                    Layer layer = layers.get(i);
                    long before = layer.done.count();
                    nanos[i] += layer.reading.run(bytes, bytes == SMALL, SLICE_NANOS);
                    reads[i] += layer.done.count() - before;
                }
            }
            for (int i = 0; i < layers.size(); i++) {
                System.out.printf("row %d %d %s %d %d%n", bytes, turn, layers.get(i).name, reads[i], nanos[i]);
            }
        }
    }

    /** The kernel's driver takes a moment to find out what the drive is, and makes its node then. */
    private void awaitNode() throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (!Files.exists(node)) {
            if (System.nanoTime() - start > NODE_NANOS) {
                throw new IOException(node + " did not come back after the drive was given to the kernel's driver");
            }
            Thread.sleep(10);
        }
    }
}
