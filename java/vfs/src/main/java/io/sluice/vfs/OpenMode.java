package io.sluice.vfs;

import com.sun.nio.file.ExtendedOpenOption;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Set;

/**
 * What a file is opened for.
 *
 * @param read whether it may be read
 * @param write whether it may be written
 * @param append whether every write goes to the end, where there is no room
 * @param create whether it should have been made if it did not exist
 * @param createNew whether it must not exist
 * @param durable whether a write completes only when its data is durable
 * @param readAheadBytes what is read ahead of small sequential reads, 0 = nothing
 * @param writeWindowBytes what small sequential writes are gathered in, 0 = not at all
 */
record OpenMode(
        boolean read,
        boolean write,
        boolean append,
        boolean create,
        boolean createNew,
        boolean durable,
        int readAheadBytes,
        int writeWindowBytes) {
    /**
     * Reads options.
     *
     * @throws IllegalArgumentException when they contradict each other
     * @throws UnsupportedOperationException when one is none that a device can follow
     */
    static OpenMode of(Set<? extends OpenOption> options, Settings settings) {
        int readAhead = settings.readAheadBytes();
        int writeWindow = settings.writeWindowBytes();
        for (OpenOption option : options) {
            Objects.requireNonNull(option, "option");
            if (option instanceof Caching.ReadAhead wanted) {
                readAhead = wanted.bytes();
            } else if (option instanceof Caching.WriteWindow wanted) {
                writeWindow = wanted.bytes();
            } else if (option == StandardOpenOption.DELETE_ON_CLOSE) {
                throw new UnsupportedOperationException(
                        "DELETE_ON_CLOSE: a device and its partitions cannot be deleted");
            } else if (!(option instanceof StandardOpenOption)
                    && !(option instanceof LinkOption)
                    && option != ExtendedOpenOption.DIRECT) {
                // DIRECT is how it is done anyway.
                throw new UnsupportedOperationException(option + " is not supported");
            }
        }
        boolean append = options.contains(StandardOpenOption.APPEND);
        boolean write = append || options.contains(StandardOpenOption.WRITE);
        boolean read = options.contains(StandardOpenOption.READ) || !write;
        if (append && options.contains(StandardOpenOption.READ)) {
            throw new IllegalArgumentException("READ and APPEND exclude each other");
        }
        if (append && options.contains(StandardOpenOption.TRUNCATE_EXISTING)) {
            throw new IllegalArgumentException("APPEND and TRUNCATE_EXISTING exclude each other");
        }
        boolean durable = options.contains(StandardOpenOption.SYNC) || options.contains(StandardOpenOption.DSYNC);
        return new OpenMode(
                read,
                write,
                append,
                write && options.contains(StandardOpenOption.CREATE),
                write && options.contains(StandardOpenOption.CREATE_NEW),
                durable,
                readAhead,
                // Data that is durable when the write returns cannot wait for more.
                durable ? 0 : writeWindow);
    }
}
