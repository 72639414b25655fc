package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    private static final String[] NO_ARGUMENTS = {};

    @Test
    void helpNamesEveryCommand() {
        CommandRun run = CommandRun.of("--help");

        assertThat(run.status()).isZero();
        assertThat(run.out())
                .contains(
                        "list",
                        "bind",
                        "unbind",
                        "identify",
                        "smart",
                        "log",
                        "feature",
                        "partitions",
                        "partition",
                        "dd",
                        "bench",
                        "fio",
                        "top",
                        "completion");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "list",
                "bind",
                "unbind",
                "identify",
                "smart",
                "log",
                "feature",
                "partitions",
                "partition",
                "dd",
                "bench",
                "fio",
                "top",
                "completion"
            })
    void eachCommandHasHelpWithExamplesThatFitsATerminal(String command) {
        CommandRun run = CommandRun.of(command, "--help");

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out()).startsWith("Usage: sluice " + command).contains("Example");
        assertThat(run.out().lines()).allMatch(line -> line.length() <= 100, "at most 100 columns");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "frobnicate | frobnicate",
                "list --wrong | --wrong",
                "identify | DEVICE",
                "identify nvme0 | 'nvme0' is no device",
                "identify 03:00.0/p1 | is a partition",
                "log 03:00.0 wrong | LOG",
            })
    void wrongUsageIsStatusTwoAndOneLineAndAHint(String arguments, String message) {
        CommandRun run = CommandRun.of(arguments.split(" "));

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).startsWith("sluice: ").contains(message).hasLineCount(2);
        assertThat(run.err().lines().skip(1)).first().asString().startsWith("Try 'sluice");
    }

    @Test
    void noCommandIsWrongUsage() {
        assertThat(CommandRun.of(NO_ARGUMENTS).status()).isEqualTo(2);
    }

    @Test
    void anErrorIsOneLineAndDebugShowsWhereItCameFrom() {
        CommandRun plain = CommandRun.of("smart", "03:00.0");
        CommandRun debug = CommandRun.of("smart", "03:00.0", "--debug");

        assertThat(plain.status()).isEqualTo(1);
        assertThat(plain.err()).isEqualTo("sluice: no controller in this test\n");
        assertThat(debug.status()).isEqualTo(1);
        assertThat(debug.err()).contains("\tat io.sluice.cli.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bench emulated:size=1M --scenario nowhere.img",
                "fio nowhere.img",
                "bench emulated:size=1M --replay nowhere.img"
            })
    void aFileThatIsMissingIsNamedAndSoIsWhatIsWrongWithIt(String arguments) {
        CommandRun run = CommandRun.of(arguments.split(" "));

        assertThat(run.status()).as(run.err()).isPositive();
        assertThat(run.err()).contains("nowhere.img", "there is no such file");
    }

    @Test
    void completionIsAScriptThatKnowsCommandsAndOptions() {
        CommandRun run = CommandRun.of("completion");

        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("complete -F", "bench", "--iodepth");
    }
}
