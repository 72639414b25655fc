package io.sluice.reproduce;

import io.sluice.cli.CommandSeries;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The commands that measure: Sluice's in this process, the system's own in processes of theirs. One thread. */
final class Tools {
    private static final int SHOWN = 2000;

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
        // A file, since who reads one of two pipes may find the other one full.
        Path messages = Files.createTempFile("messages", "");
        try {
            ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command)).redirectError(messages.toFile());
            builder.environment().put("LC_ALL", "C");
            Process process = builder.start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = await(process);
            String said = Files.readString(messages);
            if (status != 0) {
                throw failed(String.join(" ", command), status, said + output);
            }
            return new String[] {output, said};
        } finally {
            Files.delete(messages);
        }
    }

    private static int await(Process process) {
        try {
            return process.waitFor();
        } catch (InterruptedException interrupted) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException("interrupted", interrupted));
        }
    }

    private static IOException failed(String command, int status, String said) {
        String text = said.strip();
        return new IOException(
                command + " ended with " + status + ": " + (text.length() > SHOWN ? text.substring(0, SHOWN) : text));
    }
}
