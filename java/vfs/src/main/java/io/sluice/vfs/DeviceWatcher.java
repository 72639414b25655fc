package io.sluice.vfs;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;
import static java.nio.file.StandardWatchEventKinds.OVERFLOW;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.Watchable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells of partitions that come, go and move, and of a device that is gone, which takes all of its entries with it. A thread of its own reads the tables at the interval that the
 * file system was opened with, from the first registration on.
 */
final class DeviceWatcher implements WatchService {
    /** As many events as a key holds before it says that some were lost. */
    private static final int MOST_EVENTS = 512;

    private final SluiceFileSystem fileSystem;
    private final Map<SluicePath, Key> keys = new HashMap<>();
    private final LinkedBlockingDeque<Key> signalled = new LinkedBlockingDeque<>();
    /** What ends the waiting of those who wait for a key when the service is closed. */
    private final Key end = new Key(null, List.of(), new TreeMap<>());

    private @Nullable Thread thread;
    private volatile boolean closed;

    DeviceWatcher(SluiceFileSystem fileSystem) {
        this.fileSystem = fileSystem;
    }

    private record Event(WatchEvent.Kind<?> what, @Nullable Path context, int count) implements WatchEvent<Object> {
        @Override
        @SuppressWarnings("unchecked") // The contexts of the three kinds are paths, that of the fourth is null.
        public WatchEvent.Kind<Object> kind() {
            return (WatchEvent.Kind<Object>) what;
        }
    }

    private final class Key implements WatchKey {
        private final @Nullable SluicePath directory;
        private List<WatchEvent.Kind<?>> kinds;
        private SortedMap<String, Node> seen;
        private List<WatchEvent<?>> events = new ArrayList<>();
        private boolean waiting;
        private volatile boolean valid = true;

        Key(@Nullable SluicePath directory, List<WatchEvent.Kind<?>> kinds, SortedMap<String, Node> seen) {
            this.directory = directory;
            this.kinds = kinds;
            this.seen = new TreeMap<>(seen);
        }

        synchronized void look() {
            SluicePath watched = directory;
            if (!valid || watched == null) {
                return;
            }
            SortedMap<String, Node> entries = fileSystem.entries(watched);
            SortedMap<String, Node> now = entries == null ? new TreeMap<>() : entries;
            for (Map.Entry<String, Node> before : seen.entrySet()) {
                Node after = now.get(before.getKey());
                if (after == null) {
                    tell(ENTRY_DELETE, before.getKey());
                } else if (differs(before.getValue(), after)) {
                    tell(ENTRY_MODIFY, before.getKey());
                }
            }
            for (String name : now.keySet()) {
                if (!seen.containsKey(name)) {
                    tell(ENTRY_CREATE, name);
                }
            }
            seen = new TreeMap<>(now);
            if (entries == null) {
                valid = false;
            }
            if (!waiting && (!events.isEmpty() || !valid)) {
                waiting = true;
                signalled.add(this);
            }
        }

        private boolean differs(Node before, Node after) {
            return before instanceof Node.Blocks old
                    && after instanceof Node.Blocks fresh
                    && old.file() != fresh.file();
        }

        private void tell(WatchEvent.Kind<?> kind, String name) {
            if (!kinds.contains(kind)) {
                return;
            }
            if (events.size() < MOST_EVENTS) {
                events.add(new Event(kind, fileSystem.getPath(name), 1));
            } else if (events.size() == MOST_EVENTS) {
                events.add(new Event(OVERFLOW, null, 1));
            }
        }

        @Override
        public boolean isValid() {
            return valid && !closed;
        }

        @Override
        public synchronized List<WatchEvent<?>> pollEvents() {
            List<WatchEvent<?>> taken = events;
            events = new ArrayList<>();
            return taken;
        }

        @Override
        public synchronized boolean reset() {
            if (isValid()) {
                if (events.isEmpty()) {
                    waiting = false;
                } else {
                    signalled.add(this);
                }
            }
            return isValid();
        }

        @Override
        public void cancel() {
            valid = false;
            synchronized (keys) {
                boolean ignored = keys.values().remove(this);
            }
        }

        @Override
        public @Nullable Watchable watchable() {
            return directory;
        }
    }

    WatchKey register(SluicePath path, List<WatchEvent.Kind<?>> kinds) throws IOException {
        if (path.getFileSystem() != fileSystem) {
            throw new IllegalArgumentException(path.toUri() + " is of another file system than the watch service");
        }
        for (WatchEvent.Kind<?> kind : kinds) {
            if (!List.<WatchEvent.Kind<?>>of(ENTRY_CREATE, ENTRY_DELETE, ENTRY_MODIFY, OVERFLOW)
                    .contains(kind)) {
                throw new UnsupportedOperationException(kind + " is not supported");
            }
        }
        if (kinds.isEmpty()) {
            throw new IllegalArgumentException("nothing to watch for");
        }
        checkOpen();
        if (!(fileSystem.node(path) instanceof Node.Directory directory)) {
            throw new NotDirectoryException(path.toString());
        }
        synchronized (keys) {
            Key key = keys.get(path);
            // A directory that was gone, and is there again.
            if (key == null || !key.isValid()) {
                key = new Key(path, kinds, directory.entries());
                keys.put(path, key);
            } else {
                synchronized (key) {
                    key.kinds = kinds;
                }
            }
            if (thread == null) {
                thread = new Thread(this::run, "sluice watcher of " + fileSystem);
                thread.setDaemon(true);
                thread.start();
            }
            return key;
        }
    }

    private void run() {
        long millis = Math.max(1, fileSystem.settings().watchInterval().toMillis());
        while (!closed) {
            try {
                Thread.sleep(millis);
                look();
            } catch (InterruptedException closing) {
                return;
            }
        }
    }

    private void look() {
        if (!fileSystem.isOpen()) {
            return;
        }
        fileSystem.refresh();
        List<Key> all;
        synchronized (keys) {
            all = List.copyOf(keys.values());
        }
        all.forEach(Key::look);
    }

    private void checkOpen() {
        if (closed) {
            throw new ClosedWatchServiceException();
        }
    }

    private @Nullable WatchKey taken(@Nullable Key key) {
        if (key == end) {
            // The next one is to find it, too.
            signalled.addFirst(end);
            throw new ClosedWatchServiceException();
        }
        return key;
    }

    @Override
    public @Nullable WatchKey poll() {
        checkOpen();
        return taken(signalled.poll());
    }

    @Override
    public @Nullable WatchKey poll(long timeout, TimeUnit unit) throws InterruptedException {
        checkOpen();
        return taken(signalled.poll(timeout, unit));
    }

    @Override
    public @Nullable WatchKey take() throws InterruptedException {
        checkOpen();
        return taken(signalled.take());
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        signalled.addFirst(end);
        synchronized (keys) {
            if (thread != null) {
                thread.interrupt();
            }
        }
        fileSystem.forget(this);
    }
}
