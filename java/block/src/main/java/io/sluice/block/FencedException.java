package io.sluice.block;

/** The session's window was taken away: its partition moved or vanished, or its owner may not use it any more. Close the session. */
public class FencedException extends BlockIoException {
    private static final long serialVersionUID = 1L;

    /** See {@link BlockIoException}. */
    public FencedException(String device, String reason) {
        super(device, reason);
    }

    /** An operation that the device never learned of. */
    public FencedException(String device, Operation operation, long firstBlock, long blockCount, String reason) {
        super(device, operation, firstBlock, blockCount, reason);
    }
}
