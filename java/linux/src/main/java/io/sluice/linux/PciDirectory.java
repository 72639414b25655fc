package io.sluice.linux;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The PCI functions of this machine. Any thread may call; each call looks again. */
public interface PciDirectory {
    /** All functions in the order of their addresses. */
    List<PciDevice> devices() throws IOException;

    /** The function at an address, written as sysfs does ({@code 0000:03:00.0}). */
    Optional<PciDevice> find(String address) throws IOException;

    /** The directory of this machine: by libudev, which knows models by name, or from sysfs where libudev is missing. */
    static PciDirectory ofThisMachine() {
        try {
            return new UdevPciDirectory();
        } catch (UnsatisfiedLinkError missing) {
            return ofSysfs(Path.of("/"));
        }
    }

    /**
     * The directory of a tree that looks like this machine's.
     *
     * @param root what holds {@code sys}; {@code /} for this machine
     */
    static PciDirectory ofSysfs(Path root) {
        return new SysfsPciDirectory(root);
    }
}
