package io.sluice.block;

/** The device is not there any more, or its controller failed and answers nothing. Close it. */
public class DeviceGoneException extends BlockIoException {
    private static final long serialVersionUID = 1L;

    /** A device that is gone, or a controller that failed. */
    public DeviceGoneException(String device, String reason) {
        super(device, reason);
    }

    /** An operation that was in flight when the device went. */
    public DeviceGoneException(String device, Operation operation, long firstBlock, long blockCount, String reason) {
        super(device, operation, firstBlock, blockCount, reason);
    }
}
