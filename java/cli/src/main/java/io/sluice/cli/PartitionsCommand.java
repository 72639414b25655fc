package io.sluice.cli;

import io.sluice.block.BlockDevice;
import io.sluice.block.BlockSession;
import io.sluice.block.SessionOptions;
import io.sluice.partition.table.FileSystem;
import io.sluice.partition.table.FileSystemProbe;
import io.sluice.partition.table.Finding;
import io.sluice.partition.table.Partition;
import io.sluice.partition.table.PartitionTable;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "partitions",
        description = {
            "Show the partition table of a device, and what the partitions hold.",
            "",
            "Reads only. START, LENGTH and FREE AFTER count logical blocks. What is wrong with the table is said on standard error;"
                    + " 'sluice partition' makes and changes tables."
        },
        footer = {
            "",
            "Examples:",
            "  sluice partitions 03:00.0",
            "  sluice partitions file:disk.img --json",
            "",
            "Exit status: 0 shown, 1 the device or its table cannot be read, 2 wrong usage."
        })
final class PartitionsCommand implements Callable<Integer> {
    private final Environment environment;

    @Parameters(paramLabel = "DEVICE", description = DeviceName.GRAMMAR, converter = DeviceNameParser.class)
    private DeviceName device;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    PartitionsCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException {
        TableReport report;
        try (BlockDevice opened = environment.devices().open(device)) {
            report = report(opened);
        }
        if (json) {
            environment.print(report.json());
        } else {
            environment.print(report.text());
            for (Finding finding : report.table().findings()) {
                environment.err().print("sluice: " + device + ": " + finding + "\n");
            }
        }
        return 0;
    }

    private static TableReport report(BlockDevice opened) throws IOException {
        PartitionTable table = PartitionTable.read(opened);
        SessionOptions options = SessionOptions.defaults().queueDepth(1).label("partitions");
        Map<Integer, FileSystem> fileSystems = new HashMap<>();
        try (BlockSession session = opened.open(options)) {
            for (Partition partition : table.partitions()) {
                FileSystemProbe.probe(session, partition)
                        .ifPresent(found -> fileSystems.put(partition.number(), found));
            }
        }
        return new TableReport(table, fileSystems);
    }
}
