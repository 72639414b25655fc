package io.sluice.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PciDirectoryTest {
    @TempDir
    Path root;

    @Test
    void sysfsIsReadAsItIs() throws IOException {
        new MachineTree(root)
                .drive("0000:03:00.0", "nvme", 12)
                .drive("10000:e1:00.0", "", 13)
                .file("sys/bus/pci/devices/10000:e1:00.0/numa_node", "1");
        PciDirectory directory = PciDirectory.ofSysfs(root);
        assertThat(directory.devices())
                .containsExactly(
                        new PciDevice(
                                "0000:03:00.0",
                                0x144d,
                                0xa808,
                                0x144d,
                                0xa801,
                                0x010802,
                                Optional.of("nvme"),
                                OptionalInt.of(12),
                                OptionalInt.empty(),
                                Optional.empty()),
                        new PciDevice(
                                "10000:e1:00.0",
                                0x144d,
                                0xa808,
                                0x144d,
                                0xa801,
                                0x010802,
                                Optional.empty(),
                                OptionalInt.of(13),
                                OptionalInt.of(1),
                                Optional.empty()));
        assertThat(directory.devices().get(0).isNvme()).isTrue();
        assertThat(directory.find("0000:04:00.0")).isEmpty();
    }

    @Test
    void machineWithoutPciHasNoFunctions() throws IOException {
        assertThat(PciDirectory.ofSysfs(root).devices()).isEmpty();
    }

    @Test
    void libudevAndSysfsAgreeAboutThisMachine() throws IOException {
        List<PciDevice> bySysfs = PciDirectory.ofSysfs(Path.of("/")).devices();
        List<PciDevice> chosen = PciDirectory.ofThisMachine().devices().stream()
                .map(PciDirectoryTest::withoutModel)
                .toList();
        assertThat(chosen).isEqualTo(bySysfs);
        for (PciDevice device : bySysfs) {
            assertThat(PciDirectory.ofThisMachine().find(device.address()).map(PciDirectoryTest::withoutModel))
                    .contains(device);
        }
        assertThat(PciDirectory.ofThisMachine().find("ffff:ff:1f.7")).isEmpty();
    }

    private static PciDevice withoutModel(PciDevice device) {
        return new PciDevice(
                device.address(),
                device.vendor(),
                device.device(),
                device.subsystemVendor(),
                device.subsystemDevice(),
                device.classCode(),
                device.driver(),
                device.iommuGroup(),
                device.numaNode(),
                Optional.empty());
    }
}
