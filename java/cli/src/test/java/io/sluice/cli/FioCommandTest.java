package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.tester.Pace;
import io.sluice.tester.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FioCommandTest {
    private static final String DRIVE = "emulated\\:size=1M";

    @TempDir
    private Path directory;

    private CommandRun file(String jobs, String... arguments) throws IOException {
        Path file = Files.writeString(directory.resolve("jobs.fio"), jobs);
        String[] all = new String[arguments.length + 2];
        all[0] = "fio";
        all[1] = file.toString();
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return CommandRun.real(all);
    }

    private JsonNode json(String jobs) throws IOException {
        CommandRun run = file(jobs, "--output-format=json");
        assertThat(run.status()).as(run.err()).isZero();
        return new ObjectMapper().readTree(run.out());
    }

    private static String global(String more) {
        return "[global]\nfilename=" + DRIVE + "\nioengine=sluice\n" + more + "\n";
    }

    @Test
    void runsAJobOverAllOfItsSizeOnce() throws IOException {
        JsonNode job = json(global("bs=4k") + "[a]\nrw=randread\niodepth=8\n")
                .get("jobs")
                .get(0);

        assertThat(job.get("jobname").asText()).isEqualTo("a");
        assertThat(job.get("error").asInt()).isZero();
        assertThat(job.get("read").get("io_bytes").asLong()).isEqualTo(1 << 20);
        assertThat(job.get("read").get("total_ios").asLong()).isEqualTo(256);
        assertThat(job.get("read").get("clat_ns").get("N").asLong()).isEqualTo(256);
        assertThat(job.get("write").get("total_ios").asLong()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sync", "psync", "posixaio", "sluice", "libaio", "io_uring"})
    void everyEngineWritesAndVerifies(String engine) throws IOException {
        JsonNode job = json("[a]\nfilename=" + DRIVE + "\nioengine=" + engine
                        + "\nrw=randwrite\nbs=8k\niodepth=4\nverify=crc32c\nfsync=16\n")
                .get("jobs")
                .get(0);

        assertThat(job.get("error").asInt()).isZero();
        assertThat(job.get("write").get("io_bytes").asLong()).isEqualTo(1 << 20);
        // 128 writes; none comes after the last 16, and so no sync does, in fio neither.
        assertThat(job.get("sync").get("total_ios").asLong()).isEqualTo(7);
    }

    @Test
    void jobsRunTogetherUnlessThereIsAWall() throws IOException {
        JsonNode jobs = json(global("size=512k")
                        + "[a]\nrw=read\n[b]\nrw=write\nnumjobs=2\n[c]\nstonewall\nrw=read\nsize=256k\n")
                .get("jobs");

        assertThat(jobs).hasSize(4);
        assertThat(jobs.findValuesAsText("jobname")).containsExactly("a", "b", "b", "c");
        assertThat(jobs.findValuesAsText("groupid")).containsExactly("0", "0", "0", "1");
        assertThat(jobs.get(3).get("read").get("io_bytes").asLong()).isEqualTo(256 << 10);
    }

    @Test
    void aGroupIsReportedAsOneWhereThatIsWanted() throws IOException {
        JsonNode jobs = json(global("size=512k\ngroup_reporting") + "[a]\nrw=read\nnumjobs=3\n")
                .get("jobs");

        assertThat(jobs).hasSize(1);
        assertThat(jobs.get(0).get("read").get("io_bytes").asLong()).isEqualTo(3 * (512 << 10));
    }

    @Test
    void sizesAreSplitAsTheirSharesSay() throws IOException {
        JsonNode job = json(global("bssplit=512/50:4k/\nsize=100%\nio_size=8m\nnorandommap") + "[a]\nrw=randread\n")
                .get("jobs")
                .get(0);
        double mean = job.get("read").get("io_bytes").asDouble()
                / job.get("read").get("total_ios").asDouble();

        assertThat(mean).isBetween(2100.0, 2500.0);
    }

    private static Workload workload(String... options) throws FioException {
        List<String> job = new ArrayList<>(List.of("--name=a", "--filename=emulated:", "--ioengine=sluice"));
        job.addAll(List.of(options));
        return new FioJob(FioSections.of(job).jobs().get(0)).workload(1 << 20, 0, 0, null);
    }

    @Test
    void ratesAndRestsAreThePaceOfTheWorkload() throws FioException {
        assertThat(workload("--rw=randread", "--rate_iops=1000").pace())
                .isEqualTo(new Pace(1000, 0, false, false, 0, 1));
        assertThat(workload(
                                "--rw=randrw",
                                "--rate=1m,2m",
                                "--rate_process=poisson",
                                "--thinktime=50",
                                "--thinktime_blocks=4")
                        .pace())
                .isEqualTo(new Pace(0, 3 << 20, true, false, 50_000, 4));
    }

    @Test
    void placesAreTheSameEachTimeUnlessTheJobWantsOthers() throws FioException {
        assertThat(workload("--rw=randread").seed())
                .isEqualTo(workload("--rw=randread").seed());
        assertThat(workload("--rw=randread", "--randrepeat=0").seed())
                .isNotEqualTo(workload("--rw=randread", "--randrepeat=0").seed());
        assertThat(workload("--rw=randread", "--randrepeat=0", "--randseed=5").seed())
                .isEqualTo(workload("--rw=randread", "--randseed=5").seed());
    }

    @Test
    void percentilesAreLeftOutWhereTheJobWantsThat() throws IOException {
        String jobs = global("bs=4k\nclat_percentiles=0") + "[a]\nrw=read\n";

        assertThat(json(jobs).get("jobs").get(0).get("read").get("clat_ns").has("percentile"))
                .isFalse();
        assertThat(json(jobs.replace("=0", "=1"))
                        .get("jobs")
                        .get(0)
                        .get("read")
                        .get("clat_ns")
                        .has("percentile"))
                .isTrue();
        assertThat(file(jobs).out()).contains(" clat (").doesNotContain("percentiles");
        assertThat(file(jobs.replace("=0", "=1")).out()).contains("clat percentiles");
    }

    @Test
    void logsHaveALineForEachIoOrEachInterval() throws IOException {
        Path log = directory.resolve("log");
        json(global("bs=4k\nwrite_lat_log=" + log + "\nwrite_bw_log=" + log + "\nlog_offset=1") + "[a]\nrw=read\n");

        List<String> lines = Files.readAllLines(Path.of(log + "_lat.1.log"));
        assertThat(lines).hasSize(256).allMatch(line -> line.matches("\\d+, \\d+, 0, 4096, \\d+"));
        assertThat(lines.get(255)).endsWith(", 1044480");
        assertThat(Files.readAllLines(Path.of(log + "_bw.1.log"))).hasSize(256);

        json(global("bs=4k\nrate_iops=2000\nwrite_iops_log=" + log + "\nlog_avg_msec=20\nio_size=400k")
                + "[a]\nrw=read\n");
        List<String> averages = Files.readAllLines(Path.of(log + "_iops.1.log"));
        assertThat(averages).isNotEmpty().allMatch(line -> line.matches("\\d+, \\d+, 0, 0, 0"));
        assertThat(averages.get(0)).startsWith("20, ");
    }

    @Test
    void replaysAnIolog() throws IOException {
        Path iolog = Files.writeString(
                directory.resolve("iolog"),
                "fio version 2 iolog\nf add\nf open\nf write 0 8192\nf read 4096 4096\nf close\n");
        JsonNode job = json(global("read_iolog=" + iolog) + "[a]\nrw=randrw\n")
                .get("jobs")
                .get(0);

        assertThat(job.get("read").get("io_bytes").asLong()).isEqualTo(4096);
        assertThat(job.get("write").get("io_bytes").asLong()).isEqualTo(8192);
    }

    @Test
    void theCommandLineIsAJobToo() {
        CommandRun run = CommandRun.real(
                "fio",
                "--bs=4k",
                "--name=a",
                "--filename=emulated:size=1M",
                "--rw=read",
                "--ioengine=sluice",
                "--name=b",
                "--filename=emulated:size=1M",
                "--rw=randread",
                "--bs=8k");

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("a: (g=0): rw=read, bs=(R) 4096B-4096B", "b: (g=0): rw=randread, bs=(R) 8192B-8192B")
                .contains("issued rwts: total=256,0,0,0", "issued rwts: total=128,0,0,0", "Run status group 0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[a];rw=read;filename=emulated\\:;hello=3 | jobs.fio:4: 'hello' is an option of fio that sluice does not have, or none",
                "[a];rw=sideways | jobs.fio:2: rw=sideways: expected read",
                "[a];rw=read | jobs.fio:1: job 'a' needs filename=",
                "[a];filename=nowhere\\:x/;ioengine=mmap | jobs.fio:3: ioengine=mmap: expected",
                "rw=read | jobs.fio:1: an option stands in a section",
                "[a;rw=read | jobs.fio:1: a section ends with ']'",
                "[global];bs=4k | there is no job",
                "[a];filename=emulated\\:;bs=4q | jobs.fio:3: '4q' is no number of bytes",
                "[a];filename=emulated\\:;bssplit=4k/60:8k/60 | jobs.fio:3: the shares are 120 % together",
                "[a];filename=emulated\\:;verify=md5 | jobs.fio:3: verify=md5: expected crc32c or pattern",
                "[a];filename=emulated\\:;verify=pattern | jobs.fio:3: verify=pattern needs verify_pattern",
                "[a];filename=emulated\\:;verify_fatal=0 | jobs.fio:3: verify_fatal=0: the first block that is wrong ends a job here",
                "[a];ioengine=sluice;filename=emulated\\:;iodepth=8;iodepth_batch_complete_max=7 | jobs.fio:5: iodepth_batch_complete_max=7: all that has ended is taken together here",
                "[a];filename=emulated\\:;direct=0 | jobs.fio:3: direct=0: there is no page cache here",
                "[a];filename=emulated\\:;time_based | jobs.fio:1: time_based needs a runtime",
                "[a];filename=emulated\\:;iodepth=99999 | jobs.fio:3: iodepth: expected a number from 1 to 65535",
                "[a];filename=emulated\\:size=1M;size=2M | jobs.fio:3: size=2M: the device has 1048576 bytes",
                "[a];filename=emulated\\:;directory=/tmp/${X} | jobs.fio:3: variables",
                "[a];filename=03:00.0;rw=write | jobs.fio:1: job 'a' overwrites what 0000:03:00.0/n1 holds",
            })
    void whatIsWrongIsToldWithFileAndLine(String jobs, String message) throws IOException {
        CommandRun run = file(jobs.replace(';', '\n') + "\n");

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).startsWith("sluice: ").contains(message).endsWith("Try 'sluice fio --help'.\n");
    }

    @Test
    void wrongDataIsErrorEightyFourAndStatusOne() throws IOException {
        CommandRun run = file(global("bs=4k\nverify=crc32c") + "[a]\nrw=read\n", "--output-format=json");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).startsWith("sluice: a: verify: ").contains("no verify header, at byte 0");
        assertThat(new ObjectMapper()
                        .readTree(run.out())
                        .get("jobs")
                        .get(0)
                        .get("error")
                        .asInt())
                .isEqualTo(84);
    }
}
