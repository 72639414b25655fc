package io.sluice.cli;

import io.sluice.block.BlockDevice;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import picocli.CommandLine.TypeConversionException;

/**
 * Runs commands of {@code sluice} one after the other in this process, as a shell would start them in processes of their own. What is kept open between them is not
 * opened again by each, and the JVM that has compiled a command once has it compiled for the next. One thread.
 */
public final class CommandSeries implements Closeable {
    /**
     * What a command left behind.
     *
     * @param status as of a process: 0 done
     * @param output what it wrote to standard output
     * @param messages what it wrote to standard error
     */
    public record Result(int status, String output, String messages) {}

    private final Devices devices;
    private final ByteArrayOutputStream messages = new ByteArrayOutputStream();
    private final PrintStream err = new PrintStream(messages, true, StandardCharsets.UTF_8);
    private final Deque<BlockDevice> kept = new ArrayDeque<>();

    /** Without anything open. */
    public CommandSeries() {
        this.devices =
                new AllDevices(new ControllerDevices(), new UringDevices(note -> err.print("sluice: " + note + "\n")));
    }

    /**
     * Opens a device, and keeps it open for all commands that follow, under every name that means a namespace or a partition of the same controller.
     *
     * @param device as the commands call it
     */
    public void keep(String device) throws IOException {
        try {
            kept.push(devices.open(DeviceNameParser.parse(device)));
        } catch (TypeConversionException unknown) {
            throw new IOException(unknown.getMessage(), unknown);
        }
    }

    /** Closes what is kept open. */
    public void release() throws IOException {
        while (!kept.isEmpty()) {
            kept.pop().close();
        }
    }

    /** Runs a command; standard input is empty. */
    public Result run(String... arguments) {
        messages.reset();
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        int status = Main.run(
                new Environment(devices, Path.of("/"), new ByteArrayInputStream(new byte[0]), output, err, false),
                arguments);
        return new Result(status, output.toString(StandardCharsets.UTF_8), messages.toString(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        release();
    }
}
