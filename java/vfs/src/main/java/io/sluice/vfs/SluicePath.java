package io.sluice.vfs;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Names with slashes between them, as on Unix. Immutable. */
final class SluicePath implements Path {
    private static final String SEPARATOR = "/";

    private final SluiceFileSystem fileSystem;
    private final boolean absolute;
    /** Empty for the root, one empty name for the empty path. */
    private final List<String> names;

    private SluicePath(SluiceFileSystem fileSystem, boolean absolute, List<String> names) {
        this.fileSystem = fileSystem;
        this.absolute = absolute;
        this.names = !absolute && names.isEmpty() ? List.of("") : List.copyOf(names);
    }

    static SluicePath parse(SluiceFileSystem fileSystem, String text) {
        if (text.indexOf('\0') >= 0) {
            throw new InvalidPathException(text, "a name cannot contain a NUL character", text.indexOf('\0'));
        }
        List<String> names = Arrays.stream(text.split(SEPARATOR, -1))
                .filter(name -> !name.isEmpty())
                .toList();
        return new SluicePath(fileSystem, text.startsWith(SEPARATOR), names);
    }

    /** A path of this provider. */
    static SluicePath of(Path path) {
        if (path instanceof SluicePath ours) {
            return ours;
        }
        Objects.requireNonNull(path, "path");
        throw new ProviderMismatchException(path + " is no path of " + SluiceFileSystemProvider.SCHEME + ":");
    }

    private SluicePath with(boolean isAbsolute, List<String> changed) {
        return new SluicePath(fileSystem, isAbsolute, changed);
    }

    List<String> names() {
        return isEmpty() ? List.of() : names;
    }

    private boolean isEmpty() {
        return !absolute && names.size() == 1 && names.get(0).isEmpty();
    }

    @Override
    public SluiceFileSystem getFileSystem() {
        return fileSystem;
    }

    @Override
    public boolean isAbsolute() {
        return absolute;
    }

    @Override
    public @Nullable SluicePath getRoot() {
        return absolute ? with(true, List.of()) : null;
    }

    @Override
    public @Nullable SluicePath getFileName() {
        return names.isEmpty() ? null : with(false, names.subList(names.size() - 1, names.size()));
    }

    @Override
    public @Nullable SluicePath getParent() {
        if (names.size() > 1) {
            return with(absolute, names.subList(0, names.size() - 1));
        }
        return absolute && names.size() == 1 ? getRoot() : null;
    }

    @Override
    public int getNameCount() {
        return names.size();
    }

    @Override
    public SluicePath getName(int index) {
        return subpath(index, index + 1);
    }

    @Override
    public SluicePath subpath(int from, int to) {
        if (from < 0 || from >= to || to > names.size()) {
            throw new IllegalArgumentException(
                    "names " + from + " to " + to + " of '" + this + "', which has " + names.size());
        }
        return with(false, names.subList(from, to));
    }

    @Override
    public boolean startsWith(Path other) {
        return other instanceof SluicePath path
                && path.fileSystem == fileSystem
                && path.absolute == absolute
                && path.names.size() <= names.size()
                && names.subList(0, path.names.size()).equals(path.names);
    }

    @Override
    public boolean endsWith(Path other) {
        if (!(other instanceof SluicePath path)
                || path.fileSystem != fileSystem
                || path.names.size() > names.size()
                || (path.absolute && !(absolute && path.names.size() == names.size()))) {
            return false;
        }
        return names.subList(names.size() - path.names.size(), names.size()).equals(path.names);
    }

    @Override
    public SluicePath normalize() {
        List<String> kept = new ArrayList<>();
        for (String name : names()) {
            boolean climbs = name.equals("..");
            if (climbs && !kept.isEmpty() && !kept.get(kept.size() - 1).equals("..")) {
                kept.remove(kept.size() - 1);
            } else if (!name.equals(".") && !(climbs && absolute)) {
                kept.add(name);
            }
        }
        return with(absolute, kept);
    }

    @Override
    public Path resolve(Path other) {
        SluicePath path = of(other);
        if (path.absolute) {
            return path;
        }
        if (path.isEmpty()) {
            return this;
        }
        List<String> joined = new ArrayList<>(names());
        joined.addAll(path.names);
        return with(absolute, joined);
    }

    @Override
    public Path relativize(Path other) {
        SluicePath path = of(other);
        if (path.absolute != absolute) {
            throw new IllegalArgumentException("'" + this + "' and '" + other + "': one is absolute, one is not");
        }
        List<String> mine = normalize().names();
        List<String> theirs = path.normalize().names();
        int common = 0;
        while (common < mine.size()
                && common < theirs.size()
                && mine.get(common).equals(theirs.get(common))) {
            common++;
        }
        if (mine.subList(common, mine.size()).contains("..")) {
            throw new IllegalArgumentException(
                    "there is no telling how '" + other + "' is reached from '" + this + "'");
        }
        List<String> way = new ArrayList<>();
        for (int i = common; i < mine.size(); i++) {
            way.add("..");
        }
        way.addAll(theirs.subList(common, theirs.size()));
        return with(false, way);
    }

    @Override
    public URI toUri() {
        return fileSystem.uri(toAbsolutePath());
    }

    @Override
    public SluicePath toAbsolutePath() {
        return absolute ? this : with(true, names());
    }

    @Override
    public Path toRealPath(LinkOption... options) throws IOException {
        SluicePath real = toAbsolutePath().normalize();
        Node ignored = fileSystem.node(real);
        return real;
    }

    @Override
    public File toFile() {
        throw new UnsupportedOperationException("'" + this + "' is no file of the kernel's");
    }

    @Override
    public WatchKey register(WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers)
            throws IOException {
        if (!(watcher instanceof DeviceWatcher ours)) {
            Objects.requireNonNull(watcher, "watcher");
            throw new ProviderMismatchException("the watch service is of another file system");
        }
        return ours.register(this, List.of(events));
    }

    @Override
    public Iterator<Path> iterator() {
        return IntStream.range(0, names.size()).<Path>mapToObj(this::getName).iterator();
    }

    @Override
    public int compareTo(Path other) {
        return toString().compareTo(((SluicePath) other).toString());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SluicePath path
                && path.fileSystem == fileSystem
                && path.absolute == absolute
                && path.names.equals(names);
    }

    @Override
    public int hashCode() {
        return Objects.hash(System.identityHashCode(fileSystem), absolute, names);
    }

    @Override
    public String toString() {
        return (absolute ? SEPARATOR : "") + String.join(SEPARATOR, names);
    }
}
