package io.sluice.vfs;

import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The file system of one device, or of several with a directory for each. Closing it closes the channels that are open. Any thread. */
final class SluiceFileSystem extends FileSystem {
    private final SluiceFileSystemProvider provider;
    private final String name;
    private final Settings settings;
    private final Map<String, OpenedDevice> devices;
    private final boolean owner;
    private final FileTime opened = FileTime.from(Instant.now());
    private final List<DeviceTree> trees = new ArrayList<>();
    private final Set<Closeable> users = new LinkedHashSet<>();
    /** Null until somebody looks beyond {@code disk}: so much can be opened on a device whose table cannot be read. */
    private volatile Node.@Nullable Directory root;

    private boolean closing;
    private volatile boolean closed;

    /**
     * Reads nothing yet.
     *
     * @param name of it in URIs
     * @param devices by the name of their directory; a single one has the root, whatever its name
     * @param owner whether the devices are closed with it
     */
    SluiceFileSystem(
            SluiceFileSystemProvider provider,
            String name,
            Settings settings,
            Map<String, OpenedDevice> devices,
            boolean owner) {
        this.provider = provider;
        this.name = name;
        this.settings = settings;
        this.devices = new LinkedHashMap<>(devices);
        this.owner = owner;
        this.devices.forEach((directory, device) ->
                trees.add(new DeviceTree(devices.size() == 1 ? "" : "/" + directory, device, settings)));
    }

    private synchronized Node.Directory root() throws IOException {
        Node.Directory known = root;
        if (known == null) {
            known = readTables();
            root = known;
        }
        return known;
    }

    private Node.Directory readTables() throws IOException {
        SortedMap<String, Node> entries = new TreeMap<>();
        int next = 0;
        for (String directory : devices.keySet()) {
            DeviceTree tree = trees.get(next++);
            entries.put(directory, tree.read());
        }
        return rootOf(entries);
    }

    /** Reads the tables again. Files that are open stay what they are; a device that cannot be read has no entries any more. */
    synchronized void refresh() {
        SortedMap<String, Node> entries = new TreeMap<>();
        int next = 0;
        for (String directory : devices.keySet()) {
            DeviceTree tree = trees.get(next++);
            try {
                entries.put(directory, tree.read());
            } catch (IOException gone) {
                entries.put(directory, new Node.Directory("/" + directory, new TreeMap<>()));
            }
        }
        root = rootOf(entries);
    }

    /** A single device has the root for itself. */
    private static Node.Directory rootOf(SortedMap<String, Node> entries) {
        return entries.size() == 1
                ? (Node.Directory) entries.get(entries.firstKey())
                : new Node.Directory("/", entries);
    }

    Settings settings() {
        return settings;
    }

    FileTime openedAt() {
        return opened;
    }

    String name() {
        return name;
    }

    URI uri(SluicePath path) {
        return SluiceUri.of(name, path.toString());
    }

    private void checkOpen() {
        if (closed) {
            throw new ClosedFileSystemException();
        }
    }

    /** What a path leads to. */
    Node node(SluicePath path) throws IOException {
        checkOpen();
        List<String> names = path.toAbsolutePath().normalize().names();
        Node node = root == null ? wholeDevice(names) : null;
        if (node != null) {
            return node;
        }
        node = root();
        for (String step : names) {
            if (!(node instanceof Node.Directory directory)) {
                throw new NotDirectoryException(path.toString());
            }
            node = directory.entries().get(step);
            if (node == null) {
                throw new NoSuchFileException(path.toString(), null, "there is no such device or partition");
            }
        }
        return node;
    }

    private synchronized Node.@Nullable Blocks wholeDevice(List<String> names) {
        if (names.isEmpty() || !names.get(names.size() - 1).equals(DeviceTree.WHOLE)) {
            return null;
        }
        if (trees.size() == 1) {
            return names.size() == 1 ? trees.get(0).whole() : null;
        }
        int at = new ArrayList<>(devices.keySet()).indexOf(names.get(0));
        return names.size() == 2 && at >= 0 ? trees.get(at).whole() : null;
    }

    /** Opens a file for a channel, which is closed with the file system. */
    <C extends Closeable> C open(SluicePath path, OpenMode mode, Node.Blocks node, Function<Handle, C> channel)
            throws IOException {
        AtomicReference<@Nullable Closeable> user = new AtomicReference<>();
        Handle handle = new Handle(path.toUri().toString(), node.file(), mode, () -> forget(user.get()));
        C opening = channel.apply(handle);
        user.set(opening);
        boolean kept = false;
        try {
            keep(opening);
            kept = true;
            return opening;
        } finally {
            if (!kept) {
                opening.close();
            }
        }
    }

