package io.sluice.vfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.h2.store.fs.FileBase;
import org.h2.store.fs.FilePath;

/**
 * Lets H2 keep its database on a partition: {@code partition:NAME/db.mv.db} is the file that was registered under the name. Its first 4 KiB hold how long H2 believes it to be, since a partition has one
 * length only. No other file exists here.
 */
final class H2Partition extends FilePath {
    private static final String SCHEME = "partition";
    private static final int HEADER_BYTES = 4096;
    private static final Map<String, Path> FILES = new ConcurrentHashMap<>();

    static {
        FilePath.register(new H2Partition());
    }

    /** Registers a file, and returns what H2 calls the database that is to be on it. */
    static String database(String name, Path file) {
        FILES.put(name, file);
        return SCHEME + ":" + name + "/db";
    }

    private Path file() {
        String path = name.substring(SCHEME.length() + 1);
        return path.endsWith("/db.mv.db") ? FILES.get(path.substring(0, path.indexOf('/'))) : null;
    }

    private static final class Content extends FileBase {
        private final FileChannel partition;
        private long length;
        private long position;

        Content(FileChannel partition) throws IOException {
            this.partition = partition;
            ByteBuffer header = ByteBuffer.allocate(Long.BYTES);
            int ignored = partition.read(header, 0);
            length = header.getLong(0);
        }

        private void setLength(long bytes) throws IOException {
            length = bytes;
            int ignored = partition.write(ByteBuffer.allocate(Long.BYTES).putLong(0, bytes), 0);
        }

        @Override
        public synchronized int read(ByteBuffer into, long at) throws IOException {
            if (at >= length) {
                return -1;
            }
            int wanted = (int) Math.min(into.remaining(), length - at);
            ByteBuffer part = into.slice().limit(wanted);
            int read = partition.read(part, HEADER_BYTES + at);
            into.position(into.position() + read);
            return read;
        }

        @Override
        public synchronized int write(ByteBuffer from, long at) throws IOException {
            int written = partition.write(from, HEADER_BYTES + at);
            if (at + written > length) {
                setLength(at + written);
            }
            return written;
        }

        @Override
        public synchronized int read(ByteBuffer into) throws IOException {
            int read = read(into, position);
            position += Math.max(0, read);
            return read;
        }

        @Override
        public synchronized int write(ByteBuffer from) throws IOException {
            int written = write(from, position);
            position += written;
            return written;
        }

        @Override
        public synchronized long position() {
            return position;
        }

        @Override
        public synchronized FileChannel position(long at) {
            position = at;
            return this;
        }

        @Override
        public synchronized long size() {
            return length;
        }

        @Override
        public synchronized FileChannel truncate(long size) throws IOException {
            if (size < length) {
                setLength(size);
            }
            return this;
        }

        @Override
        public void force(boolean metadata) throws IOException {
            partition.force(metadata);
        }

        @Override
        public FileLock tryLock(long at, long size, boolean shared) throws IOException {
            return partition.tryLock(at, size, shared);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            partition.close();
        }
    }

    private Content content(boolean writeable) throws IOException {
        Set<OpenOption> options =
                writeable ? Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE) : Set.of(StandardOpenOption.READ);
        return new Content(FileChannel.open(file(), options));
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        return content(!mode.equals("r"));
    }

    @Override
    public boolean exists() {
        return isDirectory() || size() > 0;
    }

    @Override
    public long size() {
        if (file() == null) {
            return 0;
        }
        try (Content content = content(false)) {
            return content.size();
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    @Override
    public void delete() {
        if (file() == null) {
            return;
        }
        try (Content content = content(true)) {
            content.setLength(0);
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    @Override
    public boolean createFile() {
        return file() != null && !exists();
    }

    @Override
    public void moveTo(FilePath target, boolean replace) {
        throw new UnsupportedOperationException(this + " to " + target);
    }

    @Override
    public List<FilePath> newDirectoryStream() {
        return List.of();
    }

    @Override
    public FilePath toRealPath() {
        return this;
    }

    @Override
    public FilePath getParent() {
        return getPath(name.substring(0, Math.max(name.lastIndexOf('/'), SCHEME.length() + 1)));
    }

    /** What stands before the slash is taken for one. */
    @Override
    public boolean isDirectory() {
        return name.indexOf('/') < 0;
    }

    @Override
    public boolean isRegularFile() {
        return size() > 0;
    }

    @Override
    public boolean isAbsolute() {
        return true;
    }

    @Override
    public long lastModified() {
        return 0;
    }

    @Override
    public boolean canWrite() {
        return file() != null;
    }

    @Override
    public void createDirectory() {}

    @Override
    public boolean setReadOnly() {
        return false;
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public FilePath getPath(String path) {
        H2Partition created = new H2Partition();
        created.name = path;
        return created;
    }
}
