package io.sluice.cli;

import io.sluice.nvme.CommandFailedException;
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
            "  sluice identify 03:00.0@hmb=64M,shadow=off",
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
                + "\n\nWhat it offers for speed, as opened by this command\n\n"
                + OfferReports.offers(controller).text()
                + "\nPower states (* now)\n\n"
                + OfferReports.powerStates(controller.power().states(), presentPowerState(controller))
                + "\n" + namespaceReport(controller, device).text();
    }

    @Override
    void write(JsonWriter json, NvmeController controller, DeviceName device) throws IOException {
        json.beginObject().field("device", controller.name());
        json.beginObject("controller");
        controllerReport(controller).write(json);
        json.endObject().beginObject("offers");
        OfferReports.offers(controller).write(json);
        json.endObject().field("power_state", presentPowerState(controller));
        OfferReports.writePowerStates(json, controller.power().states());
        json.beginArray("active_namespaces");
        List<Integer> active = controller.namespaceIds();
        active.forEach(id -> json.element(Integer.toUnsignedLong(id)));
        json.endArray().beginObject("namespace");
        namespaceReport(controller, device).write(json);
        json.endObject().endObject();
    }

    /** Its number; -1 where the controller does not tell. */
    private static int presentPowerState(NvmeController controller) throws IOException {
        try {
            return controller.power().state();
        } catch (CommandFailedException untold) {
            return -1;
        }
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
