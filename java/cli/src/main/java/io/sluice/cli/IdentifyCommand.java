package io.sluice.cli;

import io.sluice.nvme.NvmeController;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;

@Command(
        name = "identify",
        description = "Show what a controller and one of its namespaces say of themselves.",
        footer = {
            "",
            "Examples:",
            "  sluice identify 03:00.0",
            "  sluice identify 03:00.0/n2 --json",
            "",
            "Exit status: 0 shown, 1 the device cannot be read, 2 wrong usage."
        })
final class IdentifyCommand extends ControllerCommand {
    IdentifyCommand(Environment environment) {
        super(environment);
    }

    @Override
    String text(NvmeController controller, DeviceName device) throws IOException {
        String active = controller.namespaceIds().toString();
        return "Controller " + controller.name() + "\n\n"
                + controllerReport(controller).text() + "Active namespaces: " + active.substring(1, active.length() - 1)
                + "\n\n" + namespaceReport(controller, device).text();
    }

    @Override
    void write(JsonWriter json, NvmeController controller, DeviceName device) throws IOException {
        json.beginObject().field("device", controller.name());
        json.beginObject("controller");
        controllerReport(controller).write(json);
        json.endObject().beginArray("active_namespaces");
        List<Integer> active = controller.namespaceIds();
        active.forEach(id -> json.element(Integer.toUnsignedLong(id)));
        json.endArray().beginObject("namespace");
        namespaceReport(controller, device).write(json);
        json.endObject().endObject();
    }

    private static Report controllerReport(NvmeController controller) {
        return ControllerReports.controller(
                controller.identify(), controller.capabilities(), controller.ioQueuePairs());
    }

    private static Report namespaceReport(NvmeController controller, DeviceName device) throws IOException {
        return ControllerReports.namespace(
                controller.namespace(device.namespace()).identify());
    }
}
