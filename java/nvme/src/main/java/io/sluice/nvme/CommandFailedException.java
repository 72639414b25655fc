package io.sluice.nvme;

import io.sluice.block.BlockIoException;
import io.sluice.block.Operation;

/** The controller completed a command with an error status. */
public final class CommandFailedException extends BlockIoException {
    private static final long serialVersionUID = 1L;

    private final Status status;

    CommandFailedException(String device, Operation operation, long firstBlock, long blockCount, Status status) {
        super(device, operation, firstBlock, blockCount, status.toString());
        this.status = status;
    }

    CommandFailedException(String controller, String command, Status status) {
        super(controller, command + ": " + status);
        this.status = status;
    }

    /** What the controller said. */
    public Status status() {
        return status;
    }
}
