package io.sluice.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "partition",
        description = {
            "Make and change the partition table of a device: a GPT, or an MBR with its logical partitions.",
            "",
            "Each command is one change. Everything is checked before anything is written, and what partitions hold is never"
                    + " touched. When power fails in the middle, the table is the old one or the new one; of a GPT one copy is then"
                    + " out of date, which 'verify' shows and 'repair' ends.",
            "",
            "An MBR has four partitions. One of them can be an extended one, which holds logical partitions: those have numbers from"
                    + " 5 without gaps, a new one the next number, and behind one that is deleted the others move down.",
            "",
            "A device of the kernel that is mounted or held is refused."
        },
        footer = {
            "",
            "Examples:",
            "  sluice partition init file:disk.img",
            "  sluice partition create file:disk.img --size 512M --type efi --name boot",
            "  sluice partition create file:disk.img --type linux",
            "  sluice partitions file:disk.img",
            "",
            "Exit status: 0 done, 1 refused or failed, 2 wrong usage."
        })
final class PartitionCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    /** The command with those below it. */
    static CommandLine with(Environment environment) {
        return new CommandLine(new PartitionCommand())
                .addSubcommand("init", new PartitionInitCommand(environment))
                .addSubcommand("create", new PartitionCreateCommand(environment))
                .addSubcommand("delete", new PartitionDeleteCommand(environment))
                .addSubcommand("resize", new PartitionResizeCommand(environment))
                .addSubcommand("name", new PartitionNameCommand(environment))
                .addSubcommand("type", new PartitionTypeCommand(environment))
                .addSubcommand("verify", new PartitionVerifyCommand(environment))
                .addSubcommand("repair", new PartitionRepairCommand(environment));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "say what to do: init, create, delete, resize, name, type, verify or repair");
    }
}
