package io.sluice.cli;

import io.sluice.partition.table.TableEditor;
import java.io.IOException;
import picocli.CommandLine.Command;

@Command(
        name = "repair",
        description = {
            "Write both copies of a GPT anew from the one that counts.",
            "",
            "The one at the start counts where it is sound. The backup gets into the last block, also after the device changed its"
                    + " size, and a protective MBR is put where none is."
        },
        footer = {
            "",
            "Example:",
            "  sluice partition repair 03:00.0",
            "",
            "Exit status: 0 repaired, or nothing to repair; 1 refused or failed; 2 wrong usage."
        })
final class PartitionRepairCommand extends TableCommand {
    PartitionRepairCommand(Environment environment) {
        super(environment);
    }

    @Override
    String change(TableEditor editor) throws IOException {
        return editor.repair() ? device() + ": both copies of the GPT are sound" : device() + ": nothing to repair";
    }
}
