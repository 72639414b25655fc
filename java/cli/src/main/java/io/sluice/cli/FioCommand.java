package io.sluice.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

@Command(
        name = "fio",
        customSynopsis = {
            "sluice fio JOBFILE [OPTION...]",
            "sluice fio --name=JOB --filename=DEVICE [--KEY=VALUE...] [OPTION...]"
        },
        description = {
            "Run fio's job files on sluice, and report as fio does.",
            "",
            "filename= is a file or any DEVICE. ioengine= picks the layer: sync and psync are channels of java.nio, posixaio is"
                    + " asynchronous channels, sluice is sessions; libaio and io_uring are taken for sessions too.",
            "",
            "Known options: rw bs bssplit size io_size offset filename ioengine iodepth iodepth_batch_submit"
                    + " iodepth_batch_complete_min iodepth_batch_complete_max numjobs runtime time_based ramp_time loops"
                    + " rwmixread rwmixwrite fsync fdatasync direct verify (crc32c, pattern) verify_interval verify_pattern"
                    + " verify_fatal do_verify randseed randrepeat norandommap rate rate_iops rate_process thinktime thinktime_blocks group_reporting new_group stonewall"
                    + " gtod_reduce clat_percentiles write_bw_log write_lat_log write_iops_log log_avg_msec log_offset"
                    + " read_iolog replay_no_stall. Others are an error, with file and line."
        },
        footer = {
            "",
            "Examples:",
            "  sluice fio jobs.fio",
            "  sluice fio jobs.fio --output-format=json --output=result.json",
            "  sluice fio --name=a --filename=03:00.0 --ioengine=sluice --rw=randread",
            "",
            "Where it differs from fio: rate= of a mixed job limits reads and writes together; what verify= reads"
                    + " back is not in the results; a job that writes needs --yes-destroy-data unless it writes to a"
                    + " file or to emulated:. Latency logs have lat alone, not slat and clat.",
            "Exit status: 0 all done, 1 an I/O failed or data was wrong, 2 wrong usage."
        })
final class FioCommand implements Callable<Integer> {
    private final Environment environment;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "JOBFILE", arity = "0..1", description = "a file of jobs, as fio reads it")
    private @Nullable Path file;

    @Option(
            names = "--output-format",
            paramLabel = "FORMAT",
            defaultValue = "normal",
            description = "normal or json (default: ${DEFAULT-VALUE})")
    private String format;

    @Option(names = "--output", paramLabel = "FILE", description = "write the results into FILE")
    private @Nullable Path output;

    @Option(
            names = "--yes-destroy-data",
            description = "needed for jobs that write to a drive: they overwrite what it holds")
    private boolean destroy;

    @Unmatched
    private List<String> settings = new ArrayList<>();

    FioCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException {
        check(format.equals("normal") || format.equals("json"), "--output-format: expected normal or json");
        check(file != null || !settings.isEmpty(), "Missing required parameter: 'JOBFILE'");
        check(
                file == null || settings.isEmpty(),
                "'" + (settings.isEmpty() ? "" : settings.get(0))
                        + "': jobs are in a file or on the command line, not in both");
        try {
            return run(file == null ? FioSections.of(settings) : FioSections.read(file));
        } catch (FioException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
    }

    private int run(FioSections sections) throws IOException, FioException {
        if (sections.jobs().isEmpty()) {
            throw new FioException((file == null ? "the command line" : file) + ": there is no job");
        }
        List<FioJob> jobs = new ArrayList<>();
        for (FioSections.Job section : sections.jobs()) {
            FioJob job = new FioJob(section);
            check(
                    destroy || !job.changes() || isHarmless(job.device()),
                    section.where() + ": job '" + job.name() + "' overwrites what " + job.device()
                            + " holds: say --yes-destroy-data if that is what you want");
            jobs.add(job);
        }
        List<FioRow> rows;
        if (format.equals("normal") && output == null) {
            environment.print(FioText.beginning(jobs));
        }
        try (FioRun run = new FioRun(environment, jobs)) {
            rows = run.run();
        }
        String text = format.equals("json") ? FioJson.of(sections.global(), rows) : FioText.of(rows);
        if (output == null) {
            environment.print(text);
        } else {
            Files.writeString(output, format.equals("json") ? text : FioText.beginning(jobs) + text);
        }
        for (FioRow row : rows) {
            if (row.error() != null) {
                throw new BenchException(row.job().name() + ": " + row.error());
            }
        }
        return 0;
    }

    private static boolean isHarmless(DeviceName name) {
        return name instanceof DeviceName.Emulated
                || (name instanceof DeviceName.KernelFile file && !file.path().startsWith("/dev"));
    }

    private void check(boolean right, String message) {
        if (!right) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
