package io.sluice.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A made-up sysfs and procfs. */
record MachineTree(Path root) {
    MachineTree file(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text + "\n");
        return this;
    }

    MachineTree link(String path, String target) throws IOException {
        Path link = root.resolve(path);
        Files.createDirectories(link.getParent());
        Files.createDirectories(root.resolve(target));
        Files.createSymbolicLink(link, root.resolve(target));
        return this;
    }

    /** An NVMe drive under a driver, in an IOMMU group. */
    MachineTree drive(String address, String driver, int group) throws IOException {
        String device = "sys/bus/pci/devices/" + address + "/";
        file(device + "vendor", "0x144d").file(device + "device", "0xa808");
        file(device + "subsystem_vendor", "0x144d").file(device + "subsystem_device", "0xa801");
        file(device + "class", "0x010802").file(device + "numa_node", "-1").file(device + "driver_override", "(null)");
        if (!driver.isEmpty()) {
            link(device + "driver", "sys/bus/pci/drivers/" + driver);
            file("sys/bus/pci/drivers/" + driver + "/unbind", "");
        }
        file("sys/bus/pci/drivers_probe", "");
        return link(device + "iommu_group", "sys/kernel/iommu_groups/" + group);
    }

    String text(String path) throws IOException {
        return Files.readString(root.resolve(path));
    }
}
