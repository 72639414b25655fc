package io.sluice.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

@Command(
        name = "sluice",
        versionProvider = Sluice.Version.class,
        scope = ScopeType.INHERIT,
        description = "Find, bind, describe, copy and measure NVMe drives from user space.",
        sortOptions = false,
        usageHelpAutoWidth = true,
        descriptionHeading = "%n",
        parameterListHeading = "%nParameters:%n",
        optionListHeading = "%nOptions:%n",
        commandListHeading = "%nCommands:%n",
        footer = {
            "",
            "A DEVICE is " + DeviceName.GRAMMAR + ".",
            "",
            "emulated: takes, for each namespace (put + between two): the PATH of a file, or memory; size=SIZE (default 1G; creates"
                    + " or extends a file), block=SIZE, fill (memory: random bytes), readonly (a file). For the controller: mdts=,"
                    + " queues=, entries=, vectors=, stride=, cmb=SIZE, hmb=SIZE, shadow=on|off, sgl=on|off, cache=on|off, serial=, model=,"
                    + " fault=KIND[:NAME=VALUE...] for what is to go wrong, such as"
                    + " fault=status:code=281:op=read:lba=8:once, and seed=.",
            "",
            "The driver uses of what a controller offers what helps; @OPTION=VALUE[,...] behind the name changes that: "
                    + DriverOptions.GRAMMAR + ". 'sluice identify' shows what is offered and what is in use.",
            "",
            "'sluice COMMAND --help' tells more, with examples.",
            "",
            "Examples:",
            "  sluice bench emulated: --rw randread --bs 4k --iodepth 32",
            "  sluice list",
            "  sluice bind 0000:03:00.0",
            "  sluice bench 03:00.0 --rw randread --bs 4k --iodepth 64",
            "",
            "Exit status: 0 done, 1 failed, 2 wrong usage; dd has 1 for both, as dd does."
        })
final class Sluice implements Runnable {
    /** Of the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Sluice.class.getPackage().getImplementationVersion();
            return new String[] {"sluice " + (version == null ? "(not from its jar)" : version)};
        }
    }

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "show this help")
    @SuppressWarnings("UnusedVariable") // picocli acts on it.
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "show the version")
    @SuppressWarnings("UnusedVariable") // picocli acts on it.
    private boolean version;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "show where an error came from")
    private boolean debug;

    boolean debug() {
        return debug;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given");
    }
}
