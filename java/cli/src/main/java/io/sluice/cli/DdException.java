package io.sluice.cli;

import java.io.IOException;

/** What dd says before it gives up, in dd's words where dd has some. */
final class DdException extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean usage;

    private DdException(String message, Throwable cause, boolean usage) {
        super(message, cause);
        this.usage = usage;
    }

    DdException(String message, Throwable cause) {
        this(message, cause, false);
    }

    DdException(String message) {
        this(message, null, false);
    }

    /** The operands are not those of dd: help will help. */
    static DdException usage(String message) {
        return new DdException(message, null, true);
    }

    boolean isUsage() {
        return usage;
    }
}
