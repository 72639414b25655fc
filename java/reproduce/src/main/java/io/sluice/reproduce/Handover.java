package io.sluice.reproduce;

import io.sluice.cli.CommandSeries;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * A drive of this machine while it is measured: shown before that it can change hands, and given back to the driver that had it, also when the JVM is told to end. Which
 * one that was is in a file meanwhile, so that the run after one that was killed gives it back to the driver before both.
 */
final class Handover implements Closeable {
    static final String FILE = "driver";

    private static final String OURS = "vfio-pci";
    private static final int END_SECONDS = 20;

    private final String address;
    private final CommandSeries commands;
    private final Path root;
    private final Path file;
    private final String before;
    private final Thread ending = new Thread(this::giveBackAtTheEnd, "give back");

    /**
     * Nothing changes hands yet.
     *
     * @param commands to give it to another driver
     * @param root what holds {@code sys}
     * @param directory for the file
     */
    Handover(String address, CommandSeries commands, Path root, Path directory) throws IOException {
        this.address = address;
        this.commands = commands;
        this.root = root;
        this.file = directory.resolve(FILE);
        String held = address + " " + PciDrive.driver(root, address).orElse("");
        if (Files.exists(file) && Files.readString(file).startsWith(address + " ")) {
            held = Files.readString(file);
        }
        this.before = held.substring(address.length() + 1);
        Files.writeString(file, held);
        Runtime.getRuntime().addShutdownHook(ending);
    }

    /** Does once what the steps of a plan will do again and again, so that what stands in the way is told once. */
    void rehearse(Plan plan) throws IOException {
        Predicate<Step> kernels = step -> step.recipe().reach() == Reach.NODE;
        try (PciDrive drive = new PciDrive(address, 0, commands, root)) {
            if (plan.steps().stream().anyMatch(kernels)) {
                String ignored = drive.prepare(Reach.NODE);
            }
            if (plan.steps().stream().anyMatch(kernels.negate())) {
                String ignored = drive.prepare(Reach.DIRECT);
            }
        }
    }

    private synchronized void giveBack() throws IOException {
        boolean ours = PciDrive.driver(root, address).equals(Optional.of(OURS));
        if (ours != before.equals(OURS)) {
            String command = ours ? "unbind" : "bind";
            CommandSeries.Result result = commands.run(command, address);
            if (result.status() != 0) {
                throw new IOException(
                        "it was not given back to " + (before.isEmpty() ? "the kernel" : before) + ": sluice " + command
                                + " " + address + ": " + result.messages().strip());
            }
        }
        Files.deleteIfExists(file);
    }

    private void giveBackAtTheEnd() {
        try {
            // What measures is ended at the same time, and may be about to give it to the other driver.
            for (ProcessHandle child : ProcessHandle.current().children().toList()) {
                child.onExit().get(END_SECONDS, TimeUnit.SECONDS);
            }
            giveBack();
        } catch (IOException | ExecutionException | TimeoutException failure) {
            System.err.println("reproduce: " + failure.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        try {
            Runtime.getRuntime().removeShutdownHook(ending);
        } catch (IllegalStateException shuttingDown) {
            return;
        }
        giveBack();
    }
}
