package io.sluice.vfs;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** Requests that any thread leaves, and another takes, all at once and in the order in which they were left. Nothing is allocated. */
final class RequestStack {
    private static final VarHandle LAST;

    static {
        try {
            LAST = MethodHandles.lookup().findVarHandle(RequestStack.class, "last", Request.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /** The one that was left last; {@link Request#next} is the one before it. */
    private volatile @Nullable Request last;

    boolean isEmpty() {
        return last == null;
    }

    void leave(Request request) {
        Request before;
        do {
            before = last;
            request.next = before;
        } while (!LAST.compareAndSet(this, before, request));
    }

    /** All of them, by {@link Request#next}; null when there are none. */
    @Nullable
    Request takeAll() {
        Request behind = (Request) LAST.getAndSet(this, null);
        Request first = null;
        while (behind != null) {
            Request before = behind.next;
            behind.next = first;
            first = behind;
            behind = before;
        }
        return first;
    }
}
