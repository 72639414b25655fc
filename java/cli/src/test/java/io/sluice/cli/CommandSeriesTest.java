package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandSeriesTest {
    private static final String DRIVE = "emulated:size=8M";

    private static void ok(CommandSeries.Result result) {
        assertThat(result.status()).as(result.messages()).isZero();
    }

    @Test
    void whatIsKeptOpenKeepsWhatItHolds() throws IOException {
        String write = "bench " + DRIVE + " --rw write --bs 64k --ramp 0 --bytes 8M --verify --yes-destroy-data";
        String check = "bench " + DRIVE + " --rw read --bs 64k --ramp 0 --bytes 8M --verify";
        try (CommandSeries commands = new CommandSeries()) {
            commands.keep(DRIVE);
            ok(commands.run(write.split(" ")));
            ok(commands.run(check.split(" ")));

            commands.release();

            // Another controller, with nothing in its memory.
            assertThat(commands.run(check.split(" ")).status()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {DRIVE, DRIVE + "/p0", DRIVE + "/p0,mediated", DRIVE + "/p0,copying"})
    void everyNameReachesTheSameBlocks(String name) throws IOException {
        try (CommandSeries commands = new CommandSeries()) {
            commands.keep(DRIVE);
            ok(commands.run(("bench " + DRIVE + " --rw write --bs 4k --ramp 0 --bytes 8M --verify --yes-destroy-data")
                    .split(" ")));

            ok(commands.run(("bench " + name + " --rw read --bs 4k --ramp 0 --bytes 8M --verify").split(" ")));
            CommandSeries.Result copied =
                    commands.run(("dd --engine session if=" + name + " of=/dev/null bs=1M").split(" "));

            ok(copied);
            assertThat(copied.messages()).contains("8+0 records in", "8388608 bytes");
        }
    }

    @Test
    void anErrorIsOfItsCommandAlone() throws IOException {
        try (CommandSeries commands = new CommandSeries()) {
            CommandSeries.Result wrong = commands.run("identify", "nothing");
            CommandSeries.Result right = commands.run("identify", DRIVE);

            assertThat(wrong.status()).isEqualTo(2);
            assertThat(wrong.messages()).contains("'nothing' is no device");
            ok(right);
            assertThat(right.messages()).isEmpty();
            assertThat(right.output()).contains("Serial number");
        }
    }

    @Test
    void saysWhatCannotBeKept() throws IOException {
        try (CommandSeries commands = new CommandSeries()) {
            assertThatThrownBy(() -> commands.keep("nothing"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("'nothing' is no device");
        }
    }
}
