package io.sluice.system.guest;

import io.sluice.system.engine.LabDirectory;
import io.sluice.system.engine.LabEngine;
import io.sluice.system.engine.LabEngines;
import io.sluice.system.engine.LabProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A guest that was booted, did its work and ended.
 *
 * @param results what it reported, in order
 * @param ended whether it came to the end of its script with success
 * @param end how it ended, and the end of its console
 */
record GuestRun(List<GuestResult> results, boolean ended, String end) {
    private static final int SECONDS = 400;

    GuestRun {
        results = List.copyOf(results);
    }

    /** What a guest has beside processor and memory. */
    interface Devices {
        /** QEMU's arguments; images go into the directory. */
        List<String> arguments(LabDirectory directory) throws IOException;
    }

    /**
     * Boots a guest.
     *
     * @param image directory of the guest image
     * @param script what it runs, after the functions of {@code guest-functions.sh}
     * @param options of vm-images/guest/boot
     */
    static GuestRun of(Path image, String script, Devices devices, List<String> options) throws IOException {
        return of(LabEngines.chosen(), List.of(), image, script, devices, options);
    }

    /**
     * Boots a guest.
     *
     * @param engine whose QEMU it gets
     * @param readable what QEMU may read beside the image
     */
    static GuestRun of(
            LabEngine engine, List<Path> readable, Path image, String script, Devices devices, List<String> options)
            throws IOException {
        try (LabDirectory directory = LabDirectory.create()) {
            Path at = directory.path();
            Files.writeString(at.resolve("run"), GuestScripts.functions() + script);
            List<String> payload =
                    new ArrayList<>(List.of("--run", at.resolve("run").toString()));
            GuestClassPath.entries()
                    .forEach((inGuest, here) -> payload.addAll(List.of("--file", here + ":" + inGuest)));
            GuestImage.pack(at.resolve("payload.cpio"), payload);

            Path results = at.resolve("results");
            List<String> command = new ArrayList<>(List.of(
                    GuestImage.scripts().resolve("boot").toString(),
                    "--image",
                    image.toString(),
                    "--payload",
                    at.resolve("payload.cpio").toString(),
                    "--results",
                    results.toString(),
                    "--timeout",
                    String.valueOf(SECONDS)));
            command.addAll(options);
            command.add("--");
            command.addAll(devices.arguments(directory));
            List<Path> visible = new ArrayList<>(readable);
            visible.addAll(List.of(GuestImage.scripts(), image));
            try (LabProcess guest = engine.start(at, visible, command)) {
                OptionalInt exitCode = guest.await(Duration.ofSeconds(SECONDS + 60));
                return read(results, exitCode, guest.output());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a guest ran", interrupted);
        }
    }

    private static GuestRun read(Path results, OptionalInt exitCode, String console) throws IOException {
        List<GuestResult> found = new ArrayList<>();
        if (Files.exists(results)) {
            // A guest that dies may leave half a line.
            for (String line : Files.readString(results, StandardCharsets.UTF_8).split("\n")) {
                Optional<GuestResult> result = GuestResult.parse(line);
                result.ifPresent(found::add);
            }
        }
        boolean ended = exitCode.isPresent() && exitCode.getAsInt() == 0;
        String how = exitCode.isPresent() ? "with exit code " + exitCode.getAsInt() : "not at all";
        return new GuestRun(found, ended, "the guest ended " + how + "; the end of its console:\n" + console);
    }
}
