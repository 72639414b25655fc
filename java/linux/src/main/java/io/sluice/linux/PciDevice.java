package io.sluice.linux;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * A PCI function as the kernel sees it.
 *
 * @param address as sysfs writes it: {@code 0000:03:00.0}
 * @param vendor vendor id, 16 bits
 * @param device device id, 16 bits
 * @param subsystemVendor subsystem vendor id, 16 bits
 * @param subsystemDevice subsystem id, 16 bits
 * @param classCode base class, subclass and programming interface, 24 bits: 0x010802 for NVMe
 * @param driver the kernel driver that has it, empty when none
 * @param iommuGroup the number of its IOMMU group, empty when no IOMMU translates for it
 * @param numaNode the memory it is near to, empty where the platform does not say
 * @param model what the hardware database of udev calls it, empty where there is none
 */
public record PciDevice(
        String address,
        int vendor,
        int device,
        int subsystemVendor,
        int subsystemDevice,
        int classCode,
        Optional<String> driver,
        OptionalInt iommuGroup,
        OptionalInt numaNode,
        Optional<String> model) {
    /** Class code of NVM Express I/O controllers (NVM Express over PCIe Transport Specification 1.0, section 3.8.1). */
    public static final int NVME_CLASS = 0x010802;

    /** Whether it is an NVMe I/O controller, by its class code. */
    public boolean isNvme() {
        return classCode == NVME_CLASS;
    }
}
