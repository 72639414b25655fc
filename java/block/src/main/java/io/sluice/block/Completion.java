package io.sluice.block;

/** Receives what a session finished, on the thread that calls {@link BlockSession#poll}. It may submit; it must not poll or close. */
public interface Completion {
    /**
     * The operation is done.
     *
     * @param tag what {@link BlockSession#submit} was given
     */
    void completed(long tag);

    /**
     * The operation failed. None of its data may be taken as read or written.
     *
     * @param failure says which blocks of which device, and why
     */
    void failed(long tag, BlockIoException failure);
}
