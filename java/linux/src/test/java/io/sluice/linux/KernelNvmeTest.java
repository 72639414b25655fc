package io.sluice.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelNvmeTest {
    private static final String DRIVE = "0000:03:00.0";

    @TempDir
    Path root;

    private MachineTree tree;
    private KernelNvme nvme;

    @BeforeEach
    void makeDrive() throws IOException {
        tree = new MachineTree(root).drive(DRIVE, "nvme", 12);
        nvme = new KernelNvme(root);
        String controller = "sys/bus/pci/devices/" + DRIVE + "/nvme/nvme0/";
        tree.file(controller + "model", "Samsung SSD 970 EVO Plus 1TB            ")
                .file(controller + "serial", "S4EWNX0N")
                .file(controller + "firmware_rev", "2B2QEXM7")
                .file(controller + "nvme0n1/uevent", "");
        String block = "sys/class/block/nvme0n1/";
        tree.file(block + "size", "2048")
                .file(block + "dev", "259:0")
                .file(block + "queue/logical_block_size", "4096")
                .file(block + "nvme0n1p1/partition", "1")
                .file(block + "nvme0n1p2/partition", "2")
                .file("sys/class/block/nvme0n1p1/dev", "259:1")
                .file("sys/class/block/nvme0n1p2/dev", "259:2")
                .file("proc/swaps", "Filename\tType\tSize\tUsed\tPriority")
                .file("proc/self/mountinfo", "21 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw");
    }

    @Test
    void controllerAndNamespacesAreDescribed() throws IOException {
        KernelController controller = nvme.controller(DRIVE).orElseThrow();
        assertThat(controller.name()).isEqualTo("nvme0");
        assertThat(controller.model()).isEqualTo("Samsung SSD 970 EVO Plus 1TB");
        assertThat(controller.serial()).isEqualTo("S4EWNX0N");
        assertThat(controller.firmware()).isEqualTo("2B2QEXM7");
        assertThat(controller.namespaces())
                .containsExactly(
                        new KernelNamespace("nvme0n1", 2048 * 512, 4096, List.of("nvme0n1p1", "nvme0n1p2"), List.of()));
        assertThat(nvme.uses(DRIVE)).isEmpty();
    }

    @Test
    void namespaceBehindAMultipathHeadIsFoundUnderItsOwnName() throws IOException {
        String other = "0000:04:00.0";
        tree.drive(other, "nvme", 13)
                .file("sys/bus/pci/devices/" + other + "/nvme/nvme1/nvme1c1n1/uevent", "")
                .file("sys/class/block/nvme1n1/size", "8");
        assertThat(nvme.controller(other).orElseThrow().namespaces())
                .extracting(KernelNamespace::name, KernelNamespace::bytes)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("nvme1n1", 4096L));
    }

    @Test
    void functionWithoutTheKernelsDriverHasNoController() throws IOException {
        tree.drive("0000:05:00.0", "vfio-pci", 14);
        assertThat(nvme.controller("0000:05:00.0")).isEmpty();
        assertThat(nvme.uses("0000:05:00.0")).isEmpty();
    }

    @Test
    void everythingThatHoldsTheDriveOrAPartitionIsNamed() throws IOException {
        tree.file("proc/self/mountinfo", """
                        21 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw
                        30 21 259:1 / /srv/with\\040blank rw shared:5 - ext4 /dev/nvme0n1p1 rw
                        31 21 0:44 /sub /pool rw - btrfs /dev/nvme0n1p2 rw""")
                .file("proc/swaps", "Filename\tType\n/dev/nvme0n1p2                          partition\t8\t0\t-2")
                .file("sys/class/block/nvme0n1p2/holders/dm-0/uevent", "")
                .file("sys/class/block/dm-0/dm/name", "vg-root")
                .file("sys/class/block/nvme0n1/holders/md127/uevent", "");
        assertThat(nvme.uses(DRIVE))
                .containsExactly(
                        new BlockUse("nvme0n1", BlockUse.Kind.RAID, "md127"),
                        new BlockUse("nvme0n1p1", BlockUse.Kind.MOUNTED, "/srv/with blank"),
                        new BlockUse("nvme0n1p2", BlockUse.Kind.MOUNTED, "/pool"),
                        new BlockUse("nvme0n1p2", BlockUse.Kind.SWAP, ""),
                        new BlockUse("nvme0n1p2", BlockUse.Kind.DEVICE_MAPPER, "vg-root"));
        assertThat(nvme.uses(DRIVE).get(1)).hasToString("nvme0n1p1 is mounted at /srv/with blank");
    }
}
