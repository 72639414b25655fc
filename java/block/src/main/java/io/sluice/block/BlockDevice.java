package io.sluice.block;

import java.io.Closeable;
import java.io.IOException;

/** A device made of equal blocks, such as a namespace of an NVMe controller. All methods may be called from any thread. */
public interface BlockDevice extends Closeable {
    /** Name in messages and tables, such as {@code 0000:03:00.0/n1}. */
    String name();

    /** What the device is like, as read when it was opened. */
    Geometry geometry();

    /**
     * Opens a session on a window of the device.
     *
     * @throws BlockIoException when the window does not lie within the device, the device is read-only and writing was asked
     *     for, or the device has no queue left
     * @throws IOException when memory or another resource of the machine is missing
     */
    BlockSession open(SessionOptions options) throws IOException;

    /**
     * How many more sessions can be open at once, as far as the device can tell at this moment: each takes a hardware queue of an NVMe controller, say.
     * {@code Integer.MAX_VALUE} where nothing but memory limits them.
     */
    default int sessionsLeft() {
        return Integer.MAX_VALUE;
    }

    /**
     * Lets syncs succeed again after one has failed. A {@link Operation#SYNC} that fails stays failed: every later one, of every session on the device and
     * whatever part of it, fails with the first one's reason, since data that was written before may be lost and no later sync brings it back. That ends when
     * the device is closed (a namespace: its controller), or by this call of somebody who knows what may be lost and has written it again, or given it up.
     */
    default void acknowledgeDataLoss() {}

    /** Closes the device. Sessions that are still open are closed with it. Idempotent. */
    @Override
    void close() throws IOException;
}
