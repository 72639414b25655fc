package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What keeps it from serving; that it serves is tested where other processes use it. */
class EmulateCommandTest {
    @TempDir
    Path directory;

    @Test
    void withoutASocketItIsWrongUsage() {
        CommandRun run = CommandRun.of("emulate", "--size", "1M");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("--socket");
    }

    @Test
    void parametersThatMakeNoSenseAreWrongUsageAndNoSocketIsMade() {
        Path socket = directory.resolve("socket");
        CommandRun run = CommandRun.of("emulate", "--socket", socket.toString(), "--block", "7");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("block=7");
        CommandRun more = CommandRun.of("emulate", "--socket", socket.toString(), "--size", "1M", "colour=red");
        assertThat(more.status()).isEqualTo(2);
        assertThat(more.err()).contains("colour");
        CommandRun fault = CommandRun.of(
                "emulate", "--socket", socket.toString(), "--size", "1M", "--fault", "drop:once", "--fault", "bogus");
        assertThat(fault.status()).isEqualTo(2);
        assertThat(fault.err()).contains("fault 'bogus'");
        assertThat(socket).doesNotExist();
    }

    @Test
    void aFileAtTheSocketsPathIsNotTouched() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "precious");
        CommandRun run = CommandRun.of("emulate", "--socket", file.toString(), "--size", "1M");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains(file.toString()).contains("no socket");
        assertThat(file).hasContent("precious");
    }

    @Test
    void aBackingThatCannotBeOpenedIsSaid() {
        Path socket = directory.resolve("socket");
        Path backing = directory.resolve("none/drive.img");
        CommandRun run = CommandRun.of("emulate", "--socket", socket.toString(), "--backing", backing.toString());
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains(backing.toString());
        assertThat(socket).doesNotExist();
    }
}
