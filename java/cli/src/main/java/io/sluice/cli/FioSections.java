package io.sluice.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Jobs as they are written: in a file of sections, or on the command line. Nothing is known here of what options mean.
 *
 * @param global what counts for all jobs
 * @param jobs in their order
 */
record FioSections(List<Setting> global, List<Job> jobs) {
    /**
     * An option.
     *
     * @param value empty where there is none
     * @param where file and line, for messages
     */
    record Setting(String key, String value, String where) {
        FioException wrong(String reason) {
            return new FioException(where + ": " + reason);
        }

        /** How it is written. */
        String text() {
            return value.isEmpty() ? key : key + "=" + value;
        }
    }

    /**
     * A job.
     *
     * @param inherited of the global sections before it
     * @param own its own options
     * @param where file and line of its beginning
     */
    record Job(String name, List<Setting> inherited, List<Setting> own, String where) {}

    private static final String GLOBAL = "global";

    /** Reads a file. */
    static FioSections read(Path file) throws IOException, FioException {
        List<Setting> global = new ArrayList<>();
        List<Job> jobs = new ArrayList<>();
        List<Setting> current = null;
        int number = 0;
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            number++;
            String where = file + ":" + number;
            String text = line.strip();
            if (text.isEmpty() || text.startsWith("#") || text.startsWith(";")) {
                continue;
            }
            if (text.startsWith("[")) {
                if (!text.endsWith("]")) {
                    throw new FioException(where + ": a section ends with ']'");
                }
                String name = text.substring(1, text.length() - 1).strip();
                if (name.equals(GLOBAL)) {
                    current = global;
                } else {
                    current = new ArrayList<>();
                    jobs.add(new Job(name, List.copyOf(global), current, where));
                }
            } else if (text.startsWith("include ")) {
                throw new FioException(where + ": other files cannot be included");
            } else if (current == null) {
                throw new FioException(where + ": an option stands in a section, such as [global]");
            } else {
                current.add(setting(text, where));
            }
        }
        return new FioSections(global, jobs);
    }

    /** Reads options of a command line: those before the first {@code --name} count for all jobs. */
    static FioSections of(List<String> arguments) throws FioException {
        List<Setting> global = new ArrayList<>();
        List<Job> jobs = new ArrayList<>();
        List<Setting> current = global;
        for (String argument : arguments) {
            if (!argument.startsWith("--")) {
                throw new FioException("'" + argument + "': expected a job file alone, or options such as --rw=read");
            }
            Setting setting = setting(argument.substring(2), argument);
            if (setting.key().equals("name")) {
                current = new ArrayList<>();
                jobs.add(new Job(setting.value(), List.copyOf(global), current, argument));
            }
            current.add(setting);
        }
        return new FioSections(global, jobs);
    }

    private static Setting setting(String text, String where) throws FioException {
        if (text.contains("${")) {
            throw new FioException(where + ": variables (${...}) are not replaced: write what they stand for");
        }
        int equals = text.indexOf('=');
        return equals < 0
                ? new Setting(text, "", where)
                : new Setting(
                        text.substring(0, equals).strip(),
                        text.substring(equals + 1).strip(),
                        where);
    }
}
