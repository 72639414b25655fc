package io.sluice.cli;

import io.sluice.nvme.NvmeController;
import java.io.IOException;
import picocli.CommandLine.Command;

@Command(
        name = "smart",
        description = "Show the health of a drive: temperature, wear, errors (the SMART log).",
        footer = {
            "",
            "Examples:",
            "  sluice smart 03:00.0",
            "  sluice smart 03:00.0 --json",
            "",
            "Exit status: 0 shown, 1 the device cannot be read, 2 wrong usage."
        })
final class SmartCommand extends ControllerCommand {
    SmartCommand(Environment environment) {
        super(environment);
    }

    @Override
    String text(NvmeController controller, DeviceName device) throws IOException {
        return ControllerReports.smart(controller.smartLog()).text();
    }

    @Override
    void write(JsonWriter json, NvmeController controller, DeviceName device) throws IOException {
        json.beginObject().field("device", controller.name());
        ControllerReports.smart(controller.smartLog()).write(json);
        json.endObject();
    }
}
