package io.sluice.uring;

import io.sluice.block.BlockIoException;
import io.sluice.block.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jnr.constants.platform.Errno;
import org.jspecify.annotations.Nullable;

/**
 * What a failed sync of a file or node says of all later ones. The kernel tells a failed write-back once for an open file and forgets the data, so that the
 * next sync succeeds though it is lost. All devices of this process on the same file or node share one of these. Any thread may call.
 */
final class SyncLosses {
    private static final Map<List<Object>, SyncLosses> OPEN = new HashMap<>();

    private final List<Object> key;
    private int users;
    private volatile @Nullable BlockIoException first;

    private SyncLosses(List<Object> key) {
        this.key = key;
    }

    /** That of a path; {@link #release} ends this use of it, and the last one forgets the failure. */
    static SyncLosses of(Path path) throws IOException {
        List<Object> key = Files.isRegularFile(path)
                ? List.of("file", Files.getAttribute(path, "unix:dev"), Files.getAttribute(path, "unix:ino"))
                : List.of("node", Files.getAttribute(path, "unix:mode"), Files.getAttribute(path, "unix:rdev"));
        synchronized (OPEN) {
            SyncLosses losses = OPEN.computeIfAbsent(key, SyncLosses::new);
            losses.users++;
            return losses;
        }
    }

    void release() {
        synchronized (OPEN) {
            if (--users == 0) {
                OPEN.remove(key, this);
            }
        }
    }

    /** Whether a result means that data which was reported as written may be lost: a durable write is a sync of its blocks in the page cache. */
    static boolean loses(Operation operation, int result, boolean cached) {
        if (operation == Operation.SYNC) {
            return true;
        }
        return operation == Operation.WRITE_DURABLE
                && cached
                && (result == -Errno.EIO.intValue()
                        || result == -Errno.ENOSPC.intValue()
                        || result == -Errno.EDQUOT.intValue());
    }

    /** Something was lost; the first reason stays. */
    void note(BlockIoException failure) {
        synchronized (OPEN) {
            if (first == null) {
                first = failure;
            }
        }
    }

    /** Why no sync succeeds; null while nothing was lost. */
    @Nullable
    BlockIoException first() {
        return first;
    }

    /** Whoever uses the data knows of the loss: syncs count again. */
    void acknowledge() {
        synchronized (OPEN) {
            first = null;
        }
    }
}
