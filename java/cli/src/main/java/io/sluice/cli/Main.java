package io.sluice.cli;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.ParameterException;

/** The {@code sluice} command. */
public final class Main {
    private static final int FAILED = 1;

    /** In the order of the help text. */
    private static final List<String> COMMANDS = List.of(
            "list",
            "bind",
            "unbind",
            "identify",
            "smart",
            "log",
            "feature",
            "partitions",
            "partition",
            "dd",
            "bench",
            "fio",
            "top",
            "emulate",
            "completion");

    private Main() {}

    // No map of constructor references: each would cost a cold JVM a millisecond, in an emulated machine twenty.
    private static Object command(String name, Environment environment) {
        return switch (name) {
            case "list" -> new ListCommand(environment);
            case "bind" -> new BindCommand(environment);
            case "unbind" -> new UnbindCommand(environment);
            case "identify" -> new IdentifyCommand(environment);
            case "smart" -> new SmartCommand(environment);
            case "log" -> new LogCommand(environment);
            case "feature" -> new FeatureCommand(environment);
            case "partitions" -> new PartitionsCommand(environment);
            case "partition" -> PartitionCommand.with(environment);
            case "dd" -> new DdCommand(environment);
            case "bench" -> new BenchCommand(environment);
            case "fio" -> new FioCommand(environment);
            case "top" -> new TopCommand(environment);
            case "emulate" -> new EmulateCommand(environment);
            case "completion" -> new CompletionCommand(environment);
            default -> throw new AssertionError(name);
        };
    }

    /** Runs the command and ends the JVM with its exit status: 0 done, 1 failed, 2 wrong usage. */
    public static void main(String[] args) throws IOException {
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), false, StandardCharsets.UTF_8);
        Environment environment = new Environment(
                new AllDevices(new ControllerDevices(), new UringDevices(note -> err.print("sluice: " + note + "\n"))),
                Path.of("/"),
                new FileInputStream(FileDescriptor.in),
                new FileOutputStream(FileDescriptor.out),
                err,
                Terminal.isAt(2));
        Closeable publishing = Publishing.of(args, err);
        int status;
        try (publishing) {
            status = run(environment, args);
        }
        err.flush();
        System.exit(status);
    }

    /** Runs the command in an environment. */
    static int run(Environment environment, String... args) {
        Sluice sluice = new Sluice();
        CommandLine line = commandLine(sluice, environment, args);
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            report(environment.err(), failure, sluice.debug());
            return FAILED;
        });
        return line.execute(args);
    }

    static CommandLine commandLine(Sluice sluice, Environment environment, String... args) {
        CommandLine line = new CommandLine(sluice);
        String named = args.length == 0 ? "" : args[0];
        // picocli reads the annotations of each command that it knows, which takes longer than most commands do.
        List<String> wanted = COMMANDS.contains(named) ? List.of(named) : COMMANDS;
        for (String name : wanted) {
            line.addSubcommand(name, command(name, environment));
        }
        line.setOut(new PrintWriter(environment.out(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(environment.err(), true, StandardCharsets.UTF_8));
        line.setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler((mistake, arguments) -> reject(environment.err(), mistake));
        return line;
    }

    private static int reject(PrintStream err, ParameterException mistake) {
        CommandLine command = mistake.getCommandLine();
        err.print("sluice: " + mistake.getMessage() + "\nTry '"
                + command.getCommandSpec().qualifiedName() + " --help'.\n");
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    private static void report(PrintStream err, Exception failure, boolean debug) {
        if (debug) {
            failure.printStackTrace(err);
            return;
        }
        err.print("sluice: " + message(failure) + "\n");
    }

    private static String message(Exception failure) {
        // These have the file alone for a message, and the rest in their type.
        if (failure instanceof NoSuchFileException none) {
            return none.getFile() + ": there is no such file or device";
        }
        if (failure instanceof AccessDeniedException denied) {
            return denied.getFile() + ": this user may not do that; another user, such as root, may";
        }
        // What is no IOException is a mistake of ours, and its type may tell more than its message.
        return failure instanceof IOException && failure.getMessage() != null
                ? failure.getMessage()
                : failure.toString();
    }
}
