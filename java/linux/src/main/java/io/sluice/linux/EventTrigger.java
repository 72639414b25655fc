package io.sluice.linux;

import java.io.Closeable;
import java.io.IOException;

/**
 * The end of an {@linkplain EventDescriptor event descriptor} that another process waits for: it can be signalled, and closing it is no
 * event. Any thread may call.
 */
public final class EventTrigger implements Closeable {
    private static final String KIND = "anon_inode:[eventfd]";
    private static final int GET_FLAGS = 3;
    private static final int SET_FLAGS = 4;
    private static final int NON_BLOCKING = 0x800;

    private final Descriptor descriptor;

    private EventTrigger(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Takes over a descriptor that another process sent. Reads and writes of it do not block from now on, on either side: a counter that the
     * other side has filled must not stop the thread that signals.
     *
     * @throws IOException when it is something else than an event descriptor; it is closed then
     */
    public static EventTrigger received(Descriptor descriptor) throws IOException {
        try {
            String kind = FileStatus.kind(descriptor);
            if (!kind.equals(KIND)) {
                throw new IOException(descriptor + ": an event descriptor was expected, but it is " + kind);
            }
            int flags = (int)
                    descriptor.call("fcntl", fd -> Libc.result(Libc.calls().fcntl(fd, GET_FLAGS, 0)));
            descriptor.call("fcntl", fd -> Libc.result(Libc.calls().fcntl(fd, SET_FLAGS, flags | NON_BLOCKING)));
            return new EventTrigger(descriptor);
        } catch (IOException exception) {
            descriptor.close();
            throw exception;
        }
    }

    /**
     * Makes an event. Allocates nothing.
     *
     * @throws java.nio.channels.ClosedChannelException when it is closed
     */
    public void signal() throws IOException {
        descriptor.call("write", EventShim::signal);
    }

    /** Lets go of the descriptor. Idempotent. */
    @Override
    public void close() {
        descriptor.close();
    }
}
