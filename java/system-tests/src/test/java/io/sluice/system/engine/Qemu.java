package io.sluice.system.engine;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The QEMU that the labs have.
 *
 * @param version as it names it, such as {@code 7.2.22}
 * @param controllerProperties properties of its NVMe controller
 */
public record Qemu(String version, Set<String> controllerProperties) {
    private static final Duration ANSWER = Duration.ofSeconds(60);

    public Qemu {
        controllerProperties = Set.copyOf(controllerProperties);
    }

    /** The one that {@link LabEngines#chosen} starts; asked once. */
    public static Qemu ofLab() {
        return Asked.QEMU;
    }

    private static final class Asked {
        private static final Qemu QEMU = ask();
    }

    private static Qemu ask() {
        try {
            String version = output("--version").lines().findFirst().orElse("");
            return new Qemu(
                    version.replaceFirst(".*version (\\S+).*", "$1"),
                    output("-device", "nvme,help")
                            .lines()
                            .filter(line -> line.contains("="))
                            .map(line -> line.strip().replaceFirst("=.*", ""))
                            .collect(Collectors.toSet()));
        } catch (IOException failure) {
            throw new UncheckedIOException("QEMU could not be asked for its version", failure);
        }
    }

    private static String output(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("qemu-system-x86_64"));
        command.addAll(List.of(arguments));
        try (LabDirectory directory = LabDirectory.create();
                LabProcess process = LabEngines.chosen().start(directory.path(), List.of(), command)) {
            OptionalInt exitCode = process.await(ANSWER);
            if (exitCode.isEmpty() || exitCode.getAsInt() != 0) {
                throw new IOException(command + " failed: " + process.output());
            }
            return Files.readString(directory.path().resolve(OutputTail.FILE));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while QEMU answered");
        }
    }
}
