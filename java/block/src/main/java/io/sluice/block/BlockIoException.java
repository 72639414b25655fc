package io.sluice.block;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * An operation on blocks failed. The message names the operation, the blocks, the device and the reason; the same facts can
 * be asked for one by one.
 */
public class BlockIoException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String device;
    private final @Nullable Operation operation;
    private final long firstBlock;
    private final long blockCount;

    /**
     * A failed operation on blocks.
     *
     * @param device name of the device
     * @param firstBlock first block, as counted by whoever submitted the operation
     * @param blockCount number of blocks, 0 for {@link Operation#SYNC}
     * @param reason what went wrong and, where one can tell, what to do
     */
    public BlockIoException(String device, Operation operation, long firstBlock, long blockCount, String reason) {
        super(describe(operation, firstBlock, blockCount) + " on " + device + ": " + reason);
        this.device = device;
        this.operation = operation;
        this.firstBlock = firstBlock;
        this.blockCount = blockCount;
    }

    /** A failure that concerns the device or a session as a whole. */
    public BlockIoException(String device, String reason) {
        super(device + ": " + reason);
        this.device = device;
        this.operation = null;
        this.firstBlock = 0;
        this.blockCount = 0;
    }

    /** What another failure says, and more. */
    BlockIoException(BlockIoException cause, String addition) {
        super(addition.isEmpty() ? cause.getMessage() : cause.getMessage() + "; " + addition, cause);
        this.device = cause.device;
        this.operation = cause.operation;
        this.firstBlock = cause.firstBlock;
        this.blockCount = cause.blockCount;
    }

    private static String describe(Operation operation, long firstBlock, long blockCount) {
        String name = operation.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
        if (operation == Operation.SYNC) {
            return name;
        }
        return name + " of " + blockCount + (blockCount == 1 ? " block" : " blocks") + " at block " + firstBlock;
    }

    /** Name of the device. */
    public String device() {
        return device;
    }

    /** The operation that failed; null when the failure concerns the whole device or session. */
    public @Nullable Operation operation() {
        return operation;
    }

    /** First block of the operation. */
    public long firstBlock() {
        return firstBlock;
    }

    /** Number of blocks of the operation. */
    public long blockCount() {
        return blockCount;
    }
}
