package io.sluice.cli;

import io.sluice.nvme.ErrorLogEntry;
import io.sluice.nvme.NvmeController;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "log",
        description = "Show a log of a controller: errors, health or firmware slots.",
        footer = {
            "",
            "Examples:",
            "  sluice log 03:00.0 error",
            "  sluice log 03:00.0 firmware --json",
            "",
            "Exit status: 0 shown, 1 the device cannot be read, 2 wrong usage."
        })
final class LogCommand extends ControllerCommand {
    /** The logs there are. */
    enum Log {
        ERROR,
        SMART,
        FIRMWARE
    }

    @Parameters(index = "1", paramLabel = "LOG", description = "error, smart or firmware")
    private Log log;

    @Option(
            names = "--max",
            paramLabel = "N",
            defaultValue = "64",
            description = "most errors, newest first (default: ${DEFAULT-VALUE})")
    private int max;

    LogCommand(Environment environment) {
        super(environment);
    }

    @Override
    String text(NvmeController controller, DeviceName device) throws IOException {
        return switch (log) {
            case ERROR -> errors(controller.errorLog(Math.max(1, max)));
            case SMART -> ControllerReports.smart(controller.smartLog()).text();
            case FIRMWARE ->
                ControllerReports.firmware(controller.firmwareLog()).text();
        };
    }

    static String errors(List<ErrorLogEntry> entries) {
        if (entries.isEmpty()) {
            return "no errors logged\n";
        }
        StringBuilder text = new StringBuilder();
        for (ErrorLogEntry entry : entries) {
            text.append(text.isEmpty() ? "" : "\n")
                    .append(ControllerReports.error(entry).text());
        }
        return text.toString();
    }

    @Override
    void write(JsonWriter json, NvmeController controller, DeviceName device) throws IOException {
        json.beginObject().field("device", controller.name());
        switch (log) {
            case ERROR -> {
                json.beginArray("errors");
                for (ErrorLogEntry entry : controller.errorLog(Math.max(1, max))) {
                    json.beginObject();
                    ControllerReports.error(entry).write(json);
                    json.endObject();
                }
                json.endArray();
            }
            case SMART -> ControllerReports.smart(controller.smartLog()).write(json);
            case FIRMWARE ->
                ControllerReports.firmware(controller.firmwareLog()).write(json);
        }
        json.endObject();
    }
}
