package io.sluice.linux;

import java.util.List;

/**
 * An NVMe controller under the kernel's driver.
 *
 * @param name {@code nvme0}
 * @param model model number, without padding
 * @param serial serial number, without padding
 * @param firmware firmware revision, without padding
 * @param namespaces its block devices
 */
public record KernelController(
        String name, String model, String serial, String firmware, List<KernelNamespace> namespaces) {}
