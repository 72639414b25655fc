package io.sluice.cli;

import io.sluice.partition.table.TableEditor;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "delete",
        description = {
            "Take partitions out of the table.",
            "",
            "Their data stays where it is, until somebody else has the blocks. Also takes out entries that make no sense, which"
                    + " 'verify' names."
        },
        footer = {
            "",
            "Example:",
            "  sluice partition delete 03:00.0 3 4",
            "",
            "Exit status: 0 taken out, 1 refused or failed, 2 wrong usage."
        })
final class PartitionDeleteCommand extends TableCommand {
    @Parameters(index = "1..*", arity = "1..*", paramLabel = "NUMBER", description = "number of a partition")
    private List<Integer> numbers;

    PartitionDeleteCommand(Environment environment) {
        super(environment);
    }

    @Override
    String change(TableEditor editor) throws IOException {
        editor.delete(numbers);
        return numbers.stream()
                .map(number -> "partition " + number + " is deleted")
                .collect(Collectors.joining("\n"));
    }
}
