package io.sluice.system.engine;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/** Programs of this machine. */
final class HostEngine implements LabEngine {
    @Override
    public String name() {
        return "host";
    }

    @Override
    public LabProcess start(Path directory, List<Path> readable, List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(directory.resolve(OutputTail.FILE).toFile())
                .start();
        // When the tests' JVM is ended from outside, close() is not called.
        Thread end = new Thread(process::destroy);
        Runtime.getRuntime().addShutdownHook(end);
        return new HostProcess(process, directory, end);
    }

    private record HostProcess(Process process, Path directory, Thread end) implements LabProcess {
        @Override
        public boolean alive() {
            return process.isAlive();
        }

        @Override
        public OptionalInt await(Duration timeout) throws InterruptedException {
            return process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)
                    ? OptionalInt.of(process.exitValue())
                    : OptionalInt.empty();
        }

        @Override
        public String output() throws IOException {
            return OutputTail.of(directory);
        }

        @Override
        public void close() throws IOException {
            // First politely: a script among them ends what it started itself.
            process.destroy();
            try {
                if (!process.waitFor(10, TimeUnit.SECONDS)) {
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
            }
        }
    }
}
