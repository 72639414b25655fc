package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands on files that are devices. */
class UringDevicesTest {
    @TempDir
    Path directory;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int sluice(String... arguments) {
        try (PrintStream errors = new PrintStream(err, true, StandardCharsets.UTF_8)) {
            return Main.run(
                    new Environment(
                            new AllDevices(new ControllerDevices(), new UringDevices(errors::println)),
                            Path.of("/"),
                            new ByteArrayInputStream(new byte[0]),
                            new ByteArrayOutputStream(),
                            errors,
                            false),
                    arguments);
        }
    }

    private Path file(String name, int bytes) throws IOException {
        byte[] content = new byte[bytes];
        new Random(bytes).nextBytes(content);
        return Files.write(directory.resolve(name), content);
    }

    @Test
    void ddCopiesIntoAFileAndOutOfIt() throws IOException {
        Path data = file("data", 1 << 20);
        Path device = file("device", 4 << 20);
        byte[] before = Files.readAllBytes(device);
        assertThat(sluice("dd", "if=" + data, "of=file:" + device, "bs=64k", "seek=2", "conv=fsync", "status=none"))
                .as(err.toString(StandardCharsets.UTF_8))
                .isZero();
        Path back = directory.resolve("back");
        assertThat(sluice("dd", "if=file:" + device, "of=" + back, "bs=64k", "skip=2", "count=16", "status=none"))
                .isZero();
        assertThat(back).hasSameBinaryContentAs(data);
        assertThat(Files.size(device)).isEqualTo(4 << 20);
        assertThat(Files.readAllBytes(device)).startsWith(java.util.Arrays.copyOf(before, 128 << 10));
    }

    @Test
    void benchVerifiesWhatItWrote() throws IOException {
        Path device = file("device", 4 << 20);
        assertThat(sluice(
                        "bench",
                        "file:" + device,
                        "--rw",
                        "randwrite",
                        "--bs",
                        "4k",
                        "--iodepth",
                        "8",
                        "--bytes",
                        "1M",
                        "--verify",
                        "--yes-destroy-data"))
                .as(err.toString(StandardCharsets.UTF_8))
                .isZero();
    }

    @Test
    void whatCannotBeADeviceIsRefusedInWords() throws IOException {
        assertThat(sluice("bench", "file:" + file("odd", 1000), "--rw", "read")).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("1000 bytes").contains("truncate");
        assertThat(sluice("bench", "file:" + directory, "--rw", "read")).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("no regular file");
        assertThat(sluice("bench", "file:" + directory.resolve("missing"), "--rw", "read"))
                .isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("missing");
    }

    @Test
    void onlyBlockDevicesAndNvmeNodesAreNodes() {
        assertThat(UringDevices.isNode("/dev/null")).isFalse();
        assertThat(UringDevices.isNode("/dev/zero")).isFalse();
        assertThat(UringDevices.isNode("/dev/there-is-no-such-node")).isFalse();
        assertThat(UringDevices.isNode(directory.toString())).isFalse();
    }
}
