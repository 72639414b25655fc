package io.sluice.cli;

import io.sluice.block.BlockDevice;
import io.sluice.partition.table.BlockUsers;
import io.sluice.partition.table.Partition;
import io.sluice.partition.table.PartitionTable;
import io.sluice.partition.table.PartitionType;
import io.sluice.partition.table.PartitionTypes;
import io.sluice.partition.table.TableEditor;
import io.sluice.partition.table.TableKind;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A command that changes a partition table. */
abstract class TableCommand implements Callable<Integer> {
    private final Environment environment;

    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "DEVICE",
            description = DeviceName.GRAMMAR,
            converter = DeviceNameParser.class)
    private DeviceName device;

    TableCommand(Environment environment) {
        this.environment = environment;
    }

    /**
     * Makes the change.
     *
     * @return what to say
     */
    abstract String change(TableEditor editor) throws IOException;

    @Override
    public Integer call() throws IOException {
        String said;
        // Who else has this device open has it in another process, and is known to the kernel alone.
        try (BlockDevice opened = environment.devices().open(device);
                TableEditor editor = TableEditor.open(opened, BlockUsers.NONE)) {
            said = change(editor);
        }
        environment.print(said + "\n" + reminder());
        return 0;
    }

    private String reminder() {
        return device instanceof DeviceName.KernelFile file && file.path().startsWith("/dev")
                ? "The kernel still has the table from before: run 'partprobe " + file.path() + "'.\n"
                : "";
    }

    DeviceName device() {
        return device;
    }

    /** What a partition has become. */
    static String told(TableEditor editor, Partition partition) throws IOException {
        return TableReport.sentence(editor.table(), partition);
    }

    /** A type as the user named it, for the table that the device has. */
    PartitionType type(PartitionTable table, String text) throws IOException {
        TableKind kind = table.kind() == TableKind.MBR ? TableKind.MBR : TableKind.GPT;
        return PartitionTypes.parse(kind, text)
                .orElseThrow(() -> mistake("'" + text + "' is no type of " + kind + ": expected "
                        + (kind == TableKind.GPT ? "a GUID, four digits as sgdisk has them" : "a number such as 83")
                        + ", or one of " + String.join(", ", PartitionTypes.names(kind))));
    }

    /** A size in blocks. */
    long blocks(PartitionTable table, String option, long bytes) {
        if (bytes <= 0 || bytes % table.blockBytes() != 0) {
            throw mistake(option + " " + bytes + ": " + device + " has blocks of " + table.blockBytes()
                    + " bytes, and a size is a multiple of that and more than 0");
        }
        return bytes / table.blockBytes();
    }

    ParameterException mistake(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
