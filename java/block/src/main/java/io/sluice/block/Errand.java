package io.sluice.block;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What a shared session's poller thread does for another thread with the session itself, since that is its own. */
final class Errand extends CompletableFuture<@Nullable IoBuffer> {
    /** What is to be done. */
    interface Task {
        @Nullable
        IoBuffer run(Jobs jobs) throws BlockIoException;
    }

    private final Task task;

    Errand(Task task) {
        this.task = task;
    }

    /** The poller thread. */
    void run(Jobs jobs) {
        try {
            boolean ignored = complete(task.run(jobs));
        } catch (BlockIoException | RuntimeException | InternalError failure) {
            boolean ignored = completeExceptionally(failure);
        }
    }
}
