package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DdCommandTest {
    private static final Pattern TIMES = Pattern.compile("copied, [0-9.e+-]+ s, [0-9.]+ [kMGT]?B/s");

    @TempDir
    private Path directory;

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    /** Runs dd itself and sluice dd with the same operands on copies of the same files, and compares everything. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "if=IN of=OUT",
                "if=IN of=OUT bs=1k",
                "if=IN of=OUT bs=1000",
                "if=IN of=OUT bs=1M",
                "if=IN of=NEW bs=7",
                "if=IN of=NEW ibs=100 obs=3000",
                "if=IN of=NEW ibs=3000 obs=100",
                "if=IN of=OUT bs=512 count=3",
                "if=IN of=OUT bs=512 count=0",
                "if=IN of=OUT bs=512 count=700B",
                "if=IN of=OUT bs=512 count=700 iflag=count_bytes",
                "if=IN of=OUT bs=512 skip=2 seek=3",
                "if=IN of=OUT bs=512 iseek=2 oseek=3 conv=notrunc",
                "if=IN of=OUT bs=512 seek=1 conv=notrunc count=1",
                "if=IN of=OUT bs=512 skip=100B seek=33B conv=notrunc",
                "if=IN of=OUT bs=512 seek=40 count=0",
                "if=IN of=OUT ibs=256 obs=1k skip=3 seek=2",
                "if=IN of=OUT bs=512 skip=10000",
                "if=IN of=OUT bs=512 skip=19",
                "if=IN of=OUT bs=4k conv=sync",
                "if=IN of=OUT ibs=4k obs=1k conv=sync,notrunc",
                "if=IN of=OUT bs=1k conv=fsync",
                "if=IN of=OUT bs=1k conv=fdatasync",
                "if=IN of=OUT bs=2x512 oflag=append conv=notrunc",
                "if=IN of=OUT bs=4k iflag=direct",
                "if=IN of=OUT bs=4k iflag=direct,fullblock",
                "if=IN of=OUT bs=4k oflag=append",
                "if=IN of=OUT bs=4k oflag=append conv=notrunc",
                "if=IN of=OUT bs=4k oflag=direct",
                "if=IN of=NEW bs=4k oflag=dsync",
                "if=IN of=NEW bs=1k conv=excl",
                "if=IN of=OUT bs=1k conv=nocreat",
                "if=IN of=OUT status=none",
                "if=IN of=OUT status=noxfer",
                "if=IN",
                "if=IN bs=1k count=1",
                "of=OUT bs=1k",
                "bs=100 skip=2",
                "bs=100 iflag=fullblock count=3",
                "if=/dev/zero of=NEW bs=1M count=3",
                "if=/dev/zero of=/dev/null bs=999 count=1",
                "if=/dev/zero of=/dev/null bs=1001 count=1",
                "if=/dev/null of=OUT",
                "if=/dev/null of=/dev/null skip=5",
                "if=IN of=/dev/null bs=1k seek=5",
                // Errors: the same texts and exit status.
                "if=MISSING of=OUT",
                "if=IN of=MISSING conv=nocreat",
                "if=IN of=OUT conv=excl",
                "if=IN of=DIR",
                "if=DIR of=OUT",
                "if=IN of=NEW/x",
                "if=IN of=/dev/full bs=1k",
                "if=IN of=/dev/full",
                "if=IN of=OUT bs=0",
                "if=IN of=OUT bs=foo",
                "if=IN of=OUT count=-1",
                "if=IN of=OUT count=1x",
                "if=IN of=OUT wrong=1",
                "if=IN of=OUT wrong",
                "if=IN of=OUT conv=excl,nocreat",
            })
    void doesWhatDdDoes(String operands) throws IOException, InterruptedException {
        Path theirs = Files.createDirectory(directory.resolve("theirs"));
        Path ours = Files.createDirectory(directory.resolve("ours"));
        byte[] in = random(1234);
        prepare(theirs);
        prepare(ours);

        ProcessBuilder builder = new ProcessBuilder(command(theirs, "dd", operands));
        builder.environment().put("LC_ALL", "C");
        Process dd = builder.start();
        try (var to = dd.getOutputStream()) {
            to.write(in);
        } catch (IOException brokenPipe) {
            // It does not want what it was given.
        }
        byte[] expectedOut = dd.getInputStream().readAllBytes();
        String expectedErr = new String(dd.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        int expectedStatus = dd.waitFor();
        CommandRun run = CommandRun.on(
                new ScriptedDevice(512, 8), in, command(ours, "dd", operands).toArray(new String[0]));

        assertThat(normalized(run.err(), ours)).isEqualTo(normalized(expectedErr, theirs));
        assertThat(run.status()).isEqualTo(expectedStatus);
        assertThat(run.stdout().toByteArray()).isEqualTo(expectedOut);
        for (String name : List.of("in", "out", "new")) {
            assertThat(contents(ours.resolve(name))).as(name).isEqualTo(contents(theirs.resolve(name)));
        }
    }

    private static void prepare(Path in) throws IOException {
        Files.write(in.resolve("in"), random(10_000));
        Files.write(in.resolve("out"), random(12_345));
        Files.createDirectory(in.resolve("dir"));
    }

    private static List<String> command(Path in, String name, String operands) {
        List<String> command = new ArrayList<>(List.of(name));
        for (String operand : operands.split(" ")) {
            command.add(operand.replace("=IN", "=" + in.resolve("in"))
                    .replace("=OUT", "=" + in.resolve("out"))
                    .replace("=NEW", "=" + in.resolve("new"))
                    .replace("=DIR", "=" + in.resolve("dir"))
                    .replace("=MISSING", "=" + in.resolve("missing")));
        }
        return command;
    }

    private static String normalized(String err, Path in) {
        return TIMES.matcher(err.replace(in.toString(), "DIR"))
                .replaceAll("copied, TIME")
                .replace("dd: ", "sluice: ")
                .replace("Try 'dd --help' for more information.", "Try 'sluice dd --help'.");
    }

    private static byte[] contents(Path file) throws IOException {
        return Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
    }

    private static CommandRun dd(ScriptedDevice device, String operands) {
        return CommandRun.on(device, ("dd " + operands).split(" "));
    }

    @ParameterizedTest
    @EnumSource(DdEngine.class)
    void copiesADeviceToAFileWithRecordsInFlight(DdEngine engine) throws IOException {
        byte[] data = random(1 << 20);
        ScriptedDevice device = new ScriptedDevice(512, 2048).fill(data);
        Path file = directory.resolve("image");

        CommandRun run = dd(device, "--engine " + engine + " if=03:00.0 of=" + file + " bs=4k");

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.err())
                .startsWith("256+0 records in\n256+0 records out\n1048576 bytes (1.0 MB, 1.0 MiB) copied, ");
        assertThat(Files.readAllBytes(file)).isEqualTo(data);
        // How many the thread of a channel has not polled yet when more come, is a matter of chance.
        assertThat(device.mostInFlight()).isGreaterThan(engine == DdEngine.SESSION ? 16 : 0);
        assertThat(device.openSessions()).isZero();
        assertThat(device.isClosed()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(DdEngine.class)
    void copiesAFileToADeviceWithRecordsInFlight(DdEngine engine) throws IOException {
        byte[] data = random(1 << 20);
        Path file = Files.write(directory.resolve("image"), data);
        ScriptedDevice device = new ScriptedDevice(4096, 512);

        CommandRun run =
                dd(device, "--engine " + engine + " if=" + file + " of=03:00.0 bs=64k seek=1 conv=fsync oflag=direct");

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.err()).startsWith("16+0 records in\n16+0 records out\n1048576 bytes");
        assertThat(Arrays.copyOfRange(device.contents(), 65536, 65536 + data.length))
                .isEqualTo(data);
        // How many the thread of a channel has not polled yet when more come, is a matter of chance.
        assertThat(device.mostInFlight()).isGreaterThan(engine == DdEngine.SESSION ? 8 : 0);
        assertThat(device.syncs()).isEqualTo(1);
    }

    @Test
    void copiesWithinADeviceAndSplitsLargeRecords() {
        byte[] data = random(2 << 20);
        ScriptedDevice device = new ScriptedDevice(512, 4096, 8, 16).fill(data);

        CommandRun run = dd(device, "if=03:00.0 of=03:00.0 bs=1M count=1 seek=1");

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(Arrays.copyOfRange(device.contents(), 1 << 20, 2 << 20)).isEqualTo(Arrays.copyOf(data, 1 << 20));
    }

    @Test
    void readsTheTailOfADevice() {
        ScriptedDevice device = new ScriptedDevice(512, 11).fill(random(512 * 11));

        CommandRun run = dd(device, "if=03:00.0 bs=2k skip=1");

        assertThat(run.err()).startsWith("1+1 records in\n1+1 records out\n3584 bytes (3.6 kB, 3.5 KiB) copied");
        assertThat(run.stdout().toByteArray()).isEqualTo(Arrays.copyOfRange(device.contents(), 2048, 512 * 11));
    }

    @Test
    void countsInBytesWithinABlock() {
        ScriptedDevice device = new ScriptedDevice(4096, 4).fill(random(4 * 4096));

        CommandRun run = dd(device, "if=03:00.0 bs=4k count=5000B");

        assertThat(run.err()).startsWith("1+1 records in\n1+1 records out\n5000 bytes");
        assertThat(run.stdout().toByteArray()).isEqualTo(Arrays.copyOf(device.contents(), 5000));
    }

    @Test
    void endsAtTheEndOfTheDevice() {
        ScriptedDevice device = new ScriptedDevice(512, 10);

        CommandRun run = dd(device, "if=/dev/zero of=03:00.0 bs=2k");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err())
                .startsWith("sluice: error writing 'ram': No space left on device (10 blocks of 512 bytes)\n"
                        + "3+0 records in\n2+0 records out\n5120 bytes (5.1 kB, 5.0 KiB) copied, ");
    }

    @Test
    void refusesAFileThatIsNoWholeNumberOfBlocksBeforeItWrites() throws IOException {
        Path file = Files.write(directory.resolve("image"), random(1000));
        ScriptedDevice device = new ScriptedDevice(512, 10);

        CommandRun run = dd(device, "if=" + file + " of=03:00.0 bs=512");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err())
                .startsWith(
                        "sluice: error writing 'ram': the input has 1000 bytes, which is no multiple of the device's blocks of"
                                + " 512 bytes; conv=sync fills records up with zeroes\n0+0 records in\n0+0 records out\n");
        assertThat(device.contents()).containsOnly(0);

        assertThat(dd(device, "if=" + file + " of=03:00.0 bs=512 conv=sync").status())
                .isZero();
        assertThat(Arrays.copyOf(device.contents(), 1000)).isEqualTo(random(1000));
    }

    @Test
    void writesTheWholeRecordsOfAPipeAndSaysWhatIsLeft() {
        ScriptedDevice device = new ScriptedDevice(512, 10);

        CommandRun run = CommandRun.on(device, random(1300), "dd", "of=03:00.0", "bs=512");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err())
                .contains("a record has 276 bytes")
                .contains("2+1 records in\n2+0 records out\n1024 bytes");
        assertThat(Arrays.copyOf(device.contents(), 1024)).isEqualTo(Arrays.copyOf(random(1300), 1024));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "if=03:00.0 of=/dev/null bs=1000",
                "if=/dev/zero of=03:00.0 bs=1000 count=1",
                "if=03:00.0 bs=1k skip=100B"
            })
    void refusesRecordsThatAreNoWholeBlocks(String operands) {
        CommandRun run = dd(new ScriptedDevice(512, 10), operands);

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err())
                .startsWith("sluice: ")
                .contains("has blocks of 512 bytes")
                .hasLineCount(1);
    }

    @Test
    void aBadBlockEndsACopyAfterTheRecordsBeforeIt() {
        ScriptedDevice device =
                new ScriptedDevice(512, 64).fill(random(512 * 64)).bad(21);

        CommandRun run = dd(device, "if=03:00.0 bs=2k");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err())
                .startsWith("sluice: error reading 'ram': read of 4 blocks at block 20 on ram: bad block 21\n"
                        + "5+0 records in\n5+0 records out\n10240 bytes");
        assertThat(run.stdout().toByteArray()).isEqualTo(Arrays.copyOf(device.contents(), 10240));
    }

    @Test
    void noerrorGoesOnBehindABadBlock() {
        ScriptedDevice device =
                new ScriptedDevice(512, 64).fill(random(512 * 64)).bad(21);

        CommandRun run = dd(device, "if=03:00.0 bs=2k conv=noerror,sync");

        byte[] expected = device.contents();
        Arrays.fill(expected, 5 * 2048, 6 * 2048, (byte) 0);
        assertThat(run.status()).isZero();
        assertThat(run.stdout().toByteArray()).isEqualTo(expected);
    }

    @Test
    void aWriteThatFailsLeavesTheCountOfTheRecordsBeforeIt() {
        CommandRun run = dd(new ScriptedDevice(512, 64).bad(40), "if=/dev/zero of=03:00.0 bs=2k");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err())
                .startsWith("sluice: error writing 'ram': write of 4 blocks at block 40 on ram: bad block 40\n")
                .contains("\n10+0 records out\n20480 bytes");
    }

    @Test
    void seekingBehindTheEndSaysWhereItIs() {
        CommandRun run = dd(new ScriptedDevice(512, 64), "if=/dev/zero of=03:00.0 bs=512 seek=65");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err())
                .isEqualTo("sluice: 03:00.0: cannot seek: its end is at block 64, seek= goes to block 65\n");
    }

    @Test
    void aDeviceIsThereAlready() {
        CommandRun run = dd(new ScriptedDevice(512, 64), "if=/dev/zero of=03:00.0 bs=512 conv=excl");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).isEqualTo("sluice: failed to open '03:00.0': File exists\n");
    }

    @Test
    void aCopyThatIsInterruptedSaysHowFarItCame() throws IOException, InterruptedException {
        Process dd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "dd",
                        "if=/dev/zero",
                        "of=/dev/null",
                        "bs=1M",
                        "status=progress")
                .start();
        try (InputStream err = dd.getErrorStream()) {
            assertThat(err.read()).as("of the first line of progress").isEqualTo('\r');
            // The process itself would close what it says, too.
            assertThat(dd.toHandle().destroy()).isTrue();
            assertThat(new String(err.readAllBytes(), StandardCharsets.UTF_8))
                    .containsPattern("[0-9]+\\+[0-9]+ records in\n[0-9]+\\+[0-9]+ records out\n[0-9]+ bytes ");
        } finally {
            Process ignored = dd.destroyForcibly();
        }
        assertThat(dd.waitFor()).as("by the signal").isEqualTo(128 + 15);
    }
}
