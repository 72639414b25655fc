package io.sluice.cli;

import io.sluice.block.BlockDevice;
import io.sluice.partition.table.Finding;
import io.sluice.partition.table.PartitionTable;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "verify",
        description = {
            "Say what is wrong with the partition table.",
            "",
            "Reads only: both copies of a GPT with their checksums, the protective MBR, every entry against the device and against"
                    + " the others."
        },
        footer = {
            "",
            "Example:",
            "  sluice partition verify 03:00.0",
            "",
            "Exit status: 0 nothing is wrong; 1 something is, or the table cannot be read; 2 wrong usage."
        })
final class PartitionVerifyCommand implements Callable<Integer> {
    private final Environment environment;

    @Parameters(paramLabel = "DEVICE", description = DeviceName.GRAMMAR, converter = DeviceNameParser.class)
    private DeviceName device;

    PartitionVerifyCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException {
        PartitionTable table;
        try (BlockDevice opened = environment.devices().open(device)) {
            table = PartitionTable.read(opened);
        }
        StringBuilder text = new StringBuilder();
        for (Finding finding : table.findings()) {
            text.append(device)
                    .append(finding.problem().isDamage() ? ": damage: " : ": ")
                    .append(finding)
                    .append('\n');
        }
        if (text.isEmpty()) {
            int count = table.partitions().size();
            text.append(device)
                    .append(": ")
                    .append(table.kind())
                    .append(" with ")
                    .append(count)
                    .append(count == 1 ? " partition" : " partitions")
                    .append(", nothing is wrong\n");
        }
        environment.print(text);
        return table.findings().isEmpty() ? 0 : 1;
    }
}
