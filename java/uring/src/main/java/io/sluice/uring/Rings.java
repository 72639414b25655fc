package io.sluice.uring;

import io.sluice.linux.EventDescriptor;
import io.sluice.linux.LinuxException;
import io.sluice.linux.Ring;
import java.io.Closeable;
import java.io.IOException;
import jnr.constants.platform.Errno;
import org.jspecify.annotations.Nullable;

/**
 * The rings of a session, seen as one way into the kernel: tells it of operations, has it do what it put off, sleeps until there is something. One thread at a
 * time; {@link #wake} may come from any.
 */
final class Rings implements Closeable {
    private static final int EINTR = -Errno.EINTR.intValue();
    private static final int EAGAIN = -Errno.EAGAIN.intValue();
    private static final int EBUSY = -Errno.EBUSY.intValue();
    private static final int ETIME = -Errno.ETIME.intValue();

    private final Ring transfers;
    private final Ring others;
    private final @Nullable EventDescriptor events;
    /** Whether something is in a ring that the kernel could not take, or that it has not been told of yet though it must be. */
    private boolean owed;

    private @Nullable String failure;

    /**
     * Two rings, or one.
     *
     * @param others takes what is no transfer where the first ring cannot: when it polls the device. Otherwise the same
     * @param events what completions make events in; null when they make none. Only for one ring
     */
    Rings(Ring transfers, Ring others, @Nullable EventDescriptor events) {
        this.transfers = transfers;
        this.others = others;
        this.events = events;
    }

    Ring transfers() {
        return transfers;
    }

    Ring others() {
        return others;
    }

    boolean areTwo() {
        return others != transfers;
    }

    /** Why the kernel takes nothing any more; null while it does. */
    @Nullable
    String failure() {
        return failure;
    }

    /** Something was put into a ring that the kernel must be told of though nobody commits: {@link #tellWhatIsOwed}. */
    void owe() {
        owed = true;
    }

    /** Whether a completion is there. */
    boolean ready() {
        return transfers.ready() || others.ready();
    }

    /** Whether there may be completions that only show once the kernel is entered. */
    boolean needKernel() {
        return transfers.needsKernel() || others.needsKernel();
    }

    boolean hasPending() {
        return transfers.hasPending() || others.hasPending();
    }

    /** Tells the kernel of what it does not know yet; what it cannot take now is owed. Returns whether there was anything. */
    boolean tell() {
        boolean told = false;
        owed = false;
        if (transfers.hasPending()) {
            judge(transfers.submit());
            owed = transfers.hasPending();
            told = true;
        }
        if (areTwo() && others.hasPending()) {
            judge(others.submit());
            owed |= others.hasPending();
            told = true;
        }
        return told;
    }

    boolean tellWhatIsOwed() {
        return owed && tell();
    }

    /** Judges what entering the kernel came to. What is no matter of time ends the session. */
    private void judge(int result) {
        if (result < 0
                && result != EINTR
                && result != EAGAIN
                && result != EBUSY
                && result != ETIME
                && failure == null) {
            failure = "the kernel takes no operations any more: io_uring_enter: " + LinuxException.describe(-result)
                    + "; close the session";
        }
    }

    /** Has the kernel do what it puts off until it is entered; returns whether there is a completion now. */
    boolean fetch(Ring from) {
        if (from.inFlight() > 0 && (owed || from.needsKernel())) {
            judge(from.await(0, 0));
            owed = from.hasPending() && owed;
        }
        return from.ready();
    }

    /** Takes every answer that is there by now, and frees its slot. */
    void collect(Slots slots) {
        collect(transfers, slots);
        if (areTwo()) {
            collect(others, slots);
        }
    }

    private void collect(Ring from, Slots slots) {
        if (from.inFlight() > 0) {
            judge(from.await(0, 0));
        }
        while (from.ready()) {
            long slot = from.userData();
            from.next();
            if (slots.isSent(slot)) {
                slots.release((int) slot);
            }
        }
        from.release();
    }

    /**
     * Tells the kernel what it does not know yet, and sleeps until there are completions, the time is over, or {@link #wake}.
     *
     * @param completions how many to wait for; one is enough where there are events
     */
    void sleep(int completions, long nanos) throws IOException {
        if (events != null) {
            sleepOnEvents(events, nanos);
            return;
        }
        owed = false;
        if (!areTwo() || transfers.inFlight() == 0) {
            // Nobody waits for more than can come.
            judge(others.await(Math.max(1, Math.min(completions, others.inFlight())), nanos));
        } else {
            // The one looks at the device only while it is asked to, so that neither can be slept on.
            judge(transfers.await(0, 0));
            judge(others.await(0, 0));
            Thread.onSpinWait();
        }
        owed = hasPending();
    }

    private void sleepOnEvents(EventDescriptor from, long nanos) throws IOException {
        boolean ignored = tell();
        transfers.makeEvents(true);
        try {
            if (!fetch(transfers) && !owed) {
                ignored = from.await(nanos);
                ignored = fetch(transfers);
            }
        } finally {
            transfers.makeEvents(false);
        }
    }

    /** Whether {@link #wake} ends a sleep. */
    boolean haveEvents() {
        return events != null;
    }

    /** Ends the sleep, or else the next one. */
    void wake() {
        try {
            if (events != null) {
                events.signal();
            }
        } catch (IOException closedMeanwhile) {
            // Then nobody sleeps any more.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        try (transfers;
                others;
                events) {
            failure = failure == null ? "its rings are closed" : failure;
        }
    }
}
