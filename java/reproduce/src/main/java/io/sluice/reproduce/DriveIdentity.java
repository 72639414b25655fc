package io.sluice.reproduce;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.cli.CommandSeries;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;

/** Which drive it is, for a user who says that it may be overwritten. */
record DriveIdentity(String address, String model, String serial) {
    /** Asks {@code sluice list}, which opens a drive only where the kernel's driver does not have it. */
    static DriveIdentity read(String address) throws IOException {
        try (CommandSeries commands = new CommandSeries()) {
            CommandSeries.Result result = commands.run("list", "--open", "--json");
            for (JsonNode listed : Json.of(result.output())) {
                if (listed.path("address").asText().equals(address)
                        && listed.path("serial").isTextual()) {
                    return new DriveIdentity(
                            address,
                            listed.path("model").asText(),
                            listed.path("serial").asText());
                }
            }
        }
        throw new IOException(address + ": 'sluice list --open' does not show which drive that is");
    }

    /** Whether the user types model and serial number. */
    boolean isConfirmed(BufferedReader answers, PrintStream questions) throws IOException {
        questions.print("This overwrites the drive at " + address + ":\n  model  " + model + "\n  serial " + serial
                + "\nType its model and serial number, with a space between them, if that is what you want: ");
        questions.flush();
        String answer = answers.readLine();
        return answer != null && answer.strip().equals(model + " " + serial);
    }
}
