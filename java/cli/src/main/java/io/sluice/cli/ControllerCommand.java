package io.sluice.cli;

import io.sluice.nvme.NvmeController;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command that opens a controller, asks it something, and prints the answer. */
abstract class ControllerCommand implements Callable<Integer> {
    private final Environment environment;

    @Parameters(
            index = "0",
            paramLabel = "DEVICE",
            description = DeviceName.GRAMMAR,
            converter = DeviceNameParser.class)
    private DeviceName device;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    ControllerCommand(Environment environment) {
        this.environment = environment;
    }

    abstract String text(NvmeController controller, DeviceName device) throws IOException;

    abstract void write(JsonWriter json, NvmeController controller, DeviceName device) throws IOException;

    @Override
    public Integer call() throws IOException {
        String answer;
        try (NvmeController controller = environment.devices().openController(device)) {
            if (json) {
                JsonWriter writer = new JsonWriter();
                write(writer, controller, device);
                answer = writer.toString();
            } else {
                answer = text(controller, device);
            }
        }
        environment.print(answer);
        return 0;
    }
}
