package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables in files, made, shown, damaged and repaired by the commands. */
class PartitionCommandTest {
    private static final long BYTES = 64L << 20;

    @TempDir
    private Path directory;

    private Path image;
    private String device;
    private String out = "";
    private String err = "";

    @BeforeEach
    void makeImage() throws IOException {
        image = directory.resolve("image");
        device = "file:" + image;
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(BYTES);
        }
    }

    private int sluice(String... arguments) {
        ByteArrayOutputStream stdout = new ByteArrayOutputStream();
        ByteArrayOutputStream stderr = new ByteArrayOutputStream();
        int status;
        try (PrintStream errors = new PrintStream(stderr, true, StandardCharsets.UTF_8)) {
            status = Main.run(
                    new Environment(
                            new AllDevices(new ControllerDevices(), new UringDevices(note -> {})),
                            Path.of("/"),
                            new ByteArrayInputStream(new byte[0]),
                            stdout,
                            errors,
                            false),
                    arguments);
        }
        out = stdout.toString(StandardCharsets.UTF_8);
        err = stderr.toString(StandardCharsets.UTF_8);
        return status;
    }

    private void done(String... arguments) {
        assertThat(sluice(arguments)).as(() -> out + err).isZero();
    }

    @Test
    void aTableIsMadeChangedAndShown() {
        done("partition", "init", device);
        assertThat(out).startsWith(device + ": GPT ").contains("blocks 34 to 131038 can be used");
        done("partition", "create", device, "--size", "16M", "--type", "efi", "--name", "boot");
        assertThat(out).isEqualTo("partition 1: 32768 blocks at 2048 (16 MiB), efi, 'boot'\n");
        done("partition", "create", device, "--size", "16M", "--number", "7");
        done("partition", "create", device, "--type", "8e00", "--guid", "01234567-89ab-cdef-0123-456789abcdef");
        done("partition", "type", device, "7", "0657FD6D-A4AB-43C4-84E5-0933C84B4F4F");
        done("partition", "name", device, "7", "Auslagerung");
        done("partition", "resize", device, "7", "8M");
        done("partition", "delete", device, "1");

        done("partitions", device);
        assertThat(err).isEmpty();
        assertThat(out.lines().skip(1).map(line -> line.replaceAll(" +", " ")))
                .containsExactly(
                        "NUMBER START LENGTH SIZE TYPE NAME FILE SYSTEM FREE AFTER GUID",
                        " 2 67584 61440 30 MiB lvm - - 2015 01234567-89AB-CDEF-0123-456789ABCDEF",
                        " 7 34816 16384 8.0 MiB swap Auslagerung - 16384 " + guidOf(7));
    }

    private String guidOf(int number) {
        return out.lines()
                .filter(line -> line.strip().startsWith(number + " "))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void jsonHasWhatTheTableHasAndMore() {
        done("partition", "init", device, "--table", "mbr");
        done("partition", "create", device, "--type", "0c", "--size", "1M");
        done("partitions", device, "--json");

        assertThat(out)
                .contains(
                        "\"table\": \"mbr\"",
                        "\"start\": 2048",
                        "\"length\": 2048",
                        "\"block_bytes\": 512",
                        "\"type\": \"0x0C\"",
                        "\"type_name\": \"fat32-lba\"",
                        "\"guid\": null",
                        "\"file_system\": null",
                        "\"free_after\": 126976",
                        "\"findings\": []");
    }

    @Test
    void logicalPartitionsAreMadeChangedAndShown() {
        done("partition", "init", device, "--table", "mbr");
        done("partition", "create", device, "--size", "4M");
        done("partition", "create", device, "--type", "extended");
        assertThat(out).isEqualTo("partition 2: 120832 blocks at 10240 (59 MiB), extended\n");
        done("partition", "create", device, "--size", "8M");
        done("partition", "create", device, "--size", "8M", "--type", "swap", "--logical");
        done("partition", "create", device, "--size", "1M", "--number", "7", "--type", "0c");
        assertThat(out).isEqualTo("partition 7: 2048 blocks at 49152 (1.0 MiB), fat32-lba\n");
        done("partition", "resize", device, "6", "4M");
        done("partition", "delete", device, "5");
        assertThat(out)
                .isEqualTo("partition 5 is deleted\npartition 6 is partition 5 now\npartition 7 is partition 6 now\n");

        done("partitions", device);
        assertThat(err).isEmpty();
        assertThat(out.lines().skip(1).map(line -> line.replaceAll(" +", " ").strip()))
                .containsExactly(
                        "NUMBER START LENGTH SIZE TYPE NAME FILE SYSTEM FREE AFTER GUID",
                        "1 2048 8192 4.0 MiB linux - - 0 -",
                        "2 10240 120832 59 MiB extended - - 0 -",
                        "5 30720 8192 4.0 MiB swap - - 8192 -",
                        "6 49152 2048 1.0 MiB fat32-lba - - 79872 -");
        done("partitions", device, "--json");
        assertThat(out.replaceAll("\\s+", " ")).contains("\"extended\": { \"number\": 2, \"start\": 10240, ");
        assertThat(sluice("partition", "delete", device, "2")).isEqualTo(1);
        assertThat(err).contains("partition 2 holds the logical partitions 5 to 6; delete those with it");
        done("partition", "delete", device, "2", "5", "6");
        done("partition", "verify", device);
        assertThat(out).isEqualTo(device + ": MBR with 1 partition, nothing is wrong\n");
    }

    @Test
    void damageIsSaidRefusedAndRepaired() throws IOException {
        done("partition", "init", device);
        done("partition", "create", device);
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.seek(512);
            file.write(new byte[512]);
        }
        byte[] damaged = Files.readAllBytes(image);

        done("partitions", device);
        assertThat(err).startsWith("sluice: " + device + ": the first copy of the GPT is damaged");
        assertThat(sluice("partition", "verify", device)).isEqualTo(1);
        assertThat(out).startsWith(device + ": damage: the first copy of the GPT is damaged");
        assertThat(sluice("partition", "delete", device, "1")).isEqualTo(1);
        assertThat(err).contains("repair that first");
        assertThat(Files.readAllBytes(image)).isEqualTo(damaged);

        done("partition", "repair", device);
        done("partition", "verify", device);
        assertThat(out).isEqualTo(device + ": GPT with 1 partition, nothing is wrong\n");
        done("partition", "repair", device);
        assertThat(out).contains("nothing to repair");
    }

    @Test
    void aChainThatBreaksOffIsRepaired() throws IOException {
        done("partition", "init", device, "--table", "mbr");
        done("partition", "create", device, "--type", "extended");
        done("partition", "create", device, "--logical", "--size", "8M");
        done("partition", "create", device, "--logical", "--size", "8M");
        long second = (2L + 8) << 20;
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.seek(second + 510);
            file.write(new byte[2]);
        }
        assertThat(sluice("partition", "verify", device)).isEqualTo(1);
        assertThat(out).contains("has no record in block 20480");
        assertThat(sluice("partition", "delete", device, "5")).isEqualTo(1);
        assertThat(err).contains("repair that first");
        done("partition", "repair", device);
        assertThat(out)
                .isEqualTo(device + ": the record of a logical partition in block 20480 has its signature again\n");
        done("partition", "verify", device);
        assertThat(out).isEqualTo(device + ": MBR with 2 partitions, nothing is wrong\n");
    }

    @Test
    void whatIsThereIsGivenUpWhenThatIsSaid() throws IOException {
        done("partition", "init", device);
        done("partition", "create", device);
        byte[] before = Files.readAllBytes(image);

        assertThat(sluice("partition", "init", device)).isEqualTo(1);
        assertThat(err)
                .isEqualTo("sluice: " + device
                        + " holds the partition table GPT with 1 partition: say --yes-destroy-data if"
                        + " that is to be given up; nothing was written\n");
        assertThat(Files.readAllBytes(image)).isEqualTo(before);
        done("partition", "init", device, "--yes-destroy-data");
        done("partitions", device);
        assertThat(out).hasLineCount(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create DEVICE --type 0x83",
                "create DEVICE --type nonsense",
                "create DEVICE --size 1000",
                "create DEVICE --size 0",
                "create DEVICE --number 0",
                "create DEVICE --start 0",
                "create DEVICE --guid 1",
                "type DEVICE 1 nonsense",
                "resize DEVICE 1 nonsense",
                "resize DEVICE 1 1000",
                "resize DEVICE one 1M",
                "delete DEVICE",
                "init DEVICE --table ahdi",
                "mend DEVICE",
            })
    void wrongUsageIsStatusTwoAndWritesNothing(String arguments) throws IOException {
        done("partition", "init", device);
        done("partition", "create", device);
        byte[] before = Files.readAllBytes(image);

        String[] words = ("partition " + arguments.replace("DEVICE", device)).split(" ");
        assertThat(sluice(words)).isEqualTo(2);
        assertThat(err).startsWith("sluice: ").contains("Try 'sluice partition");
        assertThat(Files.readAllBytes(image)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"init", "create", "delete", "resize", "name", "type", "verify", "repair"})
    void everyChangeHasHelpWithAnExampleThatFitsATerminal(String change) {
        done("partition", change, "--help");

        assertThat(out).startsWith("Usage: sluice partition " + change).contains("Example", "Exit status: 0");
        assertThat(out.lines()).allMatch(line -> line.length() <= 100, "at most 100 columns");
    }

    @Test
    void ddReadsAndWritesAPartitionAndNothingElse() throws IOException {
        done("partition", "init", device);
        done("partition", "create", device, "--size", "1M");
        done("partition", "create", device, "--size", "1M");
        byte[] content = new byte[1 << 20];
        Arrays.fill(content, (byte) 0x5a);
        Path data = Files.write(directory.resolve("data"), content);
        byte[] expected = Files.readAllBytes(image);
        System.arraycopy(content, 0, expected, 1 << 20, content.length);

        done("dd", "if=" + data, "of=" + device + "/p1", "bs=64k", "conv=fsync", "status=none");
        assertThat(Files.readAllBytes(image)).isEqualTo(expected);
        Path back = directory.resolve("back");
        done("dd", "if=" + device + "/p1", "of=" + back, "bs=64k", "status=none");
        assertThat(back).hasSameBinaryContentAs(data);
        assertThat(sluice("dd", "if=" + data, "of=" + device + "/p2", "bs=64k", "seek=1", "status=none"))
                .as("a write that reaches behind the partition")
                .isEqualTo(1);
        assertThat(Files.readAllBytes(image))
                .startsWith(Arrays.copyOf(expected, 2 << 20))
                .endsWith(Arrays.copyOfRange(expected, 3 << 20, expected.length));
        assertThat(sluice("dd", "if=" + device + "/p3", "of=" + back, "status=none"))
                .isEqualTo(1);
        assertThat(err).contains("there is no partition 3: its table GPT has 1, 2");
    }

    @Test
    void benchMeasuresAPartition() {
        done("partition", "init", device);
        done("partition", "create", device, "--size", "1M");

        done("bench", device + "/p1", "--rw", "randread", "--bytes", "64k", "--ramp", "0");
        assertThat(out).startsWith(image + "/p1: 2,048 blocks of 512 bytes (1.0 MiB)");
    }
}
