package io.sluice.cli;

import io.sluice.partition.table.Partition;
import io.sluice.partition.table.TableEditor;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "delete",
        description = {
            "Take partitions out of the table.",
            "",
            "Their data stays where it is, until somebody else has the blocks. Also takes out entries that make no sense, which"
                    + " 'verify' names.",
            "",
            "The numbers are those from before. Logical partitions of an MBR that are behind one of them get smaller numbers; the"
                    + " extended partition is deleted together with the last of them, or after it. When power fails, logical partitions"
                    + " that were deleted together are all there or all gone; of those deleted together with others of the numbers 1 to"
                    + " 4, the logical ones may be gone alone."
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
        List<Partition> before = editor.table().partitions();
        editor.delete(numbers);
        Stream<String> deleted = numbers.stream().distinct().map(number -> "partition " + number + " is deleted");
        return Stream.concat(deleted, moved(before, editor.table().partitions()))
                .collect(Collectors.joining("\n"));
    }

    private static Stream<String> moved(List<Partition> before, List<Partition> after) {
        return after.stream()
                .flatMap(now -> before.stream()
                        .filter(then -> then.firstBlock() == now.firstBlock() && then.number() != now.number())
                        .map(then -> "partition " + then.number() + " is partition " + now.number() + " now"));
    }
}
