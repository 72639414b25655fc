package io.sluice.reproduce;

import io.sluice.report.Lab;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A guest that is booted for each assignment, with QEMU's controller and an IOMMU.
 *
 * @param top of the checkout
 * @param image of the guest
 * @param drive the file behind the controller
 * @param jar this program
 */
record GuestSite(Path top, Path image, Path drive, Path jar) implements Site {
    @Override
    public Lab lab() {
        return Lab.GUEST;
    }

    @Override
    public List<String> command(Path assignment, Path results, long seconds) throws IOException {
        Path payload = results.resolveSibling("payload.cpio");
        run(List.of(
                top.resolve("vm-images/guest/payload").toString(),
                "--out",
                payload.toString(),
                "--run",
                top.resolve("scripts/guest/reproduce").toString(),
                "--file",
                jar + ":reproduce.jar",
                "--file",
                assignment + ":steps"));
        // A guest that goes on when this process was killed would keep the drive's file from who comes next. (Of the
        // thread that starts it, the main one.)
        return List.of(
                "setpriv",
                "--pdeathsig",
                "TERM",
                top.resolve("vm-images/guest/boot").toString(),
                "--image",
                image.toString(),
                "--payload",
                payload.toString(),
                "--results",
                results.toString(),
                "--timeout",
                Long.toString(seconds),
                "--",
                "-drive",
                "file=" + drive + ",format=raw,if=none,id=drive,cache=unsafe",
                "-device",
                "nvme,serial=sluice-lab,drive=drive");
    }

    @Override
    public Map<String, String> facts() throws IOException {
        Map<String, String> facts = new LinkedHashMap<>();
        Matcher names = Pattern.compile("java-(.+)-[0-9a-f]+")
                .matcher(image.getFileName().toString());
        facts.put("drive", "QEMU's nvme on a raw file of " + (Files.size(drive) >> 20) + " MiB, cache=unsafe");
        facts.put("guestKernel", kernel());
        facts.put(
                "qemu",
                run(List.of("qemu-system-x86_64", "--version"))
                        .lines()
                        .findFirst()
                        .orElse(""));
        facts.put("jvm", names.matches() ? "OpenJDK " + names.group(1) : "");
        facts.put("jvmFlags", "-XX:+UseSerialGC");
        return facts;
    }

    private String kernel() throws IOException {
        try (var lines = Files.lines(image.resolve("manifest.txt"))) {
            return lines.filter(line -> line.startsWith("kernel"))
                    .findFirst()
                    .map(line -> line.substring("kernel".length()).strip())
                    .orElse("");
        }
    }

    private static String run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said;
        try (InputStream output = process.getInputStream()) {
            said = new String(output.readAllBytes(), StandardCharsets.UTF_8);
        }
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ": " + said.strip());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
        return said;
    }
}
