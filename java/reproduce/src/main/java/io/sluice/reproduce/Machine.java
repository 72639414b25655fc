package io.sluice.reproduce;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** What the report says of this machine and of what is measured on it. */
final class Machine {
    private Machine() {}

    /**
     * Facts, in the order of the report.
     *
     * @param top of the checkout
     */
    static Map<String, String> facts(Path top) throws IOException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(
                "date",
                ZonedDateTime.now(ZoneOffset.UTC).format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'")));
        facts.put("commit", commit(top));
        facts.put("machine", model());
        facts.put("cpus", Integer.toString(Runtime.getRuntime().availableProcessors()));
        facts.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        return facts;
    }

    private static String model() throws IOException {
        Path cpuinfo = Path.of("/proc/cpuinfo");
        if (Files.isReadable(cpuinfo)) {
            try (Stream<String> lines = Files.lines(cpuinfo)) {
                return lines.filter(line -> line.startsWith("model name"))
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .findFirst()
                        .orElse(System.getProperty("os.arch"));
            }
        }
        return System.getProperty("os.arch");
    }

    /** The commit that is checked out, with a + when there are changes beside it; "unknown" where git or the repository is not there. */
    private static String commit(Path top) throws IOException {
        String commit = git(top, "rev-parse", "--short=12", "HEAD").strip();
        if (commit.isEmpty()) {
            return "unknown";
        }
        return commit
                + (git(top, "status", "--porcelain", "--untracked-files=no").isBlank() ? "" : "+");
    }

    private static String git(Path top, String... arguments) throws IOException {
        String[] command = new String[arguments.length + 3];
        command[0] = "git";
        command[1] = "-C";
        command[2] = top.toString();
        System.arraycopy(arguments, 0, command, 3, arguments.length);
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException none) {
            return "";
        }
        process.getOutputStream().close();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
