package io.sluice.vfs;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Counts who is inside of a channel, and lets nobody in once it is closed. Any thread; it allocates nothing and waits for nobody. */
final class Gate {
    private static final int CLOSED = 1 << 31;
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Gate.class, "state", int.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /** How many are inside, and whether it is closed. */
    @SuppressWarnings("unused") // by STATE
    private volatile int state;

    /** Goes in; false when it is closed. Whoever got in leaves. */
    boolean enter() {
        if (((int) STATE.getAndAdd(this, 1) & CLOSED) == 0) {
            return true;
        }
        leave();
        return false;
    }

    void leave() {
        int ignored = (int) STATE.getAndAdd(this, -1);
    }

    /** Lets nobody in any more. Idempotent. */
    void close() {
        int ignored = (int) STATE.getAndBitwiseOr(this, CLOSED);
    }

    boolean isClosed() {
        return (int) STATE.getVolatile(this) < 0;
    }

    /** Whether nobody is inside; once it is closed that stays so, but for those who are turned away. */
    boolean isEmpty() {
        return ((int) STATE.getVolatile(this) & ~CLOSED) == 0;
    }
}
