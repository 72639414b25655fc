package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.pci.PciAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class DeviceNameParserTest {
    @ParameterizedTest
    @CsvSource({
        "0000:03:00.0, 0, 3, 0, 0, 1",
        "03:00.0, 0, 3, 0, 0, 1",
        "0001:ff:1f.7/n2, 1, 255, 31, 7, 2",
        "10000:e1:00.0/n2147483647, 65536, 225, 0, 0, 2147483647",
        "0000:0A:00.0, 0, 10, 0, 0, 1",
    })
    void readsPciAddresses(String text, long domain, int bus, int device, int function, int namespace) {
        assertThat(DeviceNameParser.parse(text))
                .isEqualTo(new DeviceName.Pci(new PciAddress(domain, bus, device, function), namespace));
    }

    @Test
    void readsTheOtherKinds() {
        assertThat(DeviceNameParser.parse("emulated:size=1G/n3")).isEqualTo(new DeviceName.Emulated("size=1G", 3));
        assertThat(DeviceNameParser.parse("emulated:")).isEqualTo(new DeviceName.Emulated("", 1));
        assertThat(DeviceNameParser.parse("vfio-user:/run/s.sock/n2"))
                .isEqualTo(new DeviceName.VfioUser(Path.of("/run/s.sock"), 2));
        assertThat(DeviceNameParser.parse("/dev/nvme0n1"))
                .isEqualTo(new DeviceName.KernelFile(Path.of("/dev/nvme0n1")));
    }

    @Test
    void aFileHasNoNamespaces() {
        assertThat(DeviceNameParser.parse("file:/data/n1")).isEqualTo(new DeviceName.KernelFile(Path.of("/data/n1")));
    }

    @Test
    void aFileMayBePolled(@TempDir Path directory) throws IOException {
        Path image = Files.write(directory.resolve("image"), new byte[512]);
        assertThat(DeviceNameParser.parse("file:/data/x,sqpoll"))
                .isEqualTo(new DeviceName.KernelFile(Path.of("/data/x"), true, false))
                .hasToString("file:/data/x,sqpoll");
        assertThat(DeviceNameParser.parse("/dev/ng0n1,iopoll"))
                .isEqualTo(new DeviceName.KernelFile(Path.of("/dev/ng0n1"), false, true))
                .hasToString("/dev/ng0n1,iopoll");
        assertThat(DeviceNameParser.parse("/dev/ng0n1,iopoll,sqpoll"))
                .isEqualTo(new DeviceName.KernelFile(Path.of("/dev/ng0n1"), true, true))
                .hasToString("/dev/ng0n1,sqpoll,iopoll");
        assertThat(DeviceNameParser.parse("file:a,b")).isEqualTo(new DeviceName.KernelFile(Path.of("a,b")));
        assertThat(DeviceNameParser.parse("file:" + image + ",sqpoll/p2"))
                .isEqualTo(new DeviceName.Partition(new DeviceName.KernelFile(image, true, false), 2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "file:,sqpoll",
                "nvme0",
                "03:00",
                "03:00.8",
                "03:20.0",
                "0000:03:00.0/",
                "0000:03:00.0/n",
                "0000:03:00.0/n0",
                "0000:03:00.0/n-1",
                "0000:03:00.0/n2147483648",
                "0000:03:00.0/n99999999999999999999",
                "0000:03:00.0/n1/n1",
                "03:00.0/x1",
                "03:00.0/p",
                "03:00.0/p-1",
                "03:00.0/p1/p1",
                "03:00.0/p1/n1",
                "03:00.0/p99999999999999999999",
                "03:00.0 ",
                "vfio-user:",
                "file:",
                "3:0.0",
            })
    void saysWhatIsWrongWithOtherTexts(String text) {
        assertThatThrownBy(() -> DeviceNameParser.parse(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("'" + text + "'");
    }

    @Test
    void readsPartitions() {
        DeviceName.Pci drive = new DeviceName.Pci(new PciAddress(0, 3, 0, 0), 2);
        assertThat(DeviceNameParser.parse("03:00.0/n2/p1")).isEqualTo(new DeviceName.Partition(drive, 1));
        assertThat(DeviceNameParser.parse("03:00.0/n2/p1")).hasToString("0000:03:00.0/n2/p1");
        assertThat(DeviceNameParser.parse("emulated:size=1G/p0"))
                .isEqualTo(new DeviceName.Partition(new DeviceName.Emulated("size=1G", 1), 0));
    }

    @Test
    void readsHowAPartitionIsReached() {
        DeviceName.Pci drive = new DeviceName.Pci(new PciAddress(0, 3, 0, 0), 1);
        assertThat(DeviceNameParser.parse("03:00.0/p1,mediated"))
                .isEqualTo(new DeviceName.Partition(drive, 1, DeviceName.Handing.MEDIATED))
                .hasToString("0000:03:00.0/n1/p1,mediated");
        assertThat(DeviceNameParser.parse("emulated:size=1G,fill/p0,copying"))
                .isEqualTo(new DeviceName.Partition(
                        new DeviceName.Emulated("size=1G,fill", 1), 0, DeviceName.Handing.COPYING));
        assertThatThrownBy(() -> DeviceNameParser.parse("03:00.0/p1,lent")).isInstanceOf(TypeConversionException.class);
        assertThatThrownBy(() -> DeviceNameParser.parse("03:00.0,mediated"))
                .isInstanceOf(TypeConversionException.class);
    }

    @Test
    void whatIsInADirectoryIsAFileAndWhatIsInAFileIsAPartition(@TempDir Path directory) throws IOException {
        Path image = Files.write(directory.resolve("image"), new byte[512]);
        assertThat(DeviceNameParser.parse("file:" + directory + "/p1"))
                .isEqualTo(new DeviceName.KernelFile(directory.resolve("p1")));
        assertThat(DeviceNameParser.parse("file:" + image + "/p1"))
                .isEqualTo(new DeviceName.Partition(new DeviceName.KernelFile(image), 1));
        assertThat(DeviceNameParser.parse("file:/p1")).isEqualTo(new DeviceName.KernelFile(Path.of("/p1")));
        assertThat(DeviceNameParser.parse("/dev/p1")).isEqualTo(new DeviceName.KernelFile(Path.of("/dev/p1")));
    }

    @ParameterizedTest
    @CsvSource({
        "03:00.0, true",
        "03:00.0/n2, true",
        "03:00.0/oops, true",
        "emulated:, true",
        "file:x, true",
        "./03:00.0, false",
        "/dev/sda, false",
        "disk.img, false",
        "n1, false",
    })
    void tellsDevicesFromFiles(String text, boolean device) {
        assertThat(DeviceNameParser.looksLikeDevice(text)).isEqualTo(device);
    }
}
