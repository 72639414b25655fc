package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.block.BlockDevice;
import io.sluice.block.BlockSession;
import io.sluice.block.RamDevice;
import io.sluice.block.SessionOptions;
import io.sluice.block.statistics.StatisticsDirectory;
import io.sluice.block.statistics.StatisticsPublisher;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopCommandTest {
    @TempDir
    Path parent;

    private Path directory;
    private BlockDevice device;
    private BlockDevice other;
    private StatisticsPublisher publisher;
    private final List<BlockSession> sessions = new ArrayList<>();

    @BeforeEach
    void publish() throws Exception {
        directory = parent.resolve("sluice");
        device = new RamDevice("0000:5e:00.0/n1", 512, 64);
        other = new RamDevice("0000:5e:00.0/n11", 512, 64);
        sessions.add(device.open(SessionOptions.defaults().label("the first")));
        sessions.add(other.open(SessionOptions.defaults().label("the other")));
        publisher = StatisticsPublisher.start(StatisticsDirectory.at(directory), "a test", failure -> {
            throw new AssertionError(failure);
        });
        while (!isPublished()) {
            Thread.sleep(5);
        }
    }

    private boolean isPublished() throws IOException {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                return Files.size(file) > 0;
            }
            return false;
        }
    }

    @AfterEach
    void end() throws IOException {
        publisher.close();
        device.close();
        other.close();
    }

    private CommandRun top(String arguments) {
        return CommandRun.of(("top --interval 0.1 --directory " + directory + " " + arguments)
                .strip()
                .split(" "));
    }

    @Test
    void everySessionIsShown() {
        CommandRun run = top("--count 1");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("0000:5e:00.0/n1 ", "the first", "0-63 ro", "0.0/128")
                .contains("0000:5e:00.0/n11 ", "the other");
        assertThat(run.err()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "5e:00.0, true, true",
        "0000:5e:00.0, true, true",
        "5e:00.0/n1, true, false",
        "5e:00.0/n11, false, true",
        "5e:00.1, false, false",
        "emulated:, false, false",
    })
    void aDeviceIsAskedForByWhatItIsCalledElsewhere(String name, boolean first, boolean second) {
        CommandRun run = top("--count 1 " + name);
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out().contains("the first")).isEqualTo(first);
        assertThat(run.out().contains("the other")).isEqualTo(second);
    }

    @Test
    void jsonIsALineForEachInterval() {
        CommandRun run = top("--json --count 3 5e:00.0/n1");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out().lines()).hasSize(3).allMatch(line -> line.contains("\"label\": \"the first\""));
    }

    @Test
    void whatCannotBeReadIsToldOnceAndTheRestIsShown() throws IOException {
        Files.writeString(directory.resolve("rubbish"), "x".repeat(100));
        CommandRun run = top("--count 2");
        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("the first");
        assertThat(run.err().lines()).singleElement().asString().contains("rubbish: no statistics");
    }

    @ParameterizedTest
    @CsvSource({"--interval 0.01, --interval", "--interval x, --interval", "--count 0, --count"})
    void wrongUsageIsStatusTwo(String arguments, String message) {
        CommandRun run = CommandRun.of(("top " + arguments).split(" "));
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains(message);
    }
}
