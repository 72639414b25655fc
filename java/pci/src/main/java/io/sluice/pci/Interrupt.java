package io.sluice.pci;

import java.io.IOException;

/**
 * One message interrupt of a function. One thread at a time may wait on it. It remembers that it came: an interrupt between
 * two waits ends the second one at once.
 */
public interface Interrupt {
    /**
     * Waits until the interrupt came since the last wait, or the time is over.
     *
     * @param timeoutNanos nanoseconds, 0 only looks; negative waits without limit
     * @return whether it came
     * @throws IOException when the function was closed
     */
    boolean await(long timeoutNanos) throws IOException;

    /** Ends the wait, or else the next one, as if the interrupt had come. Any thread; nothing happens when the function is closed. */
    void wake();
}
