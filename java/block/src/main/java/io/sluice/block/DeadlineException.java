package io.sluice.block;

/**
 * The device did not finish the operation in time. Whether it was or will be done is unknown, and its memory stays untouchable
 * until the device answers or is stopped.
 */
public class DeadlineException extends BlockIoException {
    private static final long serialVersionUID = 1L;

    /** A command that is no operation on blocks. */
    public DeadlineException(String device, String reason) {
        super(device, reason);
    }

    /** See {@link BlockIoException}. */
    public DeadlineException(String device, Operation operation, long firstBlock, long blockCount, String reason) {
        super(device, operation, firstBlock, blockCount, reason);
    }
}
