package io.sluice.pci;

import io.sluice.linux.LinuxException;
import io.sluice.linux.PciDevice;
import io.sluice.linux.PciDirectory;
import io.sluice.pci.PciSetupException.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Says what to do about the kernel's errors while one function is being opened. */
final class SetupAdvice {
    /** A step of the opening. */
    @FunctionalInterface
    interface Step<T> {
        T take() throws IOException;
    }

    private final String function;
    private final PciDirectory directory;

    SetupAdvice(String function, PciDirectory directory) {
        this.function = function;
        this.directory = directory;
    }

    /** Takes a step; an error number becomes the problem that it stands for in this place. */
    <T> T explaining(Path node, Step<T> step) throws IOException {
        try {
            return step.take();
        } catch (LinuxException failure) {
            throw explain(node, failure);
        }
    }

    private PciSetupException explain(Path node, LinuxException failure) {
        return switch (failure.errno()) {
            case ENOENT ->
                failure.call().equals("open")
                        ? new PciSetupException(
                                Problem.NO_VFIO,
                                function + ": there is no " + node
                                        + "; load the modules (modprobe vfio-pci) and, in a container, pass"
                                        + " the device node in",
                                failure)
                        : refused(failure);
            case EACCES -> permission(node, failure);
            case EPERM ->
                failure.call().equals("open")
                        ? permission(node, failure)
                        : new PciSetupException(
                                Problem.NO_IOMMU,
                                function + ": the kernel does not trust the platform to isolate it ("
                                        + failure.getMessage()
                                        + "); interrupt remapping is off or missing: switch it on in the firmware",
                                failure);
            case EBUSY -> alreadyOpen(node, failure);
            // What the kernel answers for a character device that somebody has bound already.
            case EINVAL ->
                failure.call().equals("VFIO_DEVICE_BIND_IOMMUFD") ? alreadyOpen(node, failure) : refused(failure);
            case ENODEV, ENXIO ->
                new PciSetupException(
                        Problem.NO_VFIO,
                        function + ": " + node + " is there but nothing answers behind it (" + failure.getMessage()
                                + "); load the modules: modprobe -a vfio vfio-pci vfio_iommu_type1",
                        failure);
            default -> refused(failure);
        };
    }

    private PciSetupException alreadyOpen(Path node, LinuxException failure) {
        return new PciSetupException(
                Problem.ALREADY_OPEN,
                function + ": another process has it, or a function of its IOMMU group, open (" + failure.getMessage()
                        + "); `fuser -v " + node + "` names it",
                failure);
    }

    private PciSetupException permission(Path node, LinuxException failure) {
        return new PciSetupException(
                Problem.NO_PERMISSION,
                function + ": this user may not open " + node + "; give it away (chown USER " + node
                        + ", or a udev rule for subsystem vfio), or run as root",
                failure);
    }

    private PciSetupException refused(LinuxException failure) {
        return new PciSetupException(Problem.REFUSED, function + ": " + failure.getMessage(), failure);
    }

    /** The group's other functions that belong to drivers which are not VFIO's. */
    PciSetupException notViable(int group) throws IOException {
        List<PciDevice> others = directory.devices().stream()
                .filter(device -> device.iommuGroup().orElse(-1) == group)
                .filter(device -> !device.address().equals(function))
                .filter(device ->
                        device.driver().isPresent() && !isVfio(device.driver().get()))
                .toList();
        String named = others.isEmpty()
                ? "one of its functions belongs to a driver that is not VFIO's"
                : others.stream()
                        .map(device -> device.address() + " is bound to "
                                + device.driver().get())
                        .collect(Collectors.joining(", "));
        String bind = others.isEmpty()
                ? ""
                : ": " + others.stream().map(PciDevice::address).collect(Collectors.joining(" ", "sluice bind ", ""));
        return new PciSetupException(
                Problem.GROUP_NOT_VIABLE,
                function + ": IOMMU group " + group + " is not viable: " + named + "; bind it to vfio-pci too" + bind
                        + ", or move the drive to a slot with a group of its own");
    }

    /** vfio-pci, or a variant of it for one vendor's devices ({@code mlx5_vfio_pci}). */
    static boolean isVfio(String driver) {
        return driver.contains("vfio");
    }
}
