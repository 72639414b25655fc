package io.sluice.cli;

import io.sluice.partition.table.TableEditor;
import java.io.IOException;
import java.util.OptionalLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "resize",
        description = {
            "Change the length of a partition; it begins where it did.",
            "",
            "What is in it does not change: make a file system shorter before, or longer after that, with a program that knows it."
        },
        footer = {
            "",
            "Examples:",
            "  sluice partition resize 03:00.0 2 20G",
            "  sluice partition resize 03:00.0 2 max",
            "",
            "Exit status: 0 changed, 1 refused or failed, 2 wrong usage."
        })
final class PartitionResizeCommand extends TableCommand {
    private static final String MOST = "max";

    @Parameters(index = "1", paramLabel = "NUMBER", description = "number of the partition")
    private int number;

    @Parameters(
            index = "2",
            paramLabel = "SIZE",
            description = "bytes, such as 20G, or max: all that is free behind it")
    private String size;

    PartitionResizeCommand(Environment environment) {
        super(environment);
    }

    @Override
    String change(TableEditor editor) throws IOException {
        long count = 0;
        if (!size.equals(MOST)) {
            OptionalLong bytes = SizeParser.parse(size);
            if (bytes.isEmpty()) {
                throw mistake("'" + size + "' is no size: expected a number such as 20G, or max");
            }
            count = blocks(editor.table(), "SIZE", bytes.getAsLong());
        }
        return told(editor, editor.resize(number, count));
    }
}
