package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** list, bind and unbind on a sysfs made of files: reading and refusing. Moving needs a kernel, see the system tests. */
class MachineCommandsTest {
    @TempDir
    private Path root;

    @BeforeEach
    void makeMachine() throws IOException {
        function("0000:00:01.0", "0x010802", "nvme", "5");
        function("0000:00:02.0", "0x010802", "vfio-pci", "6");
        function("0000:00:03.0", "0x020000", "e1000e", "7");
        Path controller = root.resolve("sys/bus/pci/devices/0000:00:01.0/nvme/nvme0");
        Files.createDirectories(controller.resolve("nvme0n1"));
        Files.writeString(controller.resolve("model"), "QEMU NVMe Ctrl                          \n");
        Files.writeString(controller.resolve("serial"), "lab1\n");
        Files.writeString(controller.resolve("firmware_rev"), "10.0\n");
        Path block = Files.createDirectories(root.resolve("sys/class/block/nvme0n1"));
        Files.writeString(block.resolve("size"), "2097152\n");
        Files.writeString(block.resolve("dev"), "259:0\n");
        Files.createDirectories(root.resolve("proc/self"));
        Files.writeString(root.resolve("proc/self/mountinfo"), "30 1 259:0 / /srv rw - ext4 /dev/nvme0n1 rw\n");
        Files.writeString(root.resolve("proc/swaps"), "Filename Type Size Used Priority\n");
    }

    private void function(String address, String classCode, String driver, String group) throws IOException {
        Path directory = Files.createDirectories(root.resolve("sys/bus/pci/devices/" + address));
        Files.writeString(directory.resolve("vendor"), "0x1b36\n");
        Files.writeString(directory.resolve("device"), "0x0010\n");
        Files.writeString(directory.resolve("class"), classCode + "\n");
        Files.writeString(directory.resolve("numa_node"), "-1\n");
        Files.createSymbolicLink(directory.resolve("driver"), Path.of("../../drivers/" + driver));
        Files.createSymbolicLink(directory.resolve("iommu_group"), Path.of("../../iommu_groups/" + group));
        Files.createDirectories(root.resolve("sys/bus/pci/drivers/" + driver));
    }

    @Test
    void listsTheDrivesInATable() {
        CommandRun run = CommandRun.in(root, "list");

        assertThat(run.status()).isZero();
        assertThat(run.out()).isEqualTo("""
                        ADDRESS       DRIVER    GROUP  NUMA  MODEL           SERIAL  NAMESPACES      IN USE
                        0000:00:01.0  nvme          5     -  QEMU NVMe Ctrl  lab1    nvme0n1 1.1 GB  nvme0n1 is mounted at /srv
                        0000:00:02.0  vfio-pci      6     -  -               -       -               -
                        """);
    }

    @Test
    void listsTheDrivesAsJson() {
        assertThat(CommandRun.in(root, "list", "--json").out().replaceAll("\\s", ""))
                .isEqualTo(
                        "[{\"address\":\"0000:00:01.0\",\"vendor_id\":6966,\"device_id\":16,\"driver\":\"nvme\",\"iommu_group\":5,"
                                + "\"numa_node\":null,\"model\":\"QEMUNVMeCtrl\",\"serial\":\"lab1\",\"firmware\":\"10.0\",\"namespaces\":[{"
                                + "\"name\":\"nvme0n1\",\"bytes\":1073741824,\"block_bytes\":512,\"uses\":[\"nvme0n1ismountedat/srv\"]}]},"
                                + "{\"address\":\"0000:00:02.0\",\"vendor_id\":6966,\"device_id\":16,\"driver\":\"vfio-pci\",\"iommu_group\":6,"
                                + "\"numa_node\":null}]");
    }

    @Test
    void aDriveThatCannotBeOpenedDoesNotHideTheOthers() {
        CommandRun run = CommandRun.in(root, "list", "--open");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).isEqualTo("sluice: no controller in this test\n");
        assertThat(run.out()).hasLineCount(3);
    }

    @Test
    void saysWhenThereIsNoDrive(@TempDir Path empty) {
        CommandRun run = CommandRun.in(empty, "list");

        assertThat(run.status()).isZero();
        assertThat(run.err()).isEqualTo("no NVMe drive found\n");
        assertThat(CommandRun.in(empty, "list", "--json").out()).isEqualTo("[]\n");
    }

    @Test
    void bindRefusesAMountedDriveAndSaysWhere() {
        CommandRun run = CommandRun.in(root, "bind", "00:01.0");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err())
                .startsWith("sluice: 0000:00:01.0 is in use: nvme0n1 is mounted at /srv;")
                .hasLineCount(1);
    }

    @Test
    void bindAndUnbindAreDoneWhenThereIsNothingToDo() {
        CommandRun bound = CommandRun.in(root, "bind", "0000:00:02.0");
        CommandRun unbound = CommandRun.in(root, "unbind", "0000:00:01.0");

        assertThat(bound.status()).isZero();
        assertThat(bound.out()).isEqualTo("0000:00:02.0 is already bound to vfio-pci\n");
        assertThat(unbound.status()).isZero();
        assertThat(unbound.out()).isEqualTo("0000:00:01.0 is already with nvme\n");
    }

    @Test
    void bindRefusesWhatIsNoDrive() {
        assertThat(CommandRun.in(root, "bind", "0000:00:03.0").err())
                .startsWith("sluice: 0000:00:03.0 is no NVMe drive (its class is 0x20000)");
        assertThat(CommandRun.in(root, "bind", "0000:00:04.0").err())
                .contains("there is no PCI function at this address");
        assertThat(CommandRun.in(root, "bind", "nvme0").status()).isEqualTo(2);
    }
}
