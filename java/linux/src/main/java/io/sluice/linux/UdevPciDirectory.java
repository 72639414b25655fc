package io.sluice.linux;

import com.sun.jna.platform.linux.Udev.UdevContext;
import com.sun.jna.platform.linux.Udev.UdevDevice;
import com.sun.jna.platform.linux.Udev.UdevEnumerate;
import com.sun.jna.platform.linux.Udev.UdevListEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Functions by libudev, which knows what its hardware database calls them. */
final class UdevPciDirectory implements PciDirectory {
    private static final Path DEVICES = Path.of("/sys/bus/pci/devices");

    private final MonitoringUdev udev;

    /**
     * Loads libudev.
     *
     * @throws UnsatisfiedLinkError when it is not there
     */
    UdevPciDirectory() {
        udev = MonitoringUdev.load();
    }

    @Override
    public List<PciDevice> devices() throws IOException {
        List<PciDevice> found = new ArrayList<>();
        UdevContext context = context();
        try {
            UdevEnumerate enumerate = udev.udev_enumerate_new(context);
            try {
                udev.udev_enumerate_add_match_subsystem(enumerate, "pci");
                udev.udev_enumerate_scan_devices(enumerate);
                UdevListEntry entry = udev.udev_enumerate_get_list_entry(enumerate);
                while (entry != null) {
                    read(context, udev.udev_list_entry_get_name(entry)).ifPresent(found::add);
                    entry = udev.udev_list_entry_get_next(entry);
                }
            } finally {
                udev.udev_enumerate_unref(enumerate);
            }
        } finally {
            udev.udev_unref(context);
        }
        return List.copyOf(found);
    }

    @Override
    public Optional<PciDevice> find(String address) throws IOException {
        UdevContext context = context();
        try {
            return read(context, DEVICES.resolve(address).toString());
        } finally {
            udev.udev_unref(context);
        }
    }

    private UdevContext context() throws IOException {
        UdevContext context = udev.udev_new();
        if (context == null) {
            throw new IOException("udev_new found no memory");
        }
        return context;
    }

    private Optional<PciDevice> read(UdevContext context, String path) throws IOException {
        UdevDevice device = udev.udev_device_new_from_syspath(context, path);
        if (device == null) {
            return Optional.empty(); // There is none, or it went away while we looked.
        }
        try {
            return Optional.of(new PciDevice(
                    udev.udev_device_get_sysname(device),
                    number(device, "vendor"),
                    number(device, "device"),
                    number(device, "subsystem_vendor"),
                    number(device, "subsystem_device"),
                    number(device, "class"),
                    Optional.ofNullable(udev.udev_device_get_sysattr_value(device, "driver")),
                    // libudev resolves some links, and this is not among them.
                    Attributes.linkNumber(Path.of(path, "iommu_group")),
                    Attributes.present(Optional.of(number(device, "numa_node")).filter(node -> node >= 0)),
                    Optional.ofNullable(udev.udev_device_get_property_value(device, "ID_MODEL_FROM_DATABASE"))));
        } finally {
            udev.udev_device_unref(device);
        }
    }

    private int number(UdevDevice device, String attribute) {
        @Nullable String text = udev.udev_device_get_sysattr_value(device, attribute);
        return text == null ? 0 : Integer.decode(text.strip());
    }
}
