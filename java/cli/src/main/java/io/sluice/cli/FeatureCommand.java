package io.sluice.cli;

import io.sluice.nvme.Feature;
import io.sluice.nvme.FeatureValue;
import io.sluice.nvme.NvmeController;
import java.io.IOException;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "feature",
        description = "Show a feature of a controller, or set it.",
        footer = {
            "",
            "A FEATURE is arbitration (1), power-management (2), temperature-threshold (4), error-recovery (5), volatile-write-cache (6),"
                    + " number-of-queues (7), interrupt-coalescing (8), write-atomicity (10) or async-events (11); a VALUE is doubleword 11"
                    + " of the command, for the write cache on or off.",
            "",
            "This command resets the controller at its beginning and at its end, so that what is set lasts with --save alone, which not every"
                    + " device can do.",
            "",
            "Examples:",
            "  sluice feature 03:00.0 power-management",
            "  sluice feature 03:00.0 6 --which default",
            "  sluice feature 03:00.0 volatile-write-cache off --save",
            "",
            "Exit status: 0 done, 1 the device refuses or cannot be reached, 2 wrong usage."
        })
final class FeatureCommand extends ControllerCommand {
    @Parameters(
            index = "1",
            paramLabel = "FEATURE",
            description = "its name or number",
            converter = FeatureParser.class)
    private Feature feature;

    @Parameters(index = "2", arity = "0..1", paramLabel = "VALUE", description = "what to set it to")
    private String value;

    @Option(
            names = "--which",
            paramLabel = "VALUE",
            defaultValue = "current",
            description = "current, default or saved (default: ${DEFAULT-VALUE})")
    private FeatureValue which;

    @Option(names = "--save", description = "keep what is set over resets")
    private boolean save;

    @Spec
    private CommandSpec spec;

    FeatureCommand(Environment environment) {
        super(environment);
    }

    private Report report(NvmeController controller) throws IOException {
        if (value != null) {
            controller.setFeature(feature, number(value), save);
        } else if (save) {
            throw mistake("--save goes with a value to set");
        }
        int now = controller.feature(feature, which);
        return new Report()
                .fact("feature", "Feature", FeatureParser.name(feature))
                .fact("id", "Number", feature.id())
                .fact("value", "Value", Integer.toUnsignedLong(now), hex(now) + meaning(now));
    }

    private int number(String text) {
        if (feature == Feature.VOLATILE_WRITE_CACHE && (text.equals("on") || text.equals("off"))) {
            return text.equals("on") ? 1 : 0;
        }
        try {
            long number = Long.decode(text);
            if (number >= 0 && number < 1L << 32) {
                return (int) number;
            }
        } catch (NumberFormatException none) {
            throw mistake("'" + text + "' is no value: expected a number such as 3 or 0x1f");
        }
        throw mistake("'" + text + "' is no value: expected a number of 32 bits");
    }

    private ParameterException mistake(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private static String hex(int number) {
        return String.format(Locale.ROOT, "0x%08x", number);
    }

    private String meaning(int now) {
        return switch (feature) {
            case ARBITRATION ->
                " (weights " + ((now >>> 24) + 1) + " high, " + ((now >>> 16 & 0xff) + 1) + " medium, "
                        + ((now >>> 8 & 0xff) + 1) + " low; bursts of "
                        + ((now & 7) == 7 ? "any length" : (1 << (now & 7)) + " commands") + ")";
            case POWER_MANAGEMENT -> " (power state " + (now & 31) + ")";
            case VOLATILE_WRITE_CACHE -> (now & 1) != 0 ? " (on)" : " (off)";
            case NUMBER_OF_QUEUES ->
                " (" + ((now & 0xffff) + 1) + " submission, " + ((now >>> 16) + 1) + " completion queues)";
            default -> "";
        };
    }

    @Override
    String text(NvmeController controller, DeviceName device) throws IOException {
        return report(controller).text();
    }

    @Override
    void write(JsonWriter json, NvmeController controller, DeviceName device) throws IOException {
        json.beginObject().field("device", controller.name());
        report(controller).write(json);
        json.endObject();
    }
}
