package io.sluice.partition.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A program of the system whose word on tables and file systems counts.
 *
 * @param name of the program
 * @param debian the package that has it
 */
record Tool(String name, String debian) {
    static final Tool SGDISK = new Tool("sgdisk", "gdisk");
    static final Tool SFDISK = new Tool("sfdisk", "fdisk");
    static final Tool FDISK = new Tool("fdisk", "fdisk");
    static final Tool PARTED = new Tool("parted", "parted");
    static final Tool BLKID = new Tool("blkid", "util-linux");

    private static final int SECONDS = 60;

    private Optional<Path> path() {
        return Stream.concat(
                        Stream.of(System.getenv().getOrDefault("PATH", "").split(":")), Stream.of("/usr/sbin", "/sbin"))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Ends the test, by name, where the program is not there. */
    Tool required() {
        assumeTrue(path().isPresent(), name + " is not installed: apt-get install " + debian);
        return this;
    }

    /** Runs it, which succeeds, and gives what it said. */
    String run(Object... arguments) throws IOException {
        return runOn("", arguments);
    }

    /** Runs it with text to read. */
    String runOn(String input, Object... arguments) throws IOException {
        required();
        List<String> command = new ArrayList<>(List.of(path().orElseThrow().toString()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        Path output = Files.createTempFile("tool", ".out");
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
            builder.environment().put("LC_ALL", "C.UTF-8");
            Process process = builder.start();
            // Who is given nothing may end before it could be said.
            if (!input.isEmpty()) {
                process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
                process.getOutputStream().close();
            }
            boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
            process.destroyForcibly();
            String said = Files.readString(output);
            assertThat(ended).as(command + " ended: " + said).isTrue();
            assertThat(process.exitValue()).as(command + ": " + said).isZero();
            return said;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            Files.delete(output);
        }
    }
}
