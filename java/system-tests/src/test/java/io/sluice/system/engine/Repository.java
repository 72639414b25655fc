package io.sluice.system.engine;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the project's own files are. */
public final class Repository {
    private Repository() {}

    /** The directory that holds {@code vm-images}: that of {@code -Dsluice.root}, or the nearest one above the working directory. */
    public static Path root() {
        String configured = System.getProperty("sluice.root");
        Path directory =
                Path.of(configured == null ? "" : configured).toAbsolutePath().normalize();
        for (Path at = directory; at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve("vm-images"))) {
                return at;
            }
        }
        throw new IllegalStateException(
                "no vm-images in " + directory + " or above; give the project's root with -Dsluice.root");
    }
}
