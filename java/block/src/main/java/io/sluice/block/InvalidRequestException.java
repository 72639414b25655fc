package io.sluice.block;

/** The operation can never be done as it was asked for: the caller's mistake. The device was not asked. */
public class InvalidRequestException extends BlockIoException {
    private static final long serialVersionUID = 1L;

    /** See {@link BlockIoException}. */
    public InvalidRequestException(
            String device, Operation operation, long firstBlock, long blockCount, String reason) {
        super(device, operation, firstBlock, blockCount, reason);
    }
}
