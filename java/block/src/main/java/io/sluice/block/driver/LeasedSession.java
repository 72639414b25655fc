package io.sluice.block.driver;

import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.FencedException;
import io.sluice.block.SessionClosedException;
import org.jspecify.annotations.Nullable;

/**
 * A session that whoever opened it for somebody else can take away again, and whose end they learn of, without being in the path of its operations: a
 * submission looks at one flag, as it must anyhow to notice that the session is closed.
 */
public abstract class LeasedSession implements BlockSession {
    /**
     * Not volatile: the compiler could carry nothing over from one submission to the next, and each would load everything again, a fifth of all that it
     * costs. What another thread stores is seen by the next poll at the latest, since that synchronises with the device.
     */
    private boolean barred;

    private volatile @Nullable String fence;
    private @Nullable Runnable whenEnded;
    private boolean ended;

    protected LeasedSession() {}

    /**
     * Takes the window away: {@link #submit} fails from now on with a {@link FencedException}. What was submitted before drains, and is reported. An owner that
     * is submitting at this moment may get operations through until it polls; so the blocks are free only when {@link #whenEnded} says so. Any thread; the
     * first reason stays.
     *
     * @param reason why, for the owner
     */
    public void fence(String reason) {
        synchronized (this) {
            if (fence == null) {
                fence = reason;
            }
            barred = true;
        }
    }

    /**
     * Has an action run when the session is closed and nothing of it reaches the device any more; at once when it is so already. Actions run in the order
     * in which they came, on the thread that closes, and must not wait. Any thread.
     */
    public void whenEnded(Runnable action) {
        synchronized (this) {
            if (!ended) {
                Runnable before = whenEnded;
                whenEnded = before == null
                        ? action
                        : () -> {
                            before.run();
                            action.run();
                        };
                return;
            }
        }
        action.run();
    }

    /** Whether nothing may be submitted any more: fenced, or closed. */
    protected final boolean barred() {
        return barred;
    }

    /** Lets nothing be submitted any more: the session is closed. */
    protected final void bar() {
        barred = true;
    }

    /** Why the window was taken away; null when it was not. */
    protected final @Nullable String fence() {
        return fence;
    }

    /** What a call gets that comes after the session was closed, or else after it was fenced. */
    protected final BlockIoException barredFailure(String device, boolean closed) {
        String reason;
        synchronized (this) {
            // Whoever fences stores the reason before the flag, and holds the monitor for both.
            reason = fence;
        }
        return closed || reason == null
                ? new SessionClosedException(device, "the session is closed")
                : new FencedException(device, reason);
    }

    /** The session is closed, and nothing of it is under way any more. The session calls it last, once or more often. */
    protected final void ended() {
        Runnable action;
        synchronized (this) {
            ended = true;
            action = whenEnded;
            whenEnded = null;
        }
        if (action != null) {
            action.run();
        }
    }
}
