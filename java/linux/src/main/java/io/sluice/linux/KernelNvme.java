package io.sluice.linux;

import java.io.IOException;
import java.nio.file.Files;
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

    /**
     * Looks at a tree.
     *
     * @param root what holds {@code sys} and {@code proc}; {@code /} for this machine
     */
    public KernelNvme(Path root) {
        this.root = root;
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
        List<String> partitions = new ArrayList<>();
        for (String entry : Attributes.names(directory)) {
            if (entry.startsWith(name) && Files.exists(directory.resolve(entry).resolve("partition"))) {
                partitions.add(entry);
            }
        }
        List<BlockUse> uses = new ArrayList<>(usesOf(name));
        for (String partition : partitions) {
            uses.addAll(usesOf(partition));
        }
        return new KernelNamespace(
                name,
                Attributes.text(directory.resolve("size")).map(Long::parseLong).orElse(0L) * SECTOR,
                Attributes.number(directory.resolve("queue/logical_block_size")).orElse((int) SECTOR),
                List.copyOf(partitions),
                List.copyOf(uses));
    }

    private List<BlockUse> usesOf(String block) throws IOException {
        Path directory = root.resolve("sys/class/block/" + block);
        List<BlockUse> uses = new ArrayList<>();
        String number = Attributes.text(directory.resolve("dev")).orElse("");
        for (String point : mountPoints(number, "/dev/" + block)) {
            uses.add(new BlockUse(block, BlockUse.Kind.MOUNTED, point));
        }
        if (isSwap("/dev/" + block)) {
            uses.add(new BlockUse(block, BlockUse.Kind.SWAP, ""));
        }
        for (String holder : Attributes.names(directory.resolve("holders"))) {
            uses.add(holder(block, holder));
        }
        return uses;
    }

    private BlockUse holder(String block, String holder) throws IOException {
        if (holder.startsWith("dm-")) {
            Path name = root.resolve("sys/class/block/" + holder + "/dm/name");
            return new BlockUse(
                    block, BlockUse.Kind.DEVICE_MAPPER, Attributes.text(name).orElse(holder));
        }
        return new BlockUse(block, holder.startsWith("md") ? BlockUse.Kind.RAID : BlockUse.Kind.OTHER, holder);
    }

    /**
     * proc(5), /proc/PID/mountinfo: the third field is the device's number, the fifth the mount point, and behind a field
     * "-" come type and source. A file system over several devices (btrfs) has a number of its own, so the source counts
     * too.
     */
    private List<String> mountPoints(String number, String node) throws IOException {
        List<String> points = new ArrayList<>();
        for (String line : lines("proc/self/mountinfo")) {
            String[] fields = line.split(" ");
            int dash = List.of(fields).indexOf("-");
            if (fields.length < 5 || dash < 0) {
                continue;
            }
            boolean sourceIsNode = dash + 2 < fields.length && fields[dash + 2].equals(node);
            if (fields[2].equals(number) || sourceIsNode) {
                points.add(unescaped(fields[4]));
            }
        }
        return points;
    }

    /** proc(5), /proc/swaps: a heading, then a line for each, which begins with the path. */
    private boolean isSwap(String node) throws IOException {
        return lines("proc/swaps").stream()
                .anyMatch(line -> line.startsWith(node + " ") || line.startsWith(node + "\t"));
    }

    private List<String> lines(String file) throws IOException {
        return Attributes.text(root.resolve(file)).stream()
                .flatMap(String::lines)
                .toList();
    }

    /** Blanks in paths stand as octal numbers behind a backslash. */
    private static String unescaped(String field) {
        return Pattern.compile("\\\\([0-7]{3})")
                .matcher(field)
                .replaceAll(
                        match -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(match.group(1), 8))));
    }
}
