package io.sluice.linux;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An open file descriptor and who is using it. The kernel hands a closed descriptor's number to the next open file; therefore the
 * number is only closed when the last call that uses it has returned, and no call gets it afterwards.
 *
 * <p>Any thread may call.
 */
public final class Descriptor implements Closeable {
    /** What a call does with the number; it must not keep it. */
    @FunctionalInterface
    interface Use {
        long on(int number);
    }

    private static final int CLOSED = 1 << 31;
    /** F_DUPFD_CLOEXEC. */
    private static final int DUPLICATE = 1030;

    private final String name;
    private final int number;
    /** How many calls use the number; the highest bit is set once nobody may begin to. */
    private final AtomicInteger users = new AtomicInteger();

    /** Takes over a number that is open and belongs to nobody else. */
    Descriptor(String name, int number) {
        this.name = name;
        this.number = number;
    }

    /** Opens a device node for reading and writing. */
    static Descriptor open(String path) throws IOException {
        NativeLibrary.ensureAvailable();
        return new Descriptor(path, (int) LinuxException.check("open", path, MemoryShim.open(path)));
    }

    /** What it stands for, in messages. */
    public String name() {
        return name;
    }

    /** Whether {@link #close} was called. */
    public boolean isClosed() {
        return users.get() < 0;
    }

    /**
     * Begins a use of the number, which stays open until {@link #release}.
     *
     * @throws ClosedChannelException when it is closed
     */
    int acquire() throws ClosedChannelException {
        int seen;
        do {
            seen = users.get();
            if (seen < 0) {
                throw new ClosedChannelException();
            }
        } while (!users.compareAndSet(seen, seen + 1));
        return number;
    }

    void release() {
        if (users.decrementAndGet() == CLOSED) {
            MemoryShim.close(number);
        }
    }

    /** Makes a call with the number. A negative result becomes an exception that names the call and this descriptor. */
    long call(String call, Use use) throws IOException {
        int fd = acquire();
        try {
            return LinuxException.check(call, name, use.on(fd));
        } finally {
            release();
        }
    }

    /** Another number for the same open file. */
    Descriptor duplicate() throws IOException {
        return new Descriptor(name, (int)
                call("fcntl(F_DUPFD_CLOEXEC)", fd -> Libc.result(Libc.calls().fcntl(fd, DUPLICATE, 0))));
    }

    /** Closes the number as soon as no call uses it; later uses fail. Idempotent. */
    @Override
    public void close() {
        int seen = users.getAndUpdate(now -> now | CLOSED);
        if (seen == 0) {
            MemoryShim.close(number);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
