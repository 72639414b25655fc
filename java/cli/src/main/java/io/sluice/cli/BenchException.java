package io.sluice.cli;

import java.io.IOException;

/** The measurement cannot be made as it was asked for, or found something wrong. */
final class BenchException extends IOException {
    private static final long serialVersionUID = 1L;

    BenchException(String message) {
        super(message);
    }
}
