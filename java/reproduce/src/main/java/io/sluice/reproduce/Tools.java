package io.sluice.reproduce;

import io.sluice.cli.CommandSeries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The commands that measure: Sluice's in this process, the system's own in processes of theirs. One thread. */
final class Tools {
    private static final int SHOWN = 2000;

    /** More than any of them takes: the kernel lets an I/O go after a minute or two that its drive does not answer. */
    private static final int MOST_SECONDS = 180;

    private final CommandSeries commands;

    Tools(CommandSeries commands) {
        this.commands = commands;
    }

    /**
     * Measures.
     *
     * @param drive what the command calls the drive
     */
    Taken take(Recipe recipe, String drive, Pace pace) throws IOException {
        if (recipe instanceof Recipe.Copy copy) {
            return new DdTool(this).take(copy, drive, pace);
        }
        if (recipe instanceof Recipe.Fio fio) {
            return new FioTool(this).take(fio, drive, pace);
        }
        return new BenchTool(this).take((Recipe.Bench) recipe, drive, pace);
    }

    /** Runs a command of Sluice, or of the system where the drive is the kernel's; what it wrote to standard output and error. */
    String[] run(Reach reach, List<String> command) throws IOException {
        if (reach == Reach.NODE) {
            return runProgram(command);
        }
        CommandSeries.Result result = commands.run(command.toArray(String[]::new));
        if (result.status() != 0) {
            throw failed("sluice " + String.join(" ", command), result.status(), result.messages());
        }
        return new String[] {result.output(), result.messages()};
    }

    /** How a user types it. */
    static String typed(Reach reach, List<String> command) {
        return (reach == Reach.NODE ? "" : "sluice ") + String.join(" ", command);
    }

    private static String[] runProgram(List<String> command) throws IOException {
        // Files, since who reads one of two pipes may find the other one full, and since a program that the kernel does
        // not let go keeps its pipes open.
        Path output = Files.createTempFile("output", "");
        Path messages = Files.createTempFile("messages", "");
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(messages.toFile());
            builder.environment().put("LC_ALL", "C");
            Process process = builder.start();
            process.getOutputStream().close();
            if (!hasEnded(process)) {
                throw new IOException(String.join(" ", command) + " did not end within " + MOST_SECONDS
                        + " s; the end of `dmesg` may say what became of its I/O");
            }
            String said = Files.readString(messages);
            if (process.exitValue() != 0) {
                throw failed(String.join(" ", command), process.exitValue(), said + Files.readString(output));
            }
            return new String[] {Files.readString(output), said};
        } finally {
            Files.delete(output);
            Files.delete(messages);
        }
    }

    private static boolean hasEnded(Process process) throws IOException {
        try {
            return process.waitFor(MOST_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        } finally {
            process.destroyForcibly();
        }
    }

    private static IOException failed(String command, int status, String said) {
        String text = said.strip();
        return new IOException(
                command + " ended with " + status + ": " + (text.length() > SHOWN ? text.substring(0, SHOWN) : text));
    }
}
