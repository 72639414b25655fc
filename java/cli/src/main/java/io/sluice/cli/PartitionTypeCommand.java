package io.sluice.cli;

import io.sluice.partition.table.TableEditor;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "type",
        description = "Say what a partition is for.",
        footer = {
            "",
            "Examples:",
            "  sluice partition type 03:00.0 2 swap",
            "  sluice partition type 03:00.0 2 8200",
            "",
            "Exit status: 0 changed, 1 refused or failed, 2 wrong usage."
        })
final class PartitionTypeCommand extends TableCommand {
    @Parameters(index = "1", paramLabel = "NUMBER", description = "number of the partition")
    private int number;

    @Parameters(
            index = "2",
            paramLabel = "TYPE",
            description =
                    "such as linux, efi, swap, lvm; the four digits of sgdisk; a GUID; for an MBR, a number such as"
                            + " 83; a wrong one shows all names")
    private String type;

    PartitionTypeCommand(Environment environment) {
        super(environment);
    }

    @Override
    String change(TableEditor editor) throws IOException {
        return told(editor, editor.type(number, type(editor.table(), type)));
    }
}
