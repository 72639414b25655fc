package io.sluice.tester;

import java.io.IOException;

/** A workload cannot be run as it was asked for; the message says what would work. */
public final class TesterException extends IOException {
    private static final long serialVersionUID = 1L;

    /** For the person who asked for it. */
    public TesterException(String message) {
        super(message);
    }
}
