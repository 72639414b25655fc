package io.sluice.vfs;

import io.sluice.block.BlockDevice;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Makes devices and partitions files of {@code java.nio.file}, by URIs such as {@code sluice:0000:03:00.0!/p1}: the device, as a {@link DeviceOpener} knows it, and behind the
 * exclamation mark a path on it. A device has the files {@code disk} (all of it), {@code p1} and up (its partitions), the directories {@code by-label}, {@code by-guid} and {@code by-type}
 * with the same partitions, and the texts {@code info}, {@code block_size} and {@code block_count}. All methods may be called from any thread.
 *
 * <p>A file system is opened by {@link java.nio.file.FileSystems#newFileSystem(URI, Map)}; {@link Path#of(URI)} opens one by itself, to read only. The map may have:
 *
 * <ul>
 *   <li>{@code writeable} - {@code yes} to allow writing (default {@code no});
 *   <li>{@code io_buffer} - memory of a session, bytes, 4K to 1G ({@code 4M}): text with K, M or G behind it (powers of 1024), or a number;
 *   <li>{@code queue_depth} - operations of a session in flight, 1 to 65535 ({@code 128});
 *   <li>{@code in_flight} - requests of a file that are begun and not done, 1 to 2^20 (as {@code queue_depth});
 *   <li>{@code waiting} - what a thread does while the device works: {@code adaptive} (looks for 50 microseconds, then sleeps), {@code spin}, {@code yield}, {@code sleep};
 *   <li>{@code deadline} - how long an operation may take, a {@link java.time.Duration} or text such as {@code 30s};
 *   <li>{@code label} - who the sessions are for, which is what a mediator's policy goes by ({@code vfs});
 *   <li>{@code zero_copy} - how much of the callers' direct buffers a session may show to the device, bytes, up to 1G ({@code 128M}, {@code 0} = nothing): those that are used again and again are
 *       read and written without a copy, where the device reaches them (page by page behind an IOMMU), and kept alive meanwhile; one whose operation missed the
 *       deadline may still be changed until the last channel of the file is closed;
 *   <li>{@code read_ahead}, {@code write_window} - {@link Caching} of every handle, bytes, up to 64M ({@code 0});
 *   <li>{@code watch_interval} - how often device and table are looked at while somebody watches ({@code 1s});
 *   <li>{@code permissions}, {@code owner}, {@code group} - what {@code posix:} attributes say ({@code rw-rw----} or {@code r--r-----}, the user that runs the JVM);
 *   <li>{@code device} - a {@link BlockDevice}, an {@link OpenedDevice}, or a {@code Map} from names to several of these, each of which gets a directory: used as it is, not opened by name, and
 *       left open when the file system is closed.
 * </ul>
 */
public final class SluiceFileSystemProvider extends FileSystemProvider {
    /** The scheme of URIs. */
    static final String SCHEME = "sluice";

    private final Map<String, SluiceFileSystem> fileSystems = new LinkedHashMap<>();

    /** For {@link ServiceLoader}. */
    public SluiceFileSystemProvider() {}

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> environment) throws IOException {
        return open(SluiceUri.parse(uri).device(), environment);
    }

    private SluiceFileSystem open(String name, Map<String, ?> environment) throws IOException {
        Settings settings = Settings.of(environment);
        // Under the lock a device is opened once, whoever else wants it.
        synchronized (fileSystems) {
            if (fileSystems.containsKey(name)) {
                throw new FileSystemAlreadyExistsException(SCHEME + ":" + name + " is open");
            }
            Object given = environment.get(Settings.DEVICE);
            Map<String, OpenedDevice> devices = given == null ? Map.of("disk", open(name)) : given(given);
            boolean opened = false;
            try {
                SluiceFileSystem fileSystem = new SluiceFileSystem(this, name, settings, devices, given == null);
                fileSystems.put(name, fileSystem);
                opened = true;
                return fileSystem;
            } finally {
                if (!opened && given == null) {
                    for (OpenedDevice device : devices.values()) {
                        device.close();
                    }
                }
            }
        }
    }

    private static Map<String, OpenedDevice> given(Object given) {
        Map<String, OpenedDevice> devices = new LinkedHashMap<>();
        if (given instanceof Map<?, ?> several) {
            several.forEach((name, device) -> devices.put(String.valueOf(name), givenOne(device)));
        } else {
            devices.put("disk", givenOne(given));
        }
        if (devices.isEmpty()) {
            throw new IllegalArgumentException(Settings.DEVICE + ": a file system has at least one device");
        }
        return devices;
    }

    private static OpenedDevice givenOne(@Nullable Object given) {
        if (given instanceof OpenedDevice opened) {
            return opened;
        }
        if (given instanceof BlockDevice device) {
            return OpenedDevice.of(device);
        }
        throw new IllegalArgumentException(
                Settings.DEVICE + "=" + given + ": expected a BlockDevice, an OpenedDevice or a Map of these");
    }

    private static OpenedDevice open(String name) throws IOException {
        for (DeviceOpener opener : ServiceLoader.load(DeviceOpener.class)) {
            OpenedDevice device = opener.open(name);
            if (device != null) {
                return device;
            }
        }
        throw new IOException(
                "'" + name + "' is no device that can be opened here: nothing on the class path knows such"
                        + " names; sluice.jar does, or give the device itself as '" + Settings.DEVICE + "'");
    }

    void forget(SluiceFileSystem fileSystem) {
        synchronized (fileSystems) {
            boolean ignored = fileSystems.remove(fileSystem.name(), fileSystem);
        }
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        String name = SluiceUri.parse(uri).device();
        synchronized (fileSystems) {
            SluiceFileSystem open = fileSystems.get(name);
            if (open == null) {
                throw new FileSystemNotFoundException(SCHEME + ":" + name + " is not open");
            }
            return open;
        }
    }

    /** The path that a URI names; opens the device, to read only, when it is not open. */
    @Override
    public Path getPath(URI uri) {
        SluiceUri named = SluiceUri.parse(uri);
        synchronized (fileSystems) {
            SluiceFileSystem known = fileSystems.get(named.device());
            if (known != null) {
                return known.getPath(named.path());
            }
            try {
                return open(named.device(), Map.of()).getPath(named.path());
            } catch (IOException failure) {
                FileSystemNotFoundException notFound = new FileSystemNotFoundException(failure.getMessage());
                notFound.initCause(failure);
                throw notFound;
            }
        }
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        SluicePath known = SluicePath.of(path);
        OpenMode mode = OpenMode.of(options, known.getFileSystem().settings());
        Node node = existing(known, mode);
        if (node instanceof Node.Text text) {
            if (mode.write()) {
                throw new AccessDeniedException(
                        path.toString(), null, "it is a text about a device, and only to be read");
            }
            return new TextChannel(text.bytes());
        }
        return known.getFileSystem().open(known, mode, blocks(known, mode, node), BlockChannel::new);
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        SluicePath known = SluicePath.of(path);
        OpenMode mode = OpenMode.of(options, known.getFileSystem().settings());
        return known.getFileSystem().open(known, mode, blocks(known, mode, existing(known, mode)), BlockChannel::new);
    }

    @Override
    public AsynchronousFileChannel newAsynchronousFileChannel(
            Path path,
            Set<? extends OpenOption> options,
            @Nullable ExecutorService executor,
            FileAttribute<?>... attributes)
            throws IOException {
        SluicePath known = SluicePath.of(path);
        OpenMode mode = OpenMode.of(options, known.getFileSystem().settings());
        if (mode.append()) {
            throw new UnsupportedOperationException("APPEND is not for asynchronous channels");
        }
        return known.getFileSystem()
                .open(
                        known,
                        mode,
                        blocks(known, mode, existing(known, mode)),
                        handle -> new AsyncBlockChannel(handle, executor));
    }

    private static Node existing(SluicePath path, OpenMode mode) throws IOException {
        try {
            Node node = path.getFileSystem().node(path);
            if (mode.createNew()) {
                throw new FileAlreadyExistsException(path.toString());
            }
            return node;
        } catch (NoSuchFileException missing) {
            if (mode.create() || mode.createNew()) {
                throw SluiceFileSystem.fixed(path, "it does not exist, and no file can be made here");
            }
            throw missing;
        }
    }

    private static Node.Blocks blocks(SluicePath path, OpenMode mode, Node node) throws FileSystemException {
        if (!(node instanceof Node.Blocks blocks)) {
            throw new FileSystemException(
                    path.toString(),
                    null,
                    node instanceof Node.Directory
                            ? "it is a directory"
                            : "it is a text about a device, which only a SeekableByteChannel or a stream reads");
        }
        if (mode.write() && !blocks.file().writeable()) {
            throw new AccessDeniedException(
                    path.toString(),
                    null,
                    path.getFileSystem().isReadOnly()
                            ? "the file system was opened to read only; open it with " + Settings.WRITEABLE + "=yes"
                            : "the device is read-only");
        }
        return blocks;
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path directory, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        SluicePath known = SluicePath.of(directory);
        if (!(known.getFileSystem().node(known) instanceof Node.Directory node)) {
            throw new NotDirectoryException(directory.toString());
        }
        return new NodeStream(known, node.entries().keySet(), filter);
    }

    @Override
    public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
        SluicePath known = SluicePath.of(directory);
        if (exists(known)) {
            throw new FileAlreadyExistsException(directory.toString());
        }
        throw SluiceFileSystem.fixed(directory, "no directory can be made here");
    }

    private static boolean exists(SluicePath path) throws IOException {
        try {
            Node ignored = path.getFileSystem().node(path);
            return true;
        } catch (NoSuchFileException missing) {
            return false;
        }
    }

    @Override
    public void delete(Path path) throws IOException {
        SluicePath known = SluicePath.of(path);
        Node ignored = known.getFileSystem().node(known);
        throw SluiceFileSystem.fixed(path, "it cannot be deleted");
    }

    /** Copies the bytes of one device or partition over those of another, which {@link StandardCopyOption#REPLACE_EXISTING} has to allow; one that is smaller takes nothing. */
    @Override
    public void copy(Path source, Path target, CopyOption... options) throws IOException {
        SluicePath to = SluicePath.of(target);
        for (CopyOption option : options) {
            if (option != StandardCopyOption.REPLACE_EXISTING
                    && option != StandardCopyOption.COPY_ATTRIBUTES
                    && option != LinkOption.NOFOLLOW_LINKS) {
                throw new UnsupportedOperationException(option + " is not supported");
            }
        }
        if (isSameFile(source, target)) {
            return;
        }
        if (exists(to) && !Arrays.asList(options).contains(StandardCopyOption.REPLACE_EXISTING)) {
            throw new FileAlreadyExistsException(target.toString());
        }
        try (SeekableByteChannel from = newByteChannel(source, Set.of(StandardOpenOption.READ));
                FileChannel into = newFileChannel(target, Set.of(StandardOpenOption.WRITE))) {
            if (from.size() > into.size()) {
                throw new FileSystemException(
                        source.toString(),
                        target.toString(),
                        "its " + from.size() + " bytes do not fit into " + into.size() + "; nothing was written");
            }
            long ignored = into.transferFrom(from, 0, Long.MAX_VALUE);
        }
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
        SluicePath known = SluicePath.of(source);
        Node ignored = known.getFileSystem().node(known);
        throw SluiceFileSystem.fixed(source, "it cannot be moved");
    }

    @Override
    public boolean isSameFile(Path path, Path other) throws IOException {
        if (path.equals(other)) {
            return true;
        }
        return other instanceof SluicePath
                && attributes(SluicePath.of(path))
                        .fileKey()
                        .equals(attributes(SluicePath.of(other)).fileKey())
                && path.getFileSystem() == other.getFileSystem();
    }

    @Override
    public boolean isHidden(Path path) {
        return false;
    }

    @Override
    public Path readSymbolicLink(Path link) throws IOException {
        Node ignored = SluicePath.of(link).getFileSystem().node(SluicePath.of(link));
        throw new NotLinkException(link.toString());
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
        SluicePath known = SluicePath.of(path);
        return known.getFileSystem().store(known);
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        SluicePath known = SluicePath.of(path);
        Node node = known.getFileSystem().node(known);
        for (AccessMode mode : modes) {
            boolean writeable =
                    node instanceof Node.Blocks blocks && blocks.file().writeable();
            if ((mode == AccessMode.WRITE && !writeable)
                    || (mode == AccessMode.EXECUTE && !(node instanceof Node.Directory))) {
                throw new AccessDeniedException(path.toString(), null, "no access to " + mode);
            }
        }
    }

    static BlockAttributes attributes(SluicePath path) throws IOException {
        SluiceFileSystem fileSystem = path.getFileSystem();
        return new BlockAttributes(fileSystem.node(path), fileSystem.settings(), fileSystem.openedAt());
    }

    @Override
    public <V extends FileAttributeView> @Nullable V getFileAttributeView(
            Path path, Class<V> type, LinkOption... options) {
        SluicePath known = SluicePath.of(path);
        if (type == BasicFileAttributeView.class) {
            return type.cast(new NodeView(known, "basic"));
        }
        if (type == FileOwnerAttributeView.class) {
            return type.cast(new NodeView(known, "owner"));
        }
        return type == PosixFileAttributeView.class ? type.cast(new NodeView(known, "posix")) : null;
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        return attributes(SluicePath.of(path)).as(type);
    }

    /** Reads attributes by name: {@code basic:}, {@code owner:}, {@code posix:} and {@code block:}, which has what is known of the device and the partition. */
    @Override
    public Map<String, Object> readAttributes(Path path, String names, LinkOption... options) throws IOException {
        int colon = names.indexOf(':');
        String view = colon < 0 ? "basic" : names.substring(0, colon);
        Set<String> wanted =
                new HashSet<>(Arrays.asList(names.substring(colon + 1).split(",", -1)));
        Map<String, Object> all = attributes(SluicePath.of(path)).of(view);
        if (wanted.contains("*")) {
            return all;
        }
        Map<String, Object> some = new LinkedHashMap<>();
        for (String name : wanted) {
            if (!all.containsKey(name)) {
                throw new IllegalArgumentException("'" + name + "' is no attribute of the view " + view + " of " + path
                        + "; there are " + String.join(", ", all.keySet()));
            }
            some.put(name, all.get(name));
        }
        return some;
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) throws IOException {
        Node ignored = SluicePath.of(path).getFileSystem().node(SluicePath.of(path));
        throw SluiceFileSystem.fixed(path, "the attribute " + attribute + " cannot be set");
    }
}
