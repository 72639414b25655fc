package io.sluice.vfs;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The entries of a directory, as they were when it was opened. */
final class NodeStream implements DirectoryStream<Path> {
    private final Path directory;
    private final List<String> names;
    private final Filter<? super Path> filter;
    private boolean iterated;
    private volatile boolean closed;

    NodeStream(Path directory, Collection<String> names, Filter<? super Path> filter) {
        this.directory = directory;
        this.names = List.copyOf(names);
        this.filter = filter;
    }

    @Override
    public synchronized Iterator<Path> iterator() {
        if (closed || iterated) {
            throw new IllegalStateException(closed ? "the stream is closed" : "a stream is iterated once");
        }
        iterated = true;
        Iterator<String> all = names.iterator();
        return new Iterator<>() {
            private @Nullable Path found;

            @Override
            public boolean hasNext() {
                while (found == null && !closed && all.hasNext()) {
                    Path path = directory.resolve(all.next());
                    try {
                        found = filter.accept(path) ? path : null;
                    } catch (IOException failure) {
                        throw new DirectoryIteratorException(failure);
                    }
                }
                return found != null;
            }

            @Override
            public Path next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                Path next = found;
                found = null;
                return next;
            }
        };
    }

    @Override
    public void close() {
        closed = true;
    }
}
