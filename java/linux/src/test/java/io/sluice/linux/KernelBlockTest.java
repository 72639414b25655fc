package io.sluice.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelBlockTest {
    private static final String DISK = "sys/devices/pci/block/sda/";
    private static final String QUEUE = DISK + "queue/";

    @TempDir
    Path root;

    private MachineTree tree;
    private KernelBlock blocks;

    @BeforeEach
    void makeDisk() throws IOException {
        tree = new MachineTree(root)
                .file(DISK + "dev", "8:0")
                .file(DISK + "sda1/partition", "1")
                .file(DISK + "sda1/dev", "8:1")
                .file(QUEUE + "logical_block_size", "4096")
                .file(QUEUE + "dma_alignment", "3")
                .file(QUEUE + "max_hw_sectors_kb", "1024")
                .file(QUEUE + "max_segments", "127")
                .file(QUEUE + "discard_max_bytes", "2147450880")
                .file(QUEUE + "write_zeroes_max_bytes", "0")
                .file(QUEUE + "write_cache", "write back")
                .link("sys/dev/block/8:0", "sys/devices/pci/block/sda")
                .link("sys/dev/block/8:1", "sys/devices/pci/block/sda/sda1")
                .link("sys/class/block/sda", "sys/devices/pci/block/sda")
                .link("sys/class/block/sda1", "sys/devices/pci/block/sda/sda1")
                .file("proc/swaps", "Filename\tType\tSize\tUsed\tPriority")
                .file("proc/self/mountinfo", "21 1 9:1 / / rw,relatime - ext4 /dev/other rw");
        blocks = new KernelBlock(root);
    }

    @Test
    void limitsAreThoseOfTheQueue() throws IOException {
        assertThat(blocks.limits(8, 0)).contains(new BlockLimits("sda", 4096, 4, 1 << 20, 127, 2147450880L, 0, true));
        assertThat(blocks.limits("sda")).isEqualTo(blocks.limits(8, 0));
    }

    @Test
    void aPartitionHasTheLimitsOfItsDisk() throws IOException {
        assertThat(blocks.limits(8, 1)).contains(new BlockLimits("sda1", 4096, 4, 1 << 20, 127, 2147450880L, 0, true));
    }

    @Test
    void whatIsNoBlockDeviceHasNone() throws IOException {
        assertThat(blocks.limits(0, 47)).isEmpty();
        assertThat(blocks.limits("sdb")).isEmpty();
    }

    @Test
    void aDiskIsInUseWhenAPartitionOfItIs() throws IOException {
        assertThat(blocks.uses("sda")).isEmpty();
        tree.file("proc/self/mountinfo", "30 1 8:1 / /srv rw,relatime - xfs /dev/sda1 rw");
        assertThat(blocks.uses("sda")).containsExactly(new BlockUse("sda1", BlockUse.Kind.MOUNTED, "/srv"));
        assertThat(blocks.uses("sda1")).containsExactly(new BlockUse("sda1", BlockUse.Kind.MOUNTED, "/srv"));
    }

    @Test
    void swapAndHoldersAreUses() throws IOException {
        tree.file("proc/swaps", "Filename\tType\tSize\tUsed\tPriority\n/dev/sda1 partition 100 0 -2")
                .file(DISK + "holders/dm-3/x", "")
                .file("sys/class/block/dm-3/dm/name", "crypt");
        assertThat(blocks.uses("sda"))
                .containsExactlyInAnyOrder(
                        new BlockUse("sda1", BlockUse.Kind.SWAP, ""),
                        new BlockUse("sda", BlockUse.Kind.DEVICE_MAPPER, "crypt"));
    }
}
