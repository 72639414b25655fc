package io.sluice.vfs;

import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The attributes of a node, of all views. Times are when the file system was opened. */
final class BlockAttributes implements PosixFileAttributes {
    static final Set<String> VIEWS = Set.of("basic", "owner", "posix", "block");

    private final Node node;
    private final Settings settings;
    private final FileTime time;

    BlockAttributes(Node node, Settings settings, FileTime time) {
        this.node = node;
        this.settings = settings;
        this.time = time;
    }

    /** A user or a group by its name. */
    record Named(String name) implements GroupPrincipal {
        @Override
        public String getName() {
            return name;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** The attributes of a view by name; null when there is no such view. */
    Map<String, Object> of(String view) {
        Map<String, Object> values = new LinkedHashMap<>();
        switch (view) {
            case "basic" -> addBasic(values);
            case "owner" -> values.put("owner", owner());
            case "posix" -> {
                addBasic(values);
                values.put("owner", owner());
                values.put("group", group());
                values.put("permissions", permissions());
            }
            case "block" -> {
                if (node instanceof Node.Blocks blocks) {
                    addBlock(values, blocks);
                }
            }
            default ->
                throw new UnsupportedOperationException(
                        "there is no view '" + view + "'; there are basic, owner, posix, block");
        }
        return values;
    }

    private void addBasic(Map<String, Object> values) {
        values.put("size", size());
        values.put("creationTime", time);
        values.put("lastAccessTime", time);
        values.put("lastModifiedTime", time);
        values.put("isDirectory", isDirectory());
        values.put("isRegularFile", isRegularFile());
        values.put("isSymbolicLink", false);
        values.put("isOther", false);
        values.put("fileKey", fileKey());
    }

    private static void addBlock(Map<String, Object> values, Node.Blocks blocks) {
        BlockFile file = blocks.file();
        values.put("device", file.device().name());
        values.put("blockSize", file.blockBytes());
        values.put("blockCount", file.blockCount());
        values.put("firstBlock", file.firstBlock());
        values.put("writeable", file.writeable());
        values.putAll(blocks.facts().get());
    }

    @Override
    public UserPrincipal owner() {
        return new Named(settings.owner());
    }

    @Override
    public GroupPrincipal group() {
        return new Named(settings.group());
    }

    @Override
    public Set<PosixFilePermission> permissions() {
        return settings.permissions();
    }

    @Override
    public FileTime lastModifiedTime() {
        return time;
    }

    @Override
    public FileTime lastAccessTime() {
        return time;
    }

    @Override
    public FileTime creationTime() {
        return time;
    }

    /** Devices and partitions are: programs that refuse everything else find in them what they expect of one. */
    @Override
    public boolean isRegularFile() {
        return !isDirectory();
    }

    @Override
    public boolean isDirectory() {
        return node instanceof Node.Directory;
    }

    @Override
    public boolean isSymbolicLink() {
        return false;
    }

    @Override
    public boolean isOther() {
        return false;
    }

    @Override
    public long size() {
        return node.size();
    }

    @Override
    public Object fileKey() {
        if (node instanceof Node.Blocks blocks) {
            return blocks.file();
        }
        return node instanceof Node.Directory directory ? directory.path() : ((Node.Text) node).path();
    }

    /** As one of the types of attributes. */
    <A extends BasicFileAttributes> A as(Class<A> type) {
        if (type == BasicFileAttributes.class || type == PosixFileAttributes.class) {
            return type.cast(this);
        }
        throw new UnsupportedOperationException(type + " are no attributes of a device");
    }
}
