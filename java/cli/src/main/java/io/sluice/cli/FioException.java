package io.sluice.cli;

/** A job file, or a job on the command line, cannot be carried out as it stands; the message begins with where. */
final class FioException extends Exception {
    private static final long serialVersionUID = 1L;

    FioException(String message) {
        super(message);
    }
}
