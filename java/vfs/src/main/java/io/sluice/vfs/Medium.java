package io.sluice.vfs;

import io.sluice.block.BlockIoException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What all files of one device have in common: a partition and the whole device are different files, and hold the same bytes; and a device that fails to sync may have
 * lost what was written through any of them. Any thread.
 */
final class Medium {
    /** A sync that failed, and how many had by then. */
    record FailedSync(int count, BlockIoException failure) {}

    private final Windows windows = new Windows();
    private final AtomicReference<@Nullable FailedSync> failedSync = new AtomicReference<>();

    Windows windows() {
        return windows;
    }

    /** The sync that failed last; null when none did. */
    @Nullable
    FailedSync failedSync() {
        return failedSync.get();
    }

    void syncFailed(BlockIoException failure) {
        FailedSync ignored =
                failedSync.updateAndGet(before -> new FailedSync(before == null ? 1 : before.count() + 1, failure));
    }
}
