package io.sluice.partition.table;

import io.sluice.block.BlockIoException;

/** A device's partition table cannot be used, or cannot be changed as asked for. Nothing was written. */
public class PartitionTableException extends BlockIoException {
    private static final long serialVersionUID = 1L;

    /**
     * A table that is no good.
     *
     * @param device name of the device
     * @param reason what is wrong and, where one can tell, what to do
     */
    public PartitionTableException(String device, String reason) {
        super(device, reason);
    }
}
