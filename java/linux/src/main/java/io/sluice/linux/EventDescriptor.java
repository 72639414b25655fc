package io.sluice.linux;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;

/**
 * A counter in the kernel that one side raises and the other waits for ({@code eventfd(2)}): how VFIO delivers interrupts.
 * Any thread may call; when several wait, each event wakes one of them.
 */
public final class EventDescriptor implements Closeable {
    private final Descriptor descriptor;

    private EventDescriptor(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /** A new one, without events. */
    public static EventDescriptor create() throws IOException {
        NativeLibrary.ensureAvailable();
        return new EventDescriptor(
                new Descriptor("eventfd", (int) LinuxException.check("eventfd", "this process", EventShim.create())));
    }

    /**
     * Waits until there was an event since the last wait, and takes all there were.
     *
     * @param timeoutNanos nanoseconds, 0 only looks, negative waits without limit
     * @return whether there was one
     * @throws AsynchronousCloseException when {@link #close} ends the wait
     * @throws java.nio.channels.ClosedChannelException when it was closed before
     */
    public boolean await(long timeoutNanos) throws IOException {
        int fd = descriptor.acquire();
        try {
            long came = LinuxException.check("ppoll", descriptor.name(), EventShim.await(fd, timeoutNanos));
            if (descriptor.isClosed()) {
                // close() made one event; this thread took it, and another may be waiting for it.
                EventShim.signal(fd);
                throw new AsynchronousCloseException();
            }
            return came != 0;
        } finally {
            descriptor.release();
        }
    }

    /** Makes an event. */
    public void signal() throws IOException {
        descriptor.call("write", EventShim::signal);
    }

    /** The descriptor, to be handed to the kernel or to another process; it belongs to this object. */
    public Descriptor descriptor() {
        return descriptor;
    }

    /** Ends all waits; the number is free once they have returned. Idempotent. */
    @Override
    public void close() {
        int fd;
        try {
            fd = descriptor.acquire();
        } catch (IOException alreadyClosed) {
            return;
        }
        try {
            descriptor.close();
            EventShim.signal(fd);
        } finally {
            descriptor.release();
        }
    }
}
