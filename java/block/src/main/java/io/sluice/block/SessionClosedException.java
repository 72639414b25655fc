package io.sluice.block;

/** The session, or its device, was closed before. */
public class SessionClosedException extends BlockIoException {
    private static final long serialVersionUID = 1L;

    /** See {@link BlockIoException}. */
    public SessionClosedException(String device, String reason) {
        super(device, reason);
    }
}
