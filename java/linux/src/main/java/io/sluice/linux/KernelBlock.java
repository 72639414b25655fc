package io.sluice.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The kernel's block devices, their limits and who uses them: from sysfs and procfs. Any thread may call; each call looks again. */
public final class KernelBlock {
    private static final int KIB = 1024;
    /** What the block layer asks of memory where it does not say: the largest that any device asks for. */
    private static final int UNKNOWN_ALIGNMENT = 512;

    private final Path root;

    /**
     * Looks at a tree.
     *
     * @param root what holds {@code sys} and {@code proc}; {@code /} for this machine
     */
    public KernelBlock(Path root) {
        this.root = root;
    }

    /**
     * The limits of the device of a number, a partition's being those of its disk; empty when no block device has that number, as
     * with file systems of several devices or none.
     */
    public Optional<BlockLimits> limits(int major, int minor) throws IOException {
        Path device = root.resolve("sys/dev/block/" + major + ":" + minor);
        if (!Files.exists(device)) {
            return Optional.empty();
        }
        Path directory = device.toRealPath();
        return Optional.of(limits(
                directory.getFileName().toString(),
                (isPartition(directory) ? directory.resolveSibling("queue") : directory.resolve("queue"))));
    }

    /** The limits of the disk of a name; empty when there is none. */
    public Optional<BlockLimits> limits(String name) throws IOException {
        Path queue = root.resolve("sys/class/block/" + name + "/queue");
        return Files.exists(queue) ? Optional.of(limits(name, queue)) : Optional.empty();
    }

    private static BlockLimits limits(String name, Path queue) throws IOException {
        return new BlockLimits(
                name,
                (int) number(queue, "logical_block_size", 512),
                // It is a mask of bits.
                (int) number(queue, "dma_alignment", UNKNOWN_ALIGNMENT - 1) + 1,
                number(queue, "max_hw_sectors_kb", 128) * KIB,
                (int) number(queue, "max_segments", 32),
                number(queue, "discard_max_bytes", 0),
                number(queue, "write_zeroes_max_bytes", 0),
                Attributes.text(queue.resolve("write_cache")).orElse("").equals("write back"));
    }

    private static long number(Path queue, String attribute, long otherwise) throws IOException {
        return Attributes.text(queue.resolve(attribute)).map(Long::parseLong).orElse(otherwise);
    }

    private static boolean isPartition(Path directory) {
        return Files.exists(directory.resolve("partition"));
    }

    /** The partitions of a disk. */
    List<String> partitions(String disk) throws IOException {
        Path directory = root.resolve("sys/class/block/" + disk);
        List<String> partitions = new ArrayList<>();
        for (String entry : Attributes.names(directory)) {
            if (entry.startsWith(disk) && isPartition(directory.resolve(entry))) {
                partitions.add(entry);
            }
        }
        return partitions;
    }

    /** What keeps a block device or one of its partitions busy; empty when nothing does. */
    public List<BlockUse> uses(String name) throws IOException {
        List<BlockUse> uses = new ArrayList<>(usesOf(name));
        for (String partition : partitions(name)) {
            uses.addAll(usesOf(partition));
        }
        return List.copyOf(uses);
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
