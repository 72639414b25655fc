package io.sluice.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;

@Command(
        name = "completion",
        description = "Print the script that makes bash complete this command.",
        footer = {
            "",
            "Example:",
            "  source <(sluice completion)",
        })
final class CompletionCommand implements Callable<Integer> {
    private final Environment environment;

    CompletionCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException {
        environment.print(AutoComplete.bash("sluice", Main.commandLine(new Sluice(), environment)));
        return 0;
    }
}
