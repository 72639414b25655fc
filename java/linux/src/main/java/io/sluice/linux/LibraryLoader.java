package io.sluice.linux;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** One attempt to find, load and check the library; what it needs of the process is handed in, so that failures can be tested. */
final class LibraryLoader {
    private static final String FILE = "libsluice.so";

    private final String system;
    private final String architecture;
    private final @Nullable Path directory;
    private final Path work;
    private final ClassLoader resources;
    private final Consumer<String> load;
    private final IntSupplier abi;

    LibraryLoader(
            String system,
            String architecture,
            @Nullable Path directory,
            Path work,
            ClassLoader resources,
            Consumer<String> load,
            IntSupplier abi) {
        this.system = system;
        this.architecture = architecture;
        this.directory = directory;
        this.work = work;
        this.resources = resources;
        this.load = load;
        this.abi = abi;
    }

    static LibraryLoader ofThisProcess(Consumer<String> load, IntSupplier abi) {
        String directory = System.getProperty("sluice.native.dir");
        return new LibraryLoader(
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                directory == null ? null : Path.of(directory),
                Path.of(System.getProperty("sluice.native.workdir", System.getProperty("java.io.tmpdir"))),
                LibraryLoader.class.getClassLoader(),
                load,
                abi);
    }

    void load() throws NativeLibraryException {
        if (!system.equals("Linux")) {
            throw new NativeLibraryException("Sluice runs on Linux; this is " + system, null);
        }
        List<Throwable> attempts = new ArrayList<>();
        if (!loadFromDirectory(attempts) && !loadFromJar(attempts)) {
            NativeLibraryException failure = new NativeLibraryException(
                    "libsluice.so for " + system.toLowerCase(Locale.ROOT) + "-" + architecture + " cannot be loaded: "
                            + attempts.get(attempts.size() - 1).getMessage(),
                    null);
            attempts.forEach(failure::addSuppressed);
            throw failure;
        }
        int found = abi.getAsInt();
        if (found != NativeLibrary.ABI) {
            throw new NativeLibraryException(
                    "libsluice.so speaks ABI " + found + " and this Java code ABI " + NativeLibrary.ABI
                            + ": they are of different builds; rebuild both, or remove the one that -Dsluice.native.dir names",
                    null);
        }
    }

    private boolean loadFromDirectory(List<Throwable> attempts) {
        if (directory == null) {
            return false;
        }
        Path file = directory.resolve(FILE).toAbsolutePath();
        try {
            load.accept(file.toString());
            return true;
        } catch (UnsatisfiedLinkError error) {
            attempts.add(new NativeLibraryException(
                    file + " (-Dsluice.native.dir=" + directory + "): " + error.getMessage(), error));
            return false;
        }
    }

    private boolean loadFromJar(List<Throwable> attempts) {
        String name = "META-INF/native/linux-" + kernelName(architecture) + "/" + FILE;
        try (InputStream library = resources.getResourceAsStream(name)) {
            if (library == null) {
                attempts.add(new NativeLibraryException(
                        "no " + name + " on the class path: this build has none for the architecture " + architecture
                                + "; build native/ on it and name the directory by -Dsluice.native.dir=DIR",
                        null));
                return false;
            }
            Path copy = Files.createTempFile(
                    work,
                    "libsluice-",
                    ".so",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try {
                Files.copy(library, copy, StandardCopyOption.REPLACE_EXISTING);
                load.accept(copy.toString());
                return true;
            } catch (UnsatisfiedLinkError error) {
                attempts.add(new NativeLibraryException(copy + ": " + error.getMessage() + hint(error), error));
                return false;
            } finally {
                // The loaded library keeps the file's contents; nothing is left behind, whatever becomes of this
                // process.
                Files.deleteIfExists(copy);
            }
        } catch (IOException exception) {
            attempts.add(new NativeLibraryException(
                    "no copy of " + name + " could be made in " + work + " (" + exception
                            + "); name a directory that can be written by -Dsluice.native.workdir=DIR",
                    exception));
            return false;
        }
    }

    private String hint(UnsatisfiedLinkError error) {
        String text = String.valueOf(error.getMessage());
        if (text.contains("failed to map segment") || text.contains("Operation not permitted")) {
            return "; " + work + " is probably mounted noexec: name another directory by -Dsluice.native.workdir=DIR";
        }
        return "";
    }

    /** The JVM says amd64 where the kernel says x86_64. */
    private static String kernelName(String architecture) {
        return architecture.equals("amd64") ? "x86_64" : architecture;
    }
}
