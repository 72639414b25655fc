package io.sluice.cli;

import io.sluice.partition.table.TableEditor;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "name",
        description = "Name a partition of a GPT.",
        footer = {
            "",
            "Example:",
            "  sluice partition name 03:00.0 2 journal",
            "",
            "Exit status: 0 named, 1 refused or failed, 2 wrong usage."
        })
final class PartitionNameCommand extends TableCommand {
    @Parameters(index = "1", paramLabel = "NUMBER", description = "number of the partition")
    private int number;

    @Parameters(index = "2", paramLabel = "NAME", description = "up to 36 characters; '' for none")
    private String name;

    PartitionNameCommand(Environment environment) {
        super(environment);
    }

    @Override
    String change(TableEditor editor) throws IOException {
        return told(editor, editor.name(number, name));
    }
}
