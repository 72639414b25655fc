package io.sluice.vfs;

import io.sluice.block.BlockDevice;
import io.sluice.block.Geometry;
import io.sluice.partition.table.Partition;
import io.sluice.partition.table.PartitionTable;
import io.sluice.partition.table.PartitionTableException;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The directory of one device: {@code disk} is all of it, {@code p1} and up are its partitions, which {@code by-label}, {@code by-guid} and {@code by-type} have under other names;
 * {@code info}, {@code block_size} and {@code block_count} are texts. It is built again whenever the table was read; windows that are still there stay the same file. Belongs to the file system, which locks it.
 */
final class DeviceTree {
    /** The name of all of a device. */
    static final String WHOLE = "disk";

    private record Place(long firstBlock, long blockCount) {}

    private final String path;
    private final OpenedDevice opened;
    private final Settings settings;
    private final Medium medium = new Medium();
    private final Map<Place, BlockFile> files = new HashMap<>();

    /**
     * The directory of a device.
     *
     * @param path of the directory, without a slash at its end
     */
    DeviceTree(String path, OpenedDevice opened, Settings settings) {
        this.path = path;
        this.opened = opened;
        this.settings = settings;
    }

    BlockDevice device() {
        return opened.device();
    }

    private Place all() {
        return new Place(0, device().geometry().blockCount());
    }

    /** All of the device, whatever its table says. */
    Node.Blocks whole() {
        return new Node.Blocks(file(Map.of(), all()), opened.facts());
    }

    /** The directory, for the table that the device has now. */
    Node.Directory read() throws IOException {
        try {
            PartitionTable table = PartitionTable.read(device());
            return build(table.partitions(), table.kind() + (table.isDamaged() ? ", damaged" : ""));
        } catch (PartitionTableException unusable) {
            // The device is there all the same, and who is to mend it has to reach it.
            return build(List.of(), String.valueOf(unusable.getMessage()));
        }
    }

    private Node.Directory build(List<Partition> partitions, String table) {
        SortedMap<String, Node> entries = new TreeMap<>();
        Geometry geometry = device().geometry();
        Map<Place, BlockFile> before = new HashMap<>(files);
        files.clear();
        entries.put(WHOLE, new Node.Blocks(file(before, all()), opened.facts()));
        SortedMap<String, Node> labels = new TreeMap<>();
        SortedMap<String, Node> guids = new TreeMap<>();
        SortedMap<String, Node> types = new TreeMap<>();
        for (Partition partition : partitions) {
            if (partition.number() == 0) {
                // All of a device that has no table.
                continue;
            }
            Node.Blocks node = new Node.Blocks(
                    file(before, new Place(partition.firstBlock(), partition.blockCount())), facts(partition));
            String name = "p" + partition.number();
            entries.put(name, node);
            put(labels, partition.name(), node);
            put(guids, guid(partition), node);
            String type = fileName(partition.type().code());
            if (type != null) {
                Node.Directory directory = (Node.Directory) types.computeIfAbsent(
                        type, unused -> new Node.Directory(path + "/by-type/" + type, new TreeMap<>()));
                directory.entries().put(name, node);
            }
        }
        entries.put("by-label", new Node.Directory(path + "/by-label", labels));
        entries.put("by-guid", new Node.Directory(path + "/by-guid", guids));
        entries.put("by-type", new Node.Directory(path + "/by-type", types));
        entries.put("block_size", text("block_size", () -> geometry.blockBytes() + "\n"));
        entries.put("block_count", text("block_count", () -> geometry.blockCount() + "\n"));
        entries.put("info", text("info", () -> info(table)));
        return new Node.Directory(path.isEmpty() ? "/" : path, entries);
    }

    private BlockFile file(Map<Place, BlockFile> before, Place place) {
        BlockFile known = before.get(place);
        BlockFile file = known != null ? known : files.get(place);
        if (file == null) {
            file = new BlockFile(device(), medium, settings, place.firstBlock(), place.blockCount());
        }
        files.put(place, file);
        return file;
    }

    private Supplier<Map<String, Object>> facts(Partition partition) {
        return () -> {
            Map<String, Object> facts = new LinkedHashMap<>(opened.facts().get());
            facts.put("partition", partition.number());
            facts.put("label", partition.name());
            facts.put("partitionGuid", guid(partition));
            facts.put("type", partition.type().code());
            return facts;
        };
    }

    private static String guid(Partition partition) {
        UUID guid = partition.guid();
        return guid == null ? "" : guid.toString().toUpperCase(Locale.ROOT);
    }

    private Node.Text text(String name, Supplier<String> content) {
        return new Node.Text(path + "/" + name, content);
    }

    private String info(String table) {
        Geometry geometry = device().geometry();
        StringBuilder text = new StringBuilder();
        line(text, "device", device().name());
        line(text, "block_size", geometry.blockBytes());
        line(text, "block_count", geometry.blockCount());
        line(text, "writeable", settings.writeable() && geometry.writeable() ? "yes" : "no");
        line(text, "volatile_write_cache", geometry.volatileWriteCache() ? "yes" : "no");
        line(text, "partition_table", table);
        line(text, "max_transfer", (long) geometry.maxTransferBlocks() << geometry.blockShift());
        opened.facts().get().forEach((name, value) -> line(text, name, value));
        return text.toString();
    }

    private static void line(StringBuilder text, String name, Object value) {
        text.append(name).append(": ").append(value).append('\n');
    }

    /** The first of two with the same name keeps it. */
    private static void put(SortedMap<String, Node> directory, String text, Node node) {
        String name = fileName(text);
        if (name != null) {
            Node ignored = directory.putIfAbsent(name, node);
        }
    }

    /** What a text that somebody wrote on a disk is called here: no slash, no control character, no dots that mean a directory; null when it is empty. */
    static @Nullable String fileName(String text) {
        StringBuilder name = new StringBuilder();
        boolean dots = text.equals(".") || text.equals("..");
        text.codePoints().forEach(character -> {
            if (character == '/'
                    || character == '%'
                    || character == '\\'
                    || Character.isISOControl(character)
                    || (dots && character == '.')) {
                name.append(String.format("%%%02X", character));
            } else {
                name.appendCodePoint(character);
            }
        });
        return name.isEmpty() ? null : name.toString();
    }
}
