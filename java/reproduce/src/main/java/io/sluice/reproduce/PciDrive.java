package io.sluice.reproduce;

import io.sluice.cli.CommandSeries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** An NVMe function, which the kernel's driver and ours have in turn. Closing leaves it with the one that had it last. */
final class PciDrive implements Drive {
    /** How long the kernel gets to find the namespaces of a controller. */
    private static final long FOUND_NANOS = 10_000_000_000L;

    private static final long LOOK_MILLIS = 5;

    private final String address;
    private final PartitionName name;
    private final CommandSeries commands;
    private final Path root;
    private boolean withUs;

    /**
     * Nothing changes hands yet.
     *
     * @param root what holds {@code sys} and {@code dev}
     */
    PciDrive(String address, int partition, CommandSeries commands, Path root) {
        this.address = address;
        this.name = new PartitionName(address, partition);
        this.commands = commands;
        this.root = root;
    }

    private Path sysfs() {
        return root.resolve("sys/bus/pci/devices").resolve(address);
    }

    /** The driver that has a function now. */
    static Optional<String> driver(Path root, String address) throws IOException {
        Path link = root.resolve("sys/bus/pci/devices").resolve(address).resolve("driver");
        return Files.exists(link) ? Optional.of(link.toRealPath().getFileName().toString()) : Optional.empty();
    }

    @Override
    public String prepare(Reach reach) throws IOException {
        if (reach == Reach.NODE) {
            if (withUs || !driver(root, address).equals(Optional.of("nvme"))) {
                giveToKernel();
            }
            String node = node();
            // The kernel, and who sees a disk appear, had the time to mount something of it.
            DriveIdentity.refuseIfUsed(address, commands);
            return node;
        }
        if (!withUs) {
            run("bind", address);
            commands.keep(address);
            withUs = true;
        }
        return name.of(reach);
    }

    private void giveToKernel() throws IOException {
        commands.release();
        withUs = false;
        run("unbind", address);
    }

    private void run(String... command) throws IOException {
        CommandSeries.Result result = commands.run(command);
        if (result.status() != 0) {
            throw new IOException("sluice " + String.join(" ", command) + ": "
                    + result.messages().strip());
        }
    }

    /** The block device of the first namespace, as soon as there is one. */
    private String node() throws IOException {
        long start = System.nanoTime();
        while (System.nanoTime() - start < FOUND_NANOS) {
            for (Path controller : list(sysfs().resolve("nvme"))) {
                for (Path namespace : list(controller)) {
                    String file = namespace.getFileName().toString();
                    if (file.matches("nvme\\d+n\\d+")
                            && Files.exists(root.resolve("dev").resolve(file))) {
                        return "/dev/" + file;
                    }
                }
            }
            pause();
        }
        throw new IOException(address + ": the kernel's driver has it, but no block device came of it within "
                + FOUND_NANOS / 1_000_000_000 + " s; the end of `dmesg` says why");
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(LOOK_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }

    private static List<Path> list(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.sorted().toList();
        }
    }

    @Override
    public void close() throws IOException {
        commands.release();
        withUs = false;
    }
}
