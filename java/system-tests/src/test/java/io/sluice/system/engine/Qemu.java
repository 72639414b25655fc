package io.sluice.system.engine;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The QEMU that the labs have.
 *
 * @param version as it names it, such as {@code 7.2.22}
 * @param controllerProperties properties of its NVMe controller
 * @param unlimitedTransfers whether it builds a controller without a largest transfer (mdts=0)
 */
public record Qemu(String version, Set<String> controllerProperties, boolean unlimitedTransfers) {
    private static final String QEMU = "qemu-system-x86_64";
    private static final String REFUSED = "probe: refused";
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
            String version = output(QEMU, "--version").lines().findFirst().orElse("");
            return new Qemu(
                    version.replaceFirst(".*version (\\S+).*", "$1"),
                    output(QEMU, "-device", "nvme,help")
                            .lines()
                            .filter(line -> line.contains("="))
                            .map(line -> line.strip().replaceFirst("=.*", ""))
                            .collect(Collectors.toSet()),
                    // Only trying tells: later releases of a version refuse it, with a limit of their own. It succeeds
                    // either way,
                    // since a container that fails at once counts as not started.
                    !output(
                                    "sh",
                                    "-c",
                                    "echo quit | " + QEMU + " -M q35 -nodefaults -display none -S -monitor stdio"
                                            + " -device nvme,serial=probe,mdts=0 || echo " + REFUSED)
                            .contains(REFUSED));
        } catch (IOException failure) {
            throw new UncheckedIOException("QEMU could not be asked for its version", failure);
        }
    }

    /** Whether the QEMU of an engine has a device; not when there is no QEMU. */
    static boolean hasDevice(LabEngine engine, String device) {
        try {
            return output(engine, "sh", "-c", QEMU + " -device help || true").contains("\"" + device + "\"");
        } catch (IOException failure) {
            throw new UncheckedIOException("QEMU could not be asked for its devices", failure);
        }
    }

    private static String output(String... arguments) throws IOException {
        return output(LabEngines.chosen(), arguments);
    }

    private static String output(LabEngine engine, String... arguments) throws IOException {
        List<String> command = List.of(arguments);
        try (LabDirectory directory = LabDirectory.create();
                LabProcess process = engine.start(directory.path(), List.of(), command)) {
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
