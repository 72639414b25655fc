package io.sluice.system.guest;

import io.sluice.linux.KernelNvme;
import io.sluice.uring.UringDevice;
import io.sluice.uring.UringOptions;
import java.io.IOException;
import java.nio.file.Path;

/** In the guest: the nodes that the kernel's NVMe driver has made of the drives, by their PCI addresses. */
final class KernelNodes {
    /** Blocks of 512 bytes. */
    static final String SMALL_BLOCKS = "0000:00:04.0";
    /** Blocks of 4096 bytes. */
    static final String LARGE_BLOCKS = "0000:00:05.0";

    private KernelNodes() {}

    /** {@code /dev/nvme0n1}. */
    static Path block(String address) throws IOException {
        return Path.of("/dev", name(address));
    }

    /** {@code /dev/ng0n1}. */
    static Path passthrough(String address) throws IOException {
        return Path.of("/dev", name(address).replaceFirst("nvme", "ng"));
    }

    private static String name(String address) throws IOException {
        return new KernelNvme(Path.of("/"))
                .controller(address)
                .orElseThrow(() -> new IOException("the kernel has no NVMe drive at " + address))
                .namespaces()
                .get(0)
                .name();
    }

    static UringDevice open(Path node) throws IOException {
        return UringDevice.open(node, UringOptions.defaults());
    }
}
