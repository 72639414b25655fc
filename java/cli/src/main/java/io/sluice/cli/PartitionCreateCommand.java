package io.sluice.cli;

import io.sluice.partition.table.NewPartition;
import io.sluice.partition.table.PartitionTable;
import io.sluice.partition.table.TableEditor;
import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "create",
        description = {
            "Add a partition.",
            "",
            "Without options it takes the lowest free number and all of the largest free place. It begins at a multiple of 1 MiB, or"
                    + " of what the device writes best where that is more.",
            "",
            "In an MBR, --type extended makes the partition that holds the logical ones. A partition becomes a logical one with"
                    + " --logical, a number from 5, a --start in there, or where the four others leave no number or no place."
        },
        footer = {
            "",
            "Examples:",
            "  sluice partition create 03:00.0 --size 512M --type efi --name boot",
            "  sluice partition create 03:00.0 --type 8e00",
            "  sluice partition create 03:00.0 --number 5 --start 2099200 --size 10G",
            "  sluice partition create 03:00.0 --type extended",
            "  sluice partition create 03:00.0 --logical --size 10G",
            "",
            "Exit status: 0 added, 1 refused or failed, 2 wrong usage."
        })
final class PartitionCreateCommand extends TableCommand {
    @Option(
            names = "--size",
            paramLabel = "SIZE",
            converter = SizeParser.class,
            description = "bytes, such as 512M or 10G (default: up to the end of the free place)")
    private @Nullable Long size;

    @Option(names = "--start", paramLabel = "BLOCK", description = "first logical block")
    private @Nullable Long start;

    @Option(names = "--number", paramLabel = "N", description = "its number (default: the lowest that is free)")
    private @Nullable Integer number;

    @Option(names = "--logical", description = "make it a logical one, in the extended partition of an MBR")
    private boolean logical;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            defaultValue = "linux",
            description =
                    "such as linux, efi, swap, lvm; the four digits of sgdisk; a GUID; for an MBR, a number such as"
                            + " 83 (default: ${DEFAULT-VALUE})")
    private String type;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            defaultValue = "",
            description = "up to 36 characters; a GPT alone has names")
    private String name;

    @Option(names = "--guid", paramLabel = "GUID", description = "unique GUID (default: a random one)")
    private @Nullable UUID guid;

    @Option(
            names = "--align",
            paramLabel = "SIZE",
            converter = SizeParser.class,
            description = "bytes that the first block must be at a multiple of")
    private @Nullable Long align;

    PartitionCreateCommand(Environment environment) {
        super(environment);
    }

    @Override
    String change(TableEditor editor) throws IOException {
        PartitionTable table = editor.table();
        if ((start != null && start < 1) || (number != null && number < 1)) {
            throw mistake("--start and --number: expected 1 or more");
        }
        NewPartition wanted = NewPartition.of(type(table, type))
                .number(number == null ? 0 : number)
                .firstBlock(start == null ? 0 : start)
                .blockCount(size == null ? 0 : blocks(table, "--size", size))
                .alignBlocks(align == null ? 0 : blocks(table, "--align", align))
                .logical(logical)
                .name(name);
        return told(editor, editor.create(guid == null ? wanted : wanted.guid(guid)));
    }
}
