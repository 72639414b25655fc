package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BenchCommandTest {
    private final ScriptedDevice device = new ScriptedDevice(512, 4096);

    private CommandRun bench(String args) {
        return CommandRun.on(device, ("bench 03:00.0 --ramp 0 " + args).split(" "));
    }

    @Test
    void printsARowForEachSizeAndDepth() {
        CommandRun run = bench("--rw randread --bs 4k,8k --iodepth 1,16 --bytes 1M");

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out().lines()).hasSize(2 + 4);
        assertThat(run.out())
                .contains("IOPS", "MB/s", "MiB/s", "p99.9")
                .contains("randread session    4K   16/4 2.0k    0    1M ");
        // What it prints fits into 120 columns.
        assertThat(run.out().lines().skip(1)).allMatch(line -> line.length() <= 120);
        assertThat(device.openSessions()).isZero();
        assertThat(device.isClosed()).isTrue();
    }

    @Test
    void theJsonIsAsItsSchemaSays(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("result.json");
        CommandRun run =
                bench("--rw read,randrw --layer session,jobs --bs 4k,4k/50:8k/50 --iodepth 8 --batch 4 --bytes 1M"
                        + " --yes-destroy-data --json " + file);

        assertThat(run.status()).as(run.err()).isZero();
        JsonSchema schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(CommandRun.of("bench", "--json-schema").out());
        assertThat(schema.validate(Files.readString(file), InputFormat.JSON)).isEmpty();
        JsonNode first = new ObjectMapper().readTree(file.toFile()).get(0);
        assertThat(first.get("device").asText()).isEqualTo("ram");
        assertThat(first.get("ios").asLong()).isEqualTo(256);
        assertThat(first.get("bytes").asLong()).isEqualTo(1 << 20);
        assertThat(first.get("rx_blocks").asLong()).isEqualTo(2048);
        assertThat(first.get("result").asText()).isEqualTo("ok");
    }

    @Test
    void jobsKeepAsManyPiecesInFlightAsTheyMay() {
        String copied = "--layer jobs --bs 256k --io-buffer 64k --bytes 4M --verify --yes-destroy-data --rw write";
        CommandRun serial = bench(copied + " --pieces 1");
        assertThat(serial.status()).as(serial.err()).isZero();
        assertThat(device.mostInFlight()).isEqualTo(1);

        CommandRun parallel = bench(copied + " --pieces 64");
        assertThat(parallel.status()).as(parallel.err()).isZero();
        // The buffer holds eight of the pieces that it makes.
        assertThat(device.mostInFlight()).isEqualTo(8);
    }

    @ParameterizedTest
    @CsvSource({
        "--rw read --pieces 1, --pieces: only jobs are split",
        "--rw read --layer nio --io-buffer 1M, --io-buffer: only jobs are split",
        "--rw read --layer jobs --pieces 0, --pieces: expected 1 to 65535",
        "--rw read --layer jobs --io-buffer 2G, --io-buffer: expected 1 to 1G",
    })
    void saysWhatSplittingIsFor(String args, String message) {
        CommandRun run = bench(args);

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains(message);
    }

    @Test
    void jsonOnStandardOutputIsAlone() {
        CommandRun run = bench("--rw read --bytes 64k --json -");

        assertThat(run.out()).startsWith("[").endsWith("]\n");
        assertThat(run.err()).contains("IOPS");
    }

    @Test
    void aRateMayHaveASuffix() {
        CommandRun run = bench("--rw randread --bs 4k --bytes 64k --rate 100k");

        assertThat(run.status()).as(run.err()).isZero();
        CommandRun refused = bench("--rw randread --bytes 64k --rate fast");
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.err()).contains("'fast' is no size: expected a number such as 4096, 4k");
    }

    @ParameterizedTest
    @ValueSource(strings = {"write", "randwrite", "rw", "randrw"})
    void verifiesWhatItWrote(String pattern) {
        CommandRun run = bench("--rw " + pattern + " --bs 4k --iodepth 16 --bytes 4M --verify --yes-destroy-data");

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(device.mostInFlight()).isEqualTo(16);
    }

    @Test
    void readsWithVerifyCheckWhatAnEarlierRunWrote() {
        assertThat(bench("--rw write --bs 64k --bytes 2M --verify --yes-destroy-data")
                        .status())
                .isZero();
        CommandRun again = bench("--rw randread --bs 4k --bytes 1M --verify");
        assertThat(again.status()).as(again.err()).isZero();

        byte[] contents = device.contents();
        for (int block = 0; block < 4096; block++) {
            contents[block * 512 + 300] ^= 1;
        }
        device.fill(contents);
        CommandRun damaged = bench("--rw randread --bs 4k --bytes 1M --verify");
        assertThat(damaged.status()).isEqualTo(1);
        assertThat(damaged.err())
                .matches(
                        "sluice: verify: ram, block \\d+: differs from what was written, first in bytes 296 to 303: .*\n");
    }

    @Test
    void sessionsThatVerifyWriteAPartOfTheWindowEach(@TempDir Path directory) {
        String drive = "bench emulated:" + directory.resolve("drive") + ",size=2M --ramp 0 --bs 4k --verify ";
        CommandRun written = CommandRun.real(
                (drive + "--rw randwrite --once --iodepth 4 --numjobs 4 --bytes 512k --yes-destroy-data").split(" "));
        CommandRun read = CommandRun.real((drive + "--rw read --bytes 2M").split(" "));

        assertThat(written.status()).as(written.err()).isZero();
        assertThat(read.status()).as(read.err()).isZero();
    }

    @Test
    void findsTheBlockOfALostWrite() {
        CommandRun run = CommandRun.on(
                device.loseWriteOf(1234),
                "bench 03:00.0 --rw write --bs 512 --bytes 2M --verify --ramp 0 --yes-destroy-data".split(" "));

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("verify: ram, block 1234: ");
    }

    @Test
    void countsFailedOperationsAndEndsWithStatusOne() {
        device.bad(17);
        CommandRun run = bench("--rw read --bs 4k --bytes 2M");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).isEqualTo("sluice: read of 8 blocks at block 16 on ram: bad block 17\n");
        assertThat(run.out().lines().reduce((first, last) -> last).orElseThrow())
                .endsWith(" failed 1");
    }

    @Test
    void splitsWhatIsLargerThanTheLargestTransfer() {
        // 64 blocks of 512 bytes are 32 KiB.
        CommandRun run = bench("--rw randwrite --bs 256k --iodepth 2 --bytes 4M --verify --yes-destroy-data");

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(device.mostInFlight()).isEqualTo(16);
    }

    @Test
    void batchesLimitWhatADoorbellTells() {
        assertThat(bench("--rw read --bs 512 --iodepth 32 --batch 1 --bytes 32k")
                        .status())
                .isZero();
        assertThat(device.commits()).isEqualTo(64);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--rw write | --yes-destroy-data",
                "--rw sideways | sideways",
                "--rw read --bs 1000 | blocks of 512 bytes",
                "--rw read --bs 4m2 | --bs",
                "--rw read --iodepth 0 | --iodepth",
                "--rw read --bytes 1k --bs 4k | less than one I/O",
                "--rw read --span 1G | --span",
                "--rw read --rwmixread 101 | --rwmixread",
                "--bs 4k | --rw",
            })
    void wrongUsageIsStatusTwo(String args, String message) {
        CommandRun run = bench(args);

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).startsWith("sluice: ").contains(message).endsWith("Try 'sluice bench --help'.\n");
        assertThat(device.openSessions()).isZero();
    }

    @Test
    void saysWhenTheQueueIsTooSmall() {
        CommandRun run = CommandRun.on(
                new ScriptedDevice(512, 4096, 64, 31), "bench 03:00.0 --rw read --iodepth 32 --bytes 1M".split(" "));

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).startsWith("sluice: ram takes 31 operations at once, not 32");
    }

    @Test
    void saysWhenTheBufferIsTooSmall() {
        CommandRun run = bench("--rw read --bs 64k --iodepth 32 --buffer 1M --bytes 1M");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("need a buffer of 2097152 bytes, it was to be 1048576 bytes");
    }
}
