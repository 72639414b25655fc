package io.sluice.cli;

import io.sluice.block.BlockDevice;
import io.sluice.nvme.NvmeController;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** What a run of the command left behind. */
record CommandRun(int status, ByteArrayOutputStream stdout, String err) {
    static CommandRun of(String... args) {
        return on(new ScriptedDevice(512, 8), new byte[0], args);
    }

    /** Runs the command with every DEVICE being this one. */
    static CommandRun on(BlockDevice device, byte[] in, String... args) {
        return run(device, Path.of("/"), in, args);
    }

    /** Runs the command on a machine whose sys and proc are there. */
    static CommandRun in(Path root, String... args) {
        return run(new ScriptedDevice(512, 8), root, new byte[0], args);
    }

    /** Runs the command with the devices that it opens itself. */
    static CommandRun real(String... args) {
        return real(new byte[0], args);
    }

    static CommandRun real(byte[] in, String... args) {
        return run(new ControllerDevices(), Path.of("/"), in, args);
    }

    /** Runs the command with all that it opens itself, files and nodes of the kernel too. */
    static CommandRun everything(String... args) {
        return run(
                new AllDevices(new ControllerDevices(), new UringDevices(note -> {})), Path.of("/"), new byte[0], args);
    }

    private static CommandRun run(BlockDevice device, Path root, byte[] in, String... args) {
        Devices devices = new Devices() {
            @Override
            public BlockDevice open(DeviceName name) {
                return device;
            }

            @Override
            public NvmeController openController(DeviceName name) throws IOException {
                throw new IOException("no controller in this test");
            }
        };
        return run(devices, root, in, args);
    }

    private static CommandRun run(Devices devices, Path root, byte[] in, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try (PrintStream errors = new PrintStream(err, true, StandardCharsets.UTF_8)) {
            int status =
                    Main.run(new Environment(devices, root, new ByteArrayInputStream(in), out, errors, false), args);
            return new CommandRun(status, out, err.toString(StandardCharsets.UTF_8));
        }
    }

    static CommandRun on(BlockDevice device, String... args) {
        return on(device, new byte[0], args);
    }

    String out() {
        return stdout.toString(StandardCharsets.UTF_8);
    }
}
