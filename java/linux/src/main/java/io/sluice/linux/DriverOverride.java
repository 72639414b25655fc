package io.sluice.linux;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Gives PCI functions to drivers, through {@code driver_override} (Documentation/ABI/testing/sysfs-bus-pci): it names the one
 * driver that may take a function, and is forgotten at the next boot. Needs to write to sysfs, so root. One thread at a time
 * for one function.
 */
public final class DriverOverride {
    private final Path root;
    private final PciDirectory directory;
    private final KernelNvme nvme;

    /**
     * Works on a tree.
     *
     * @param root what holds {@code sys} and {@code proc}; {@code /} for this machine
     */
    public DriverOverride(Path root) {
        this.root = root;
        this.directory = PciDirectory.ofSysfs(root);
        this.nvme = new KernelNvme(root);
    }

    /**
     * Takes a function from its driver and gives it to another. When that one does not take it, the function goes back.
     *
     * @param address as sysfs writes it
     * @param driver {@code vfio-pci}
     * @throws DriverBindingException when a block device of the function is in use, the driver is not loaded, it refuses the
     *     function, or this user may not; says what to do
     */
    public void bind(String address, String driver) throws IOException {
        PciDevice function = find(address);
        if (function.driver().equals(Optional.of(driver))) {
            return;
        }
        refuseIfUsed(address);
        if (!Files.isDirectory(root.resolve("sys/bus/pci/drivers/" + driver))) {
            throw new DriverBindingException(
                    address + ": the driver " + driver + " is not loaded; load it: modprobe " + driver, null);
        }
        write(address, device(address).resolve("driver_override"), driver);
        try {
            rebind(function);
            Optional<String> now = find(address).driver();
            if (!now.equals(Optional.of(driver))) {
                throw new DriverBindingException(
                        address + ": " + driver + " did not take it; the end of `dmesg` says why"
                                + (function.iommuGroup().isEmpty()
                                        ? " (most likely that no IOMMU is on: see intel_iommu=on, amd_iommu=on)"
                                        : ""),
                        null);
            }
        } catch (IOException exception) {
            try {
                release(address);
            } catch (IOException second) {
                exception.addSuppressed(second);
            }
            throw exception;
        }
    }

    /**
     * Gives a function back to the driver that the kernel would choose.
     *
     * @return that driver, empty when the kernel has none for it
     */
    public Optional<String> release(String address) throws IOException {
        PciDevice function = find(address);
        // An empty line takes the override away.
        write(address, device(address).resolve("driver_override"), "\n");
        rebind(function);
        return find(address).driver();
    }

    private void rebind(PciDevice function) throws IOException {
        String address = function.address();
        if (find(address).driver().isPresent()) {
            write(address, device(address).resolve("driver/unbind"), address);
        }
        write(address, root.resolve("sys/bus/pci/drivers_probe"), address);
    }

    /** An unbind takes a mounted disk away without asking, so that has to happen here. */
    private void refuseIfUsed(String address) throws IOException {
        List<BlockUse> uses = nvme.uses(address);
        if (!uses.isEmpty()) {
            throw new DriverBindingException(
                    address + " is in use: "
                            + uses.stream().map(BlockUse::toString).collect(Collectors.joining(", "))
                            + "; unmount it, swap off or stop what stands on it first",
                    null);
        }
    }

    private PciDevice find(String address) throws IOException {
        return directory
                .find(address)
                .orElseThrow(
                        () -> new DriverBindingException(address + ": there is no PCI function at this address", null));
    }

    private Path device(String address) {
        return root.resolve("sys/bus/pci/devices/" + address);
    }

    private static void write(String address, Path attribute, String text) throws IOException {
        try {
            Files.writeString(attribute, text, StandardOpenOption.WRITE);
        } catch (AccessDeniedException exception) {
            throw new DriverBindingException(
                    address + ": this user may not write " + attribute + "; run as root", exception);
        } catch (NoSuchFileException exception) {
            throw new DriverBindingException(
                    address + ": there is no " + attribute + "; the function or its driver went away meanwhile",
                    exception);
        } catch (IOException exception) {
            throw new DriverBindingException(
                    address + ": the kernel refused \"" + text.strip() + "\" in " + attribute + ": "
                            + exception.getMessage() + "; the end of `dmesg` says why",
                    exception);
        }
    }
}
