package io.sluice.system.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses, once for this JVM, where the labs run: by {@code -Dsluice.lab.engine=host|container|auto}; {@code auto}, the
 * default, takes a container where an engine runs and the host otherwise.
 */
public final class LabEngines {
    /** What vm-images/container/build exits with when no container engine can run here. */
    private static final int NO_ENGINE = 3;

    private static final Logger LOG = LoggerFactory.getLogger("io.sluice.lab");

    private LabEngines() {}

    /** The engine for every lab of this run. */
    public static LabEngine chosen() {
        return Chosen.ENGINE;
    }

    /**
     * The engine for labs whose QEMU is a client of vfio-user: containers of an image of its own, or this host when its own QEMU is new enough. Where
     * there is neither, the reason is the result.
     */
    public static Choice withVfioUser() {
        return ChosenWithVfioUser.CHOICE;
    }

    /**
     * An engine, or why there is none.
     *
     * @param reason empty when there is one
     */
    public record Choice(Optional<LabEngine> engine, String reason) {}

    private static final class ChosenWithVfioUser {
        private static final Choice CHOICE = chooseWithVfioUser(System.getProperty("sluice.lab.engine", "auto"));
    }

    private static Choice chooseWithVfioUser(String wanted) {
        String missing = "sluice.lab.engine=host";
        if (!wanted.equals("host")) {
            ImageBuild build = buildImage("--vfio-user");
            if (build.exitCode == 0) {
                LOG.info("The guest on a vfio-user drive runs in a container of {}", build.output);
                return new Choice(Optional.of(new ContainerEngine(build.output)), "");
            }
            if (build.exitCode != NO_ENGINE || wanted.equals("container")) {
                throw failed(build);
            }
            missing = build.errors;
        }
        HostEngine host = new HostEngine();
        return Qemu.hasDevice(host, "vfio-user-pci")
                ? new Choice(Optional.of(host), "")
                : new Choice(
                        Optional.empty(),
                        "no QEMU with vfio-user-pci (10.1 or later): this host's has none, and no container runs: "
                                + missing);
    }

    private static final class Chosen {
        private static final LabEngine ENGINE = choose(System.getProperty("sluice.lab.engine", "auto"));
    }

    private static LabEngine choose(String wanted) {
        switch (wanted) {
            case "host" -> {
                LOG.info("The labs' QEMU runs on this host: sluice.lab.engine=host");
                return new HostEngine();
            }
            case "container", "auto" -> {
                return container(wanted.equals("auto"));
            }
            default ->
                throw new IllegalArgumentException(
                        "sluice.lab.engine=" + wanted + ": expected host, container or auto");
        }
    }

    private static LabEngine container(boolean hostWillDo) {
        ImageBuild build = buildImage();
        if (build.exitCode == 0) {
            LOG.info(
                    "The labs' QEMU runs in containers of {}: sluice.lab.engine={}",
                    build.output,
                    hostWillDo ? "auto, and an engine runs" : "container");
            return new ContainerEngine(build.output);
        }
        if (build.exitCode == NO_ENGINE && hostWillDo) {
            LOG.info("The labs' QEMU runs on this host: {}", build.errors);
            return new HostEngine();
        }
        throw failed(build);
    }

    private static IllegalStateException failed(ImageBuild build) {
        return new IllegalStateException("vm-images/container/build failed with exit code " + build.exitCode + ": "
                + build.errors + "; -Dsluice.lab.engine=host does without containers");
    }

    private static ImageBuild buildImage(String... options) {
        Path script = Repository.root().resolve("vm-images/container/build");
        try {
            Path errors = Files.createTempFile("sluice-container-build", ".log");
            try {
                List<String> command = new ArrayList<>(List.of(script.toString()));
                command.addAll(List.of(options));
                Process process = new ProcessBuilder(command)
                        .redirectError(errors.toFile())
                        .start();
                String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
                int exitCode = process.waitFor();
                return new ImageBuild(exitCode, output, Files.readString(errors).strip());
            } finally {
                Files.delete(errors);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(script + " could not be run", failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the container image was built", interrupted);
        }
    }

    private record ImageBuild(int exitCode, String output, String errors) {}
}
