package io.sluice.block.statistics;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Where processes publish the statistics of their sessions: a directory that belongs to one user and is closed to others, with a file for each process. Any
 * thread, any process.
 */
public final class StatisticsDirectory {
    private static final String PRIVATE = "rwx------";
    /** Who lives writes many times in this time. */
    private static final long SILENT_MILLIS = 60_000;

    private static final int TRIES = 5;
    private static final long TRY_AGAIN_NANOS = 1_000_000;

    private final Path path;

    private StatisticsDirectory(Path path) {
        this.path = path;
    }

    /** A directory, which need not exist. */
    public static StatisticsDirectory at(Path path) {
        return new StatisticsDirectory(path);
    }

    /**
     * The directory of the user whose process this is: {@code sluice} in the user's runtime directory, or {@code sluice-UID} in shared memory where
     * there is none.
     *
     * @param runtimeDirectory the value of {@code XDG_RUNTIME_DIR}; null or empty when it is not set
     */
    public static StatisticsDirectory ofUser(@Nullable String runtimeDirectory) throws IOException {
        return all(runtimeDirectory).get(0);
    }

    /** The directories in which processes of this user may publish, the preferred one first: not every one of them is told of the runtime directory. */
    public static List<StatisticsDirectory> all(@Nullable String runtimeDirectory) throws IOException {
        List<StatisticsDirectory> directories = new ArrayList<>();
        if (runtimeDirectory != null && !runtimeDirectory.isEmpty()) {
            directories.add(at(Path.of(runtimeDirectory, "sluice")));
        }
        directories.add(at(Path.of("/dev/shm", "sluice-" + user())));
        return directories;
    }

    /** Whoever the kernel says owns this process. */
    private static int user() throws IOException {
        return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /**
     * Makes the directory unless it is there, and a new file in it for a process, in place of one that an earlier process of the same number left.
     *
     * @throws IOException when somebody else could read or replace what is in it
     */
    Path create(ProcessIdentity process) throws IOException {
        try {
            Files.createDirectory(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(PRIVATE)));
        } catch (FileAlreadyExistsException there) {
            if (!isPrivate()) {
                throw new IOException(
                        path + ": statistics go into a directory of this user that is closed to others (mode 0700);"
                                + " remove what is there",
                        there);
            }
        }
        Path file = path.resolve(process.fileName());
        Files.deleteIfExists(file);
        return Files.createFile(
                file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    private boolean isPrivate() throws IOException {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
                && (int) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS) == user()
                && PosixFilePermissions.toString(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS))
                        .equals(PRIVATE);
    }

    /**
     * What every process that publishes here last wrote, by process number. Files that ended processes left behind are removed; those that are not what they
     * should be are left alone, and told of.
     *
     * @param trouble is told of files that cannot be read
     */
    public List<ProcessStatistics> read(Trouble trouble) throws IOException {
        List<ProcessStatistics> processes = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
            for (Path file : files) {
                try {
                    ProcessStatistics statistics = read(file);
                    if (isLeftBehind(file, statistics)) {
                        remove(file);
                    } else if (statistics != null) {
                        processes.add(statistics);
                    }
                } catch (NoSuchFileException ended) {
                    // Between the look at the directory and that at the file.
                } catch (IOException unreadable) {
                    trouble.unreadable(file, unreadable);
                }
            }
        } catch (NoSuchFileException nobodyPublishes) {
            return processes;
        }
        processes.sort(
                Comparator.comparingLong(statistics -> statistics.process().pid()));
        return processes;
    }

    /** Is told of files that cannot be read. */
    @FunctionalInterface
    public interface Trouble {
        /** A file that is no statistics, or not readable. */
        void unreadable(Path file, IOException why);
    }

    /** Null when nothing was written yet. */
    private static @Nullable ProcessStatistics read(Path file) throws IOException {
        for (int tries = 1; ; tries++) {
            try {
                ByteBuffer bytes = bytes(file);
                return bytes.limit() == 0 ? null : StatisticsFormat.decode(bytes);
            } catch (StatisticsFormatException wrong) {
                // Its process may be writing it at this moment.
                if (tries == TRIES) {
                    throw wrong;
                }
                LockSupport.parkNanos(TRY_AGAIN_NANOS);
            }
        }
    }

    private static ByteBuffer bytes(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            long size = channel.size();
            if (size > StatisticsFormat.MOST_BYTES) {
                throw new StatisticsFormatException(size + " bytes are more than statistics have");
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) size);
            int read = 0;
            while (bytes.hasRemaining() && read >= 0) {
                read = channel.read(bytes, bytes.position());
            }
            return bytes.flip();
        }
    }

    /** Whether the process that wrote a file is gone; of one whose number means nothing here, or that wrote nothing, the time tells. */
    private static boolean isLeftBehind(Path file, @Nullable ProcessStatistics statistics) throws IOException {
        if (statistics != null && statistics.process().isOfThisNamespace()) {
            return statistics.process().hasEnded();
        }
        return Files.getLastModifiedTime(file).toMillis() < System.currentTimeMillis() - SILENT_MILLIS;
    }

    private void remove(Path file) throws IOException {
        // In somebody else's directory nothing is removed: names there may come to mean something else at any time.
        if (isPrivate()) {
            Files.deleteIfExists(file);
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
