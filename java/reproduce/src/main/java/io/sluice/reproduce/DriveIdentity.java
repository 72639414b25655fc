package io.sluice.reproduce;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.cli.CommandSeries;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Which drive it is: for the report, and for a user who says that it may be overwritten. */
record DriveIdentity(String address, String model, String serial) {
    /**
     * Asks the commands of {@code sluice}.
     *
     * @throws IOException when there is no such drive, it is in use, or nobody can say which one it is; says what to do
     */
    static DriveIdentity read(String address, CommandSeries commands) throws IOException {
        for (JsonNode listed : Json.of(output(commands, "list", "--json"))) {
            if (listed.path("address").asText().equals(address)) {
                refuseIfUsed(address, listed);
                return listed.path("serial").isTextual()
                        ? of(address, listed)
                        : opened(address, listed.path("driver").asText("no driver"), commands);
            }
        }
        throw new IOException(address
                + ": there is no NVMe drive at this address; 'scripts/sluice list' shows those of this machine");
    }

    /** What is mounted, swapped to or part of something else is not measured on, and by no means overwritten. */
    static void refuseIfUsed(String address, CommandSeries commands) throws IOException {
        for (JsonNode listed : Json.of(output(commands, "list", "--json"))) {
            if (listed.path("address").asText().equals(address)) {
                refuseIfUsed(address, listed);
            }
        }
    }

    private static void refuseIfUsed(String address, JsonNode listed) throws IOException {
        List<String> uses = new ArrayList<>();
        for (JsonNode namespace : listed.path("namespaces")) {
            namespace.path("uses").forEach(use -> uses.add(use.asText()));
        }
        if (!uses.isEmpty()) {
            throw new IOException(address + " is in use: " + String.join(", ", uses)
                    + "; unmount it, swap off or stop what stands on it first");
        }
    }

    /** The kernel's driver does not have it, so that it has to be opened. */
    private static DriveIdentity opened(String address, String driver, CommandSeries commands) throws IOException {
        if (!driver.equals("vfio-pci")) {
            throw new IOException(address + " is with " + driver + ", which does not tell which drive it is;"
                    + " 'scripts/sluice unbind " + address + "' gives it to the kernel's nvme driver");
        }
        return of(
                address,
                Json.of(output(commands, "identify", address, "--json")).path("controller"));
    }

    private static DriveIdentity of(String address, JsonNode said) {
        return new DriveIdentity(
                address, said.path("model").asText(), said.path("serial").asText());
    }

    private static String output(CommandSeries commands, String... command) throws IOException {
        CommandSeries.Result result = commands.run(command);
        if (result.status() != 0) {
            throw new IOException(result.messages().strip().replaceFirst("^sluice: ", ""));
        }
        return result.output();
    }

    /** Whether the user types model and serial number. */
    boolean isConfirmed(BufferedReader answers, PrintStream questions) throws IOException {
        questions.print("This overwrites the drive at " + address + ":\n  model  " + model + "\n  serial " + serial
                + "\nType its model and serial number, with a space between them, if that is what you want: ");
        questions.flush();
        String answer = answers.readLine();
        return answer != null && answer.strip().equals(model + " " + serial);
    }

    /** For the report. */
    @Override
    public String toString() {
        return model + ", serial number " + serial + ", at " + address;
    }
}
