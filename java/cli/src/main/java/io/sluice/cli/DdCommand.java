package io.sluice.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "dd",
        customSynopsis = "sluice dd [--engine NAME] [OPERAND...]",
        exitCodeOnInvalidInput = 1,
        description = {
            "Copy between devices, files, pipes, /dev/null and /dev/zero, with the operands of dd(1).",
            "",
            "Reads ahead of and writes behind a device, many records in flight. A device is always read and written directly, in"
                    + " whole blocks."
        },
        footer = {
            "",
            "Operands:",
            "  if=FILE of=FILE   a device or a file; standard input and output when left out",
            "  bs=N ibs=N obs=N  bytes of a record (default: 512); bs sets both",
            "  count=N           records to copy; with a B (count=1MB, count=512B) bytes",
            "  skip=N seek=N     records (bytes with a B) to leave out in input and output",
            "  conv=WORD,...     notrunc, nocreat, excl, fsync, fdatasync, noerror,",
            "                    sync (fill partial records with zeroes)",
            "  iflag=WORD,...    direct, sync, dsync, fullblock, count_bytes, skip_bytes",
            "  oflag=WORD,...    direct, sync, dsync, append, seek_bytes",
            "  status=WORD       none, noxfer, progress",
            "  N ends in c 1, w 2, b 512, kB 1000, K 1024, MB 10^6, M 2^20, and so on for",
            "  G, T, P, E, or in nothing; 2x512 is a product.",
            "",
            "A device is " + DeviceName.GRAMMAR + ".",
            "A file that is named like one is reached by a path: ./03:00.0",
            "",
            "Examples:",
            "  sluice dd if=03:00.0 of=drive.img bs=1M status=progress",
            "  sluice dd if=image.raw of=03:00.0 bs=1M conv=fsync",
            "  sluice dd if=03:00.0/n2 bs=4k count=1 | hexdump -C",
            "",
            "Exit status: 0 done, 1 anything else, as with dd."
        })
final class DdCommand implements Callable<Integer> {
    private final Environment environment;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "OPERAND", arity = "0..*", description = "NAME=VALUE, see below")
    private List<String> operands = List.of();

    @Option(
            names = "--engine",
            paramLabel = "NAME",
            defaultValue = "vfs",
            description =
                    "how a device is reached: vfs, the file system plugin of java.nio.file (default), or session, what is below it")
    private DdEngine engine = DdEngine.VFS;

    DdCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException {
        DdOperands parsed;
        try {
            parsed = DdOperands.parse(operands);
        } catch (DdException e) {
            if (!e.isUsage()) {
                throw e;
            }
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        DdReport report = new DdReport(environment.err(), parsed.status());
        try (DdOpening opening = new DdOpening(environment, parsed, report, engine)) {
            DdSource source = opening.source();
            DdSink sink = opening.sink();
            return new DdCopy(parsed, source, sink, report).run() ? 0 : 1;
        }
    }
}
