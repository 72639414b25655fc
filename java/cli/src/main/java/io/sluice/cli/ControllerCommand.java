package io.sluice.cli;

import io.sluice.nvme.NvmeController;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A command that opens a controller, asks it something, and prints the answer. */
abstract class ControllerCommand implements Callable<Integer> {
    private final Environment environment;

    @Parameters(
            index = "0",
            paramLabel = "DEVICE",
            description = DeviceName.GRAMMAR,
            converter = DeviceNameParser.class)
    private DeviceName device;

    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    ControllerCommand(Environment environment) {
        this.environment = environment;
    }

    abstract String text(NvmeController controller, DeviceName device) throws IOException;

    abstract void write(JsonWriter json, NvmeController controller, DeviceName device) throws IOException;

    @Override
    public Integer call() throws IOException {
        if (device instanceof DeviceName.Partition partition) {
            throw new ParameterException(
                    spec.commandLine(),
                    "'" + device + "' is a partition; " + spec.name() + " tells of whole drives, such as "
                            + partition.whole());
        }
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
