package io.sluice.system.guest;

import io.sluice.system.engine.Repository;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What vm-images/guest/build and payload make, by running them on this machine. */
final class GuestImage {
    private static final Path SCRIPTS = Repository.root().resolve("vm-images/guest");

    private GuestImage() {}

    /**
     * The image whose Java runtime is that of a JDK; built when it is not in the cache. Its kernel is the distribution's, or that of the
     * package that {@code -Dsluice.lab.kernel} names: one with iommufd, say.
     */
    static Path withJava(Path home) throws IOException {
        List<String> build = new ArrayList<>(List.of(SCRIPTS.resolve("build").toString(), "--jdk", home.toString()));
        String kernel = System.getProperty("sluice.lab.kernel", "");
        if (!kernel.isEmpty()) {
            build.addAll(List.of("--kernel-deb", kernel));
        }
        String output = run(build);
        return Path.of(output.lines().reduce("", (before, last) -> last)).toRealPath();
    }

    /** Packs a payload. */
    static void pack(Path archive, List<String> arguments) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(SCRIPTS.resolve("payload").toString(), "--out", archive.toString()));
        command.addAll(arguments);
        run(command);
    }

    static Path scripts() {
        return SCRIPTS;
    }

    private static String run(List<String> command) throws IOException {
        Path errors = Files.createTempFile("sluice-guest-image", ".log");
        try {
            Process process =
                    new ProcessBuilder(command).redirectError(errors.toFile()).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exitCode = process.waitFor();
            if (exitCode != 0) {
                throw new IOException(command + " failed with exit code " + exitCode + ": " + Files.readString(errors));
            }
            return output;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted in " + command.get(0));
        } finally {
            Files.delete(errors);
        }
    }
}
