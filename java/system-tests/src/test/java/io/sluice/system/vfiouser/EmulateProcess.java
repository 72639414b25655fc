package io.sluice.system.vfiouser;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code sluice emulate} in a process of its own; ended politely when closed. */
public final class EmulateProcess implements Closeable {
    private static final long LONG_ENOUGH_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long LOOK_EVERY_MILLIS = 20;

    private final Process process;
    private final Path socket;
    private final Path log;
    private final Thread end;

    private EmulateProcess(Process process, Path socket, Path log) {
        this.process = process;
        this.socket = socket;
        this.log = log;
        // When the tests' JVM is ended from outside, close() is not called.
        this.end = new Thread(process::destroy);
        Runtime.getRuntime().addShutdownHook(end);
    }

    /**
     * Starts a server and waits until it listens.
     *
     * @param directory takes its socket and its output
     * @param arguments of {@code sluice emulate}, but for the socket
     */
    public static EmulateProcess start(Path directory, List<String> arguments) throws IOException {
        Path socket = directory.resolve("socket");
        Path log = directory.resolve("emulate.log");
        List<String> command = sluice("emulate", "--socket", socket.toString());
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(log.toFile())
                .start();
        EmulateProcess server = new EmulateProcess(process, socket, log);
        try {
            server.await("Serving ", 1);
            return server;
        } catch (IOException failure) {
            server.close();
            throw failure;
        }
    }

    /** The sluice command with this JVM's Java and class path. */
    public static List<String> sluice(String... arguments) {
        // Surefire starts the JVM with a jar that only names the class path.
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-cp",
                classPath,
                "io.sluice.cli.Main"));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Where it listens. */
    public Path socket() {
        return socket;
    }

    /** What it wrote so far, to both streams. */
    public String output() throws IOException {
        return Files.readString(log);
    }

    /** Waits until it has said something so many times. */
    public void await(String text, int times) throws IOException {
        long start = System.nanoTime();
        while (occurrences(text) < times) {
            if (!process.isAlive() || System.nanoTime() - start > LONG_ENOUGH_NANOS) {
                throw new IOException("sluice emulate did not say '" + text + "' " + times + " times: " + output());
            }
            try {
                Thread.sleep(LOOK_EVERY_MILLIS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while sluice emulate was waited for");
            }
        }
    }

    private int occurrences(String text) throws IOException {
        return output().split(text, -1).length - 1;
    }

    /** Its descriptors, by what they stand for. */
    List<String> descriptors() throws IOException {
        List<String> names = new ArrayList<>();
        try (var links = Files.newDirectoryStream(Path.of("/proc", String.valueOf(process.pid()), "fd"))) {
            for (Path link : links) {
                names.add(Files.readSymbolicLink(link).toString());
            }
        }
        names.sort(null);
        return names;
    }

    /** How many mappings it has of memory with that in its name. */
    long mappings(String name) throws IOException {
        return Files.readAllLines(Path.of("/proc", String.valueOf(process.pid()), "maps")).stream()
                .filter(line -> line.contains(name))
                .count();
    }

    boolean alive() {
        return process.isAlive();
    }

    /** Ends it as a crash would. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Ends it by SIGTERM; its exit code. */
    int terminate() throws InterruptedException {
        process.destroy();
        return process.waitFor();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(end);
        } catch (IllegalStateException shuttingDown) {
            // Then the hook runs, and finds the process ended.
            return;
        }
    }
}
