package io.sluice.block;

/**
 * Receives what became of jobs, each exactly once, on the thread that calls {@link Jobs#poll} or {@link Jobs#close}. It may submit and
 * cancel; it must not poll, wait or close.
 */
public interface JobCompletion {
    /**
     * All bytes of the job are done.
     *
     * @param tag what {@link Jobs#submit} was given
     */
    void completed(long tag);

    /**
     * The job failed or was cancelled.
     *
     * @param failure says how many bytes from its start on are done all the same, and which blocks failed
     */
    void failed(long tag, JobException failure);
}
