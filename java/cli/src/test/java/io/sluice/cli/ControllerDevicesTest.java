package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.block.BlockDevice;
import io.sluice.block.BlockSession;
import io.sluice.block.SessionOptions;
import io.sluice.nvme.NvmeController;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControllerDevicesTest {
    private final ControllerDevices devices = new ControllerDevices();

    @ParameterizedTest
    @ValueSource(strings = {"file:/tmp/x", "/dev/nvme0n1"})
    void whatTheKernelHasIsNoController(String name) {
        assertThatThrownBy(() -> devices.openController(DeviceNameParser.parse(name)))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot open " + name + " as a controller")
                .hasMessageContaining("PCI address");
    }

    @Test
    void whereNobodyServesTheMessageSaysSo(@TempDir Path directory) {
        Path socket = directory.resolve("socket");
        assertThatThrownBy(() -> devices.open(DeviceNameParser.parse("vfio-user:" + socket)))
                .isInstanceOf(IOException.class)
                .hasMessage("vfio-user:" + socket
                        + ": there is no such socket; is the server running, and is this its path?");
    }

    @Test
    void anEmulatedControllerIsOpenedByItsName() throws IOException {
        try (BlockDevice device = devices.open(DeviceNameParser.parse("emulated:size=1M,block=4096"))) {
            assertThat(device.name()).isEqualTo("emulated:size=1M,block=4096/n1");
            assertThat(device.geometry().blockCount()).isEqualTo(256);
            assertThat(device.geometry().blockBytes()).isEqualTo(4096);
        }
    }

    @Test
    void namesOfTheSameControllerShareIt() throws IOException {
        try (BlockDevice first = devices.open(DeviceNameParser.parse("emulated:size=1M+size=2M"));
                BlockDevice second = devices.open(DeviceNameParser.parse("emulated:size=1M+size=2M/n2"));
                BlockSession one = first.open(SessionOptions.defaults());
                BlockSession two = second.open(SessionOptions.defaults())) {
            assertThat(one.geometry().blockCount()).isEqualTo(2048);
            assertThat(two.geometry().blockCount()).isEqualTo(4096);
        }
    }

    @Test
    void whatIsWrittenToAFileIsThereForTheNextController(@TempDir Path directory) throws IOException {
        String name = "emulated:" + directory.resolve("drive.img") + ",size=1M";
        byte[] data = new byte[4096];
        data[100] = 42;
        CommandRun write = CommandRun.real(data, "dd", "of=" + name, "bs=4096", "seek=3", "conv=fsync");
        assertThat(write.err()).contains("4096 bytes");
        assertThat(Files.size(directory.resolve("drive.img"))).isEqualTo(1 << 20);

        CommandRun read = CommandRun.real(new byte[0], "dd", "if=" + name, "bs=4096", "skip=3", "count=1");
        assertThat(read.status()).isZero();
        assertThat(read.stdout().toByteArray()).isEqualTo(data);
    }

    @Test
    void theControllerSaysWhatItWasToldTo() throws IOException {
        DeviceName name = DeviceNameParser.parse(
                "emulated:size=1M,mdts=5,queues=3,entries=64,vectors=2,stride=1,cmb=64k,sgl=off,cache=off,serial=S1,model=M1");
        try (NvmeController controller = devices.openController(name)) {
            assertThat(controller.maxTransfer()).isEqualTo(4096 << 5);
            assertThat(controller.ioQueuePairs()).isEqualTo(3);
            assertThat(controller.capabilities().maxQueueEntries()).isEqualTo(64);
            assertThat(controller.capabilities().doorbellStrideBytes()).isEqualTo(8);
            assertThat(controller.capabilities().memoryBuffer()).isTrue();
            assertThat(controller.identify().scatterGatherLists()).isFalse();
            assertThat(controller.identify().volatileWriteCache()).isFalse();
            assertThat(controller.identify().serialNumber()).isEqualTo("S1");
            assertThat(controller.identify().modelNumber()).isEqualTo("M1");
        }
    }

    @Test
    void everyCommandWorksOnAnEmulatedController() {
        assertThat(CommandRun.real("identify", "emulated:size=64M").out())
                .contains("Sluice Emulated NVMe Controller")
                .contains("64 MiB");
        assertThat(CommandRun.real("smart", "emulated:", "--json").out()).contains("\"available_spare_percent\":");
        assertThat(CommandRun.real("log", "emulated:", "error").status()).isZero();
        CommandRun bench = CommandRun.real(
                "bench emulated:size=4M,fill --rw randwrite --bytes 4M --ramp 0 --iodepth 8 --verify --yes-destroy-data"
                        .split(" "));
        assertThat(bench.err()).isEmpty();
        assertThat(bench.status()).isZero();
        assertThat(bench.out()).contains("randwrite");
    }

    @Test
    void aFaultStrikesAsItsTextSays() {
        String device = "emulated:size=1M,fault=status:code=281:op=read:lba=8";
        CommandRun run = CommandRun.real("dd", "if=" + device, "of=/dev/null", "bs=4096", "status=none");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("Unrecovered Read Error");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fault=bogus",
                "fault=status",
                "fault=drop:lba=x",
                "seed=x",
                "size=1",
                "size=x",
                "size=1M,block=1000",
                "size=1M,block=256",
                "size=1M,",
                "bogus=1",
                "/a,/b",
                "readonly",
                "/a,fill",
                "/a,readonly,size=1M",
                "mdts=19",
                "queues=0",
                "entries=1",
                "vectors=4000",
                "stride=11",
                "cmb=5000",
                "sgl=maybe",
                "fill=1",
                "size=5E",
                "size=8E",
            })
    void parametersThatMakeNoSenseAreAMistakeOfTheCommandLine(String parameters) {
        CommandRun run = CommandRun.real("identify", "emulated:" + parameters);
        assertThat(run.status()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).contains("'emulated:" + parameters + "': ");
    }
}
