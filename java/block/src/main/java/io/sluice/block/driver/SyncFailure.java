package io.sluice.block.driver;

import io.sluice.block.BlockIoException;
import io.sluice.block.Operation;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Whether a sync of a device has failed. Data that was written before may be lost then, and a later sync that succeeds says nothing about it: the kernel
 * reports a failed writeback once for each open file, and a drive may have dropped what it could not write. So the failure stands for every session of the
 * device until the device is closed or somebody acknowledges the loss. Any thread.
 */
public final class SyncFailure {
    private final AtomicReference<@Nullable BlockIoException> first = new AtomicReference<>();

    /** A sync failed; the first failure stays. */
    public void record(BlockIoException failure) {
        first.compareAndSet(null, failure);
    }

    /** Forgets the failure: whoever calls this knows what may be lost. */
    public void acknowledge() {
        first.set(null);
    }

    /** What a sync gets although the device has carried it out; null when none failed before. */
    public @Nullable BlockIoException standing(String device) {
        BlockIoException failure = first.get();
        if (failure == null) {
            return null;
        }
        BlockIoException again = new BlockIoException(
                device,
                Operation.SYNC,
                0,
                0,
                "an earlier sync failed, and data written before it may be lost; write it again to a device that was opened"
                        + " anew, or acknowledge the loss; the earlier failure: " + failure.getMessage());
        again.initCause(failure);
        return again;
    }
}
