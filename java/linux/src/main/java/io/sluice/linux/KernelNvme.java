package io.sluice.linux;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the kernel's NVMe driver made of a PCI function: from sysfs and procfs. Any thread may call; each call looks again. */
public final class KernelNvme {
    /** sysfs counts sizes in units of 512 bytes, whatever the block size. */
    private static final long SECTOR = 512;

    /** A namespace's block device; behind a multipath head its name has the controller in it: nvme0c1n1. */
    private static final Pattern NAMESPACE = Pattern.compile("(nvme\\d+)(?:c\\d+)?(n\\d+)");

    private final Path root;
    private final KernelBlock blocks;

    /**
     * Looks at a tree.
     *
     * @param root what holds {@code sys} and {@code proc}; {@code /} for this machine
     */
    public KernelNvme(Path root) {
        this.root = root;
        this.blocks = new KernelBlock(root);
    }

    /**
     * The controller of a function; empty when the kernel's NVMe driver does not have it.
     *
     * @param address of the PCI function, as sysfs writes it
     */
    public Optional<KernelController> controller(String address) throws IOException {
        Path parent = root.resolve("sys/bus/pci/devices/" + address + "/nvme");
        List<String> names = Attributes.names(parent);
        if (names.isEmpty()) {
            return Optional.empty();
        }
        Path directory = parent.resolve(names.get(0));
        List<KernelNamespace> namespaces = new ArrayList<>();
        for (String block : blockDevices(directory)) {
            namespaces.add(namespace(block));
        }
        return Optional.of(new KernelController(
                names.get(0),
                Attributes.text(directory.resolve("model")).orElse(""),
                Attributes.text(directory.resolve("serial")).orElse(""),
                Attributes.text(directory.resolve("firmware_rev")).orElse(""),
                List.copyOf(namespaces)));
    }

    /** What keeps block devices of a function busy; empty when nothing does, or the kernel's driver does not have it. */
    public List<BlockUse> uses(String address) throws IOException {
        return controller(address).stream()
                .flatMap(controller -> controller.namespaces().stream())
                .flatMap(namespace -> namespace.uses().stream())
                .toList();
    }

    private static Set<String> blockDevices(Path controller) throws IOException {
        Set<String> found = new LinkedHashSet<>();
        for (String name : Attributes.names(controller)) {
            Matcher matcher = NAMESPACE.matcher(name);
            if (matcher.matches()) {
                found.add(matcher.group(1) + matcher.group(2));
            }
        }
        return found;
    }

    private KernelNamespace namespace(String name) throws IOException {
        Path directory = root.resolve("sys/class/block/" + name);
        return new KernelNamespace(
                name,
                Attributes.text(directory.resolve("size")).map(Long::parseLong).orElse(0L) * SECTOR,
                Attributes.number(directory.resolve("queue/logical_block_size")).orElse((int) SECTOR),
                List.copyOf(blocks.partitions(name)),
                blocks.uses(name));
    }
}
