package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.nvme.ControllerOptions;
import io.sluice.nvme.PriorityWeights;
import io.sluice.nvme.SglUse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class DriverOptionsTest {
    @Test
    void optionsStandBehindTheNameOfAController() {
        assertThat(DeviceNameParser.parse("03:00.0/n2@hmb=64M,shadow=off"))
                .isInstanceOfSatisfying(DeviceName.Tuned.class, tuned -> {
                    assertThat(tuned.device()).isEqualTo(DeviceNameParser.parse("03:00.0/n2"));
                    assertThat(tuned.namespace()).isEqualTo(2);
                    assertThat(tuned.controller()).isEqualTo("0000:03:00.0@hmb=64M,shadow=off");
                    assertThat(tuned.options())
                            .isEqualTo(ControllerOptions.defaults()
                                    .maxHostMemoryBytes(64 << 20)
                                    .shadowDoorbells(false));
                });
    }

    @Test
    void everyOptionIsRead() {
        assertThat(DriverOptions.parse("shadow=on,cmb=on,sgl=always,hmb=1T,weights=8:4:1:16"))
                .isEqualTo(ControllerOptions.defaults()
                        .shadowDoorbells(true)
                        .memoryBufferQueues(true)
                        .sglUse(SglUse.ALWAYS)
                        .maxHostMemoryBytes(1L << 40)
                        .priorityWeights(new PriorityWeights(8, 4, 1, 16)));
        assertThat(DriverOptions.parse("weights=256:1:1").priorityWeights())
                .isEqualTo(new PriorityWeights(256, 1, 1, 32));
    }

    @Test
    void aPathMayHoldAnAtSign() {
        assertThat(DeviceNameParser.parse("vfio-user:/run/a@b"))
                .isEqualTo(new DeviceName.VfioUser(Path.of("/run/a@b"), 1));
        assertThat(DeviceNameParser.parse("file:x@hmb=1")).isEqualTo(new DeviceName.KernelFile(Path.of("x@hmb=1")));
        assertThat(DeviceNameParser.looksLikeDevice("x@hmb=1")).isFalse();
        assertThat(DeviceNameParser.looksLikeDevice("03:00.0@hmb=1")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "shadow=maybe",
                "shadow=",
                "hmb=",
                "hmb=2T",
                "hmb=x",
                "cmb=1M",
                "sgl=on",
                "sgl=never,",
                "sgl=never,bogus=1",
                "weights=1:2",
                "weights=1:2:3:4:5",
                "weights=0:1:1",
                "weights=257:1:1",
                "weights=1:1:1:3",
                "weights=a:b:c",
            })
    void whatMakesNoSenseIsRefused(String options) {
        assertThatThrownBy(() -> DeviceNameParser.parse("03:00.0@" + options))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageStartingWith("'@" + options + "': ");
    }

    @Test
    void identifyShowsWhatIsOfferedAndWhatIsInUse() {
        CommandRun run = CommandRun.real(
                "identify", "emulated:size=1M,cmb=64k,hmb=8M@cmb=on,hmb=4M,weights=8:4:1,sgl=always,shadow=off");
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .contains(
                        "Shadow doorbells             offered\n",
                        "Queues in controller memory  in use\n",
                        "Host memory wanted           8.0 MiB, at least 2.0 MiB\n",
                        "Host memory lent             4.0 MiB\n",
                        "Queue priorities             in use\n",
                        "Scatter-gather lists in use  always\n",
                        "Write cache now              on\n",
                        "   0*  25.00 W  yes ",
                        "   2    0.05 W  no        2,000 µs  15,000 µs");
        String json = CommandRun.real("identify", "emulated:size=1M,shadow=off,sgl=off,cache=off", "--json")
                .out();
        assertThat(json)
                .contains(
                        "\"shadow_doorbells\": \"not offered\"",
                        "\"controller_memory_queues\": \"not offered\"",
                        "\"host_memory_preferred_bytes\": 0",
                        "\"queue_priorities\": \"offered\"",
                        "\"sgl_use\": \"never\"",
                        "\"power_state\": 0",
                        "\"max_microwatts\": 25000000")
                .doesNotContain("\"write_cache\"");
    }

    @ParameterizedTest
    @CsvSource({
        "volatile-write-cache off, 0x00000000 (off)",
        "6, 0x00000001 (on)",
        "6 0 --which default, 0x00000001 (on)",
        "0x02 2, 0x00000002 (power state 2)",
        "arbitration, '0x00000005 (weights 1 high, 1 medium, 1 low; bursts of 32 commands)'",
        "1 0x07030107, '0x07030107 (weights 8 high, 4 medium, 2 low; bursts of any length)'",
        "number-of-queues, '0x003f003f (64 submission, 64 completion queues)'",
    })
    void featuresAreShownAndSet(String arguments, String value) {
        CommandRun run = CommandRun.real(("feature emulated:size=1M " + arguments).split(" "));
        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
        assertThat(run.out()).endsWith("Value    " + value + "\n");
    }

    @ParameterizedTest
    @CsvSource({
        "6 on --save, 1, Feature Identifier Not Saveable",
        "2 31, 1, Invalid Field in Command",
        "99, 2, is no feature that can be read here",
        "13, 2, is no feature that can be read here",
        "6 maybe, 2, 'maybe' is no value",
        "1 -1, 2, -1",
        "1 0x100000000, 2, 32 bits",
        "6 --save, 2, --save goes with a value",
        "6 --which never, 2, never",
    })
    void whatCannotBeSetIsToldWhy(String arguments, int status, String message) {
        CommandRun run = CommandRun.real(("feature emulated:size=1M " + arguments).split(" "));
        assertThat(run.status()).as(run.err()).isEqualTo(status);
        assertThat(run.err()).contains(message);
    }
}
