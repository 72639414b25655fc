package io.sluice.cli;

import io.sluice.partition.table.TableEditor;
import java.io.IOException;
import picocli.CommandLine.Command;

@Command(
        name = "repair",
        description = {
            "Repair a GPT from one of its copies, or the chain of an MBR's logical partitions.",
            "",
            "Of a GPT, the copy at the start counts where it is sound. The backup gets into the last block, also after the device"
                    + " changed its size, and a protective MBR is put where none is.",
            "",
            "In a chain that breaks off, a record that lost nothing but its signature gets that again; otherwise the chain ends with"
                    + " the last record that was found. The partitions that are known stay what they are."
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
        return device() + ": " + editor.repair().orElse("nothing to repair");
    }
}
