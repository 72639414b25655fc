package io.sluice.cli;

import io.sluice.partition.table.PartitionTable;
import io.sluice.partition.table.TableEditor;
import io.sluice.partition.table.TableKind;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "init",
        description = {
            "Make a new partition table, without partitions.",
            "",
            "A device that has a table with partitions, or is a file system as a whole, is refused without --yes-destroy-data."
        },
        footer = {
            "",
            "Examples:",
            "  sluice partition init file:disk.img",
            "  sluice partition init 03:00.0 --table mbr --yes-destroy-data",
            "",
            "Exit status: 0 made, 1 refused or failed, 2 wrong usage."
        })
final class PartitionInitCommand extends TableCommand {
    /** What can be made. */
    enum Kind {
        GPT,
        MBR
    }

    @Option(
            names = "--table",
            paramLabel = "KIND",
            defaultValue = "gpt",
            description = "gpt or mbr (default: ${DEFAULT-VALUE})")
    private Kind kind;

    @Option(names = "--yes-destroy-data", description = "give up the partitions or the file system that are there")
    private boolean destroy;

    PartitionInitCommand(Environment environment) {
        super(environment);
    }

    @Override
    String change(TableEditor editor) throws IOException {
        Optional<String> content = editor.content();
        if (content.isPresent() && !destroy) {
            throw new IOException(device() + " holds " + content.get()
                    + ": say --yes-destroy-data if that is to be given up; nothing was written");
        }
        PartitionTable table = editor.init(TableKind.valueOf(kind.name()));
        return device() + ": " + table.kind() + " " + table.id() + ", blocks "
                + table.usable().firstBlock() + " to " + table.usable().lastBlock() + " can be used";
    }
}
