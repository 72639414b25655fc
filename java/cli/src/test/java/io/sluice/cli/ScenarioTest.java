package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScenarioTest {
    private final ScriptedDevice device = new ScriptedDevice(512, 4096);

    @TempDir
    private Path directory;

    private CommandRun run(String yaml, String... arguments) throws IOException {
        Path file = Files.writeString(directory.resolve("scenario.yaml"), yaml);
        List<String> all = new ArrayList<>(List.of("bench", "--scenario", file.toString()));
        all.addAll(List.of(arguments));
        return CommandRun.on(device, all.toArray(String[]::new));
    }

    @Test
    void testsRunInOrderWithTheirDefaults() throws IOException {
        CommandRun run = run("""
                device: 03:00.0
                defaults: {ramp: 0, bytes: 64k, verify: true}
                tests:
                  - {name: fill, rw: write, bytes: 2M, bs: 64k}
                  - {name: check, rw: [read, randread], iodepth: [1, 4]}
                """, "--yes-destroy-data");

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out().lines().skip(2).map(line -> line.substring(0, 5).strip()))
                .containsExactly("fill", "check", "check", "check", "check");
    }

    @Test
    void whatStandsTogetherRunsAtOnce() throws IOException {
        CommandRun run = run("""
                device: 03:00.0
                tests:
                  - name: mixed
                    ramp: 0
                    bytes: 256k
                    together:
                      - {rw: randread, iodepth: 8}
                      - {rw: read, iodepth: 2, numjobs: 2}
                """);

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out().lines().skip(2)).hasSize(2).allMatch(line -> line.startsWith("mixed"));
        assertThat(run.out())
                .contains("mixed randread session    4K    8/2 ")
                .contains("mixed read     session    4K  2x2/1 1.0k    0  512K ");
    }

    @Test
    void stopsAtTheFirstFailureWhereThatIsWanted() throws IOException {
        device.bad(17);
        String tests = """
                device: 03:00.0
                defaults: {ramp: 0, bytes: 64k}
                tests:
                  - {name: first, rw: read}
                  - {name: second, rw: read, start: 1M}
                """;
        CommandRun stopped = run("stop-on-error: true\n" + tests);
        CommandRun going = run(tests);

        assertThat(stopped.status()).isEqualTo(1);
        assertThat(stopped.out()).contains("first").contains("failed").doesNotContain("second");
        assertThat(going.status()).isEqualTo(1);
        assertThat(going.out()).contains("second");
        assertThat(going.err()).contains("bad block 17");
    }

    @Test
    void writingNeedsTheSameConsent() throws IOException {
        CommandRun run = run("device: 03:00.0\ntests: [{rw: randwrite}]\n");

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("--rw randwrite overwrites").contains("--yes-destroy-data");
    }

    @Test
    void theCommandLineMayNameTheDevice() throws IOException {
        assertThat(run("tests: [{rw: read, bytes: 4k, ramp: 0}]\n", "03:00.0").status())
                .isZero();
        assertThat(run("tests: [{rw: read}]\n").err()).contains("DEVICE");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tests: [{rw: read, speed: 3}] | :1: 'speed' is no option of a test",
                "tests:;  - {rw: read};  - {rw: sideways} | :3: ",
                "tests:;  - {rw: read, iodepth: 0} | :2: --iodepth: expected 1 to 65535",
                "tests:;  - {iodepth: 1} | :2: Missing required option: '--rw=PATTERN'",
                "tests:;  - {rw: read, rw: write} | :2: 'rw' is there twice",
                "tests: [] | :1: 'tests' is a list of tests",
                "hello: 1;tests: [{rw: read}] | :1: 'hello' is not known here",
                "device: nonsense;tests: [{rw: read}] | :1: 'nonsense' is no device",
                "tests: [ | is no YAML",
                "tests:;  - {rw: read, name: {a: b}} | :2: expected a single value",
                "tests:;  - together: 3 | :2: 'together' is a list",
                "stop-on-error: maybe;tests: [{rw: read}] | :1: expected true or false",
            })
    void whatIsWrongIsToldWithItsLine(String yaml, String message) throws IOException {
        CommandRun run = run(yaml.replace(';', '\n') + "\n", "03:00.0");

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("scenario.yaml").contains(message);
        assertThat(device.openSessions()).isZero();
    }
}
