package io.sluice.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Functions straight from sysfs; needs no library and starts at once. */
final class SysfsPciDirectory implements PciDirectory {
    private final Path devices;

    SysfsPciDirectory(Path root) {
        devices = root.resolve("sys/bus/pci/devices");
    }

    @Override
    public List<PciDevice> devices() throws IOException {
        List<PciDevice> found = new ArrayList<>();
        for (String address : Attributes.names(devices)) {
            find(address).ifPresent(found::add);
        }
        return List.copyOf(found);
    }

    @Override
    public Optional<PciDevice> find(String address) throws IOException {
        Path directory = devices.resolve(address);
        if (!Files.exists(directory)) {
            return Optional.empty();
        }
        Optional<Integer> vendor = Attributes.number(directory.resolve("vendor"));
        Optional<Integer> device = Attributes.number(directory.resolve("device"));
        if (vendor.isEmpty() || device.isEmpty()) {
            return Optional.empty(); // It went away while we looked.
        }
        return Optional.of(new PciDevice(
                address,
                vendor.get(),
                device.get(),
                Attributes.number(directory.resolve("subsystem_vendor")).orElse(0),
                Attributes.number(directory.resolve("subsystem_device")).orElse(0),
                Attributes.number(directory.resolve("class")).orElse(0),
                Attributes.linkName(directory.resolve("driver")),
                Attributes.linkNumber(directory.resolve("iommu_group")),
                Attributes.present(
                        Attributes.number(directory.resolve("numa_node")).filter(node -> node >= 0)),
                Optional.empty()));
    }
}
