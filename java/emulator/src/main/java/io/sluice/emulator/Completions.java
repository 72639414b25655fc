package io.sluice.emulator;

/** Answers commands: writes completion entries, and enters what failed into the error log. For the controller's thread alone. */
final class Completions {
    private final ErrorLog errors;
    private final Failure failure;
    private final FaultScript faults;
    private boolean posted;
    private long answered;

    /** What to do when a completion cannot be written. */
    interface Failure {
        /** The memory of a completion queue is not there any more. */
        void queueGone(CompletionQueue queue);
    }

    Completions(ErrorLog errors, FaultScript faults, Failure failure) {
        this.errors = errors;
        this.faults = faults;
        this.failure = failure;
    }

    /**
     * Answers a command that was fetched.
     *
     * @param status one of {@link Status}
     * @param result doubleword 0
     * @param namespace and {@code block}: what it was about, for the error log
     */
    void complete(SubmissionQueue queue, int command, int status, int result, int namespace, long block) {
        int told = status;
        if (status != Status.SUCCESS) {
            told = Status.complete(status);
            errors.add(queue.id(), command, told, namespace, block);
        }
        answered++;
        if (faults.isActive() && faults.completing(this, queue, command, told, result)) {
            return;
        }
        queue.finished();
        write(queue, command, told, result);
    }

    /** Writes an entry for which room was kept until now. */
    void write(SubmissionQueue queue, int command, int status, int result) {
        post(queue, queue.id(), command, status, result, false);
    }

    void post(SubmissionQueue queue, int queueId, int command, int status, int result, boolean flipped) {
        CompletionQueue completions = queue.completions();
        long identifiers = queue.head() | (long) queueId << 16 | (command & 0xffffL) << 32;
        if (!completions.post(result, identifiers, status, flipped)) {
            failure.queueGone(completions);
        }
        posted = true;
    }

    /** How many commands were answered. */
    long answered() {
        return answered;
    }

    /** Whether anything was written since the last call. */
    boolean takePosted() {
        boolean was = posted;
        posted = false;
        return was;
    }
}