    /** Closes something with the file system, unless it is forgotten before. */
    void keep(Closeable user) {
        synchronized (users) {
            if (closing) {
                throw new ClosedFileSystemException();
            }
            users.add(user);
        }
    }

    void forget(@Nullable Closeable user) {
        synchronized (users) {
            users.remove(user);
        }
    }

    @Override
    public SluiceFileSystemProvider provider() {
        return provider;
    }

    @Override
    public void close() throws IOException {
        List<Closeable> open;
        synchronized (users) {
            if (closing) {
                return;
            }
            closing = true;
            open = new ArrayList<>(users);
        }
        List<IOException> failures = new ArrayList<>();
        open.forEach(user -> close(user, failures));
        closed = true;
        provider.forget(this);
        if (owner) {
            devices.values().forEach(device -> close(device, failures));
        }
        if (!failures.isEmpty()) {
            IOException first = failures.get(0);
            failures.subList(1, failures.size()).forEach(first::addSuppressed);
            throw first;
        }
    }

    private static void close(Closeable resource, List<IOException> failures) {
        try {
            resource.close();
        } catch (IOException failure) {
            failures.add(failure);
        }
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public boolean isReadOnly() {
        return !settings.writeable();
    }

    @Override
    public String getSeparator() {
        return "/";
    }

    @Override
    public Iterable<Path> getRootDirectories() {
        checkOpen();
        return List.of(getPath("/"));
    }

    @Override
    public Iterable<FileStore> getFileStores() {
        checkOpen();
        List<FileStore> stores = new ArrayList<>();
        for (DeviceTree tree : trees) {
            stores.add(new DeviceStore(tree.device(), settings));
        }
        return stores;
    }

    /** The store of a path: the device that it lies on, or the first one. */
    DeviceStore store(SluicePath path) throws IOException {
        Node node = node(path);
        if (node instanceof Node.Blocks blocks) {
            return new DeviceStore(blocks.file().device(), settings);
        }
        List<String> names = path.toAbsolutePath().normalize().names();
        int at = names.isEmpty() ? 0 : Math.max(0, new ArrayList<>(devices.keySet()).indexOf(names.get(0)));
        return new DeviceStore(trees.get(at).device(), settings);
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
        return BlockAttributes.VIEWS;
    }

    @Override
    public SluicePath getPath(String first, String... more) {
        StringBuilder text = new StringBuilder(first);
        for (String part : more) {
            if (!part.isEmpty()) {
                text.append(text.isEmpty() ? "" : "/").append(part);
            }
        }
        return SluicePath.parse(this, text.toString());
    }

    @Override
    public PathMatcher getPathMatcher(String syntaxAndPattern) {
        int colon = syntaxAndPattern.indexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("'" + syntaxAndPattern + "': expected glob:PATTERN or regex:PATTERN");
        }
        String text = syntaxAndPattern.substring(colon + 1);
        Pattern pattern = switch (syntaxAndPattern.substring(0, colon).toLowerCase(Locale.ROOT)) {
            case "glob" -> Glob.pattern(text);
            case "regex" -> Pattern.compile(text);
            default ->
                throw new UnsupportedOperationException(
                        "'" + syntaxAndPattern + "': there are the syntaxes glob and regex");
        };
        return path -> pattern.matcher(path.toString()).matches();
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
        return new UserPrincipalLookupService() {
            @Override
            public UserPrincipal lookupPrincipalByName(String user) throws IOException {
                return named(user, settings.owner());
            }

            @Override
            public GroupPrincipal lookupPrincipalByGroupName(String group) throws IOException {
                return named(group, settings.group());
            }
        };
    }

    private static GroupPrincipal named(String wanted, String known) throws UserPrincipalNotFoundException {
        if (!wanted.equals(known)) {
            throw new UserPrincipalNotFoundException(wanted);
        }
        return new BlockAttributes.Named(known);
    }

    @Override
    public WatchService newWatchService() {
        checkOpen();
        DeviceWatcher watcher = new DeviceWatcher(this);
        keep(watcher);
        return watcher;
    }

    /** A refusal of what would change the tree. */
    static FileSystemException fixed(Path path, String what) {
        return new FileSystemException(path.toString(), null, what + ": the tree follows the devices and their tables");
    }

    @Override
    public String toString() {
        return SluiceFileSystemProvider.SCHEME + ":" + name;
    }

    /** For {@link DeviceWatcher}: what a directory holds now; null when it is not there. */
    @Nullable
    SortedMap<String, Node> entries(SluicePath path) {
        try {
            return node(path) instanceof Node.Directory directory ? directory.entries() : null;
        } catch (IOException gone) {
            return null;
        }
    }
}
