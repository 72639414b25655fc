package io.sluice.system.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
        throw new IllegalStateException("vm-images/container/build failed with exit code " + build.exitCode + ": "
                + build.errors + "; -Dsluice.lab.engine=host does without containers");
    }

    private static ImageBuild buildImage() {
        Path script = Repository.root().resolve("vm-images/container/build");
        try {
            Path errors = Files.createTempFile("sluice-container-build", ".log");
            try {
                Process process = new ProcessBuilder(script.toString())
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
