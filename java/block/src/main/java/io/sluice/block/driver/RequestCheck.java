package io.sluice.block.driver;

import io.sluice.block.Geometry;
import io.sluice.block.InvalidRequestException;
import io.sluice.block.Operation;

/**
 * What a session may be asked for: blocks of its window, no more at once than the device takes, from and to memory that holds them. Immutable; nothing
 * is allocated for a request that is right.
 */
public final class RequestCheck {
    private final String device;
    private final Geometry geometry;
    private final long blockCount;
    private final int blockShift;
    private final int alignmentMask;

    /**
     * Checks of requests to a session.
     *
     * @param device its name in messages
     * @param geometry the window as a device
     */
    public RequestCheck(String device, Geometry geometry) {
        this.device = device;
        this.geometry = geometry;
        this.blockCount = geometry.blockCount();
        this.blockShift = geometry.blockShift();
        this.alignmentMask = geometry.alignmentBytes() - 1;
    }

    /** Checks the blocks of an operation, whatever the numbers are; a {@link Operation#SYNC} names none. */
    public void blocks(Operation operation, long block, long count) throws InvalidRequestException {
        if (operation == Operation.SYNC) {
            return;
        }
        // In this order nothing wraps: count is from 1 to the window's blocks when it is subtracted.
        if (block < 0
                || count < 1
                || count > blockCount
                || block > blockCount - count
                || count > most(operation)
                || (operation.changes() && !geometry.writeable())) {
            throw refusal(operation, block, count, reason(operation, block, count));
        }
    }

    /**
     * Checks the memory of a transfer whose blocks were found right.
     *
     * @param known whether the memory is of this session
     * @param memoryBytes its size
     */
    public void memory(Operation operation, long block, long count, boolean known, int memoryBytes, long offset)
            throws InvalidRequestException {
        if (!known) {
            throw refusal(
                    operation, block, count, "the memory is not of this session; use its buffer(), or wrap() yours");
        }
        long bytes = count << blockShift;
        if (offset < 0 || offset > memoryBytes - bytes) {
            throw refusal(
                    operation,
                    block,
                    count,
                    bytes + " bytes at offset " + offset + " do not fit into the buffer of " + memoryBytes);
        }
        if ((offset & alignmentMask) != 0) {
            throw refusal(
                    operation,
                    block,
                    count,
                    "offset " + offset + " in the buffer is no multiple of " + (alignmentMask + 1));
        }
    }

    private long most(Operation operation) {
        if (operation.transfers()) {
            return geometry.maxTransferBlocks();
        }
        return operation == Operation.TRIM ? geometry.maxTrimBlocks() : geometry.maxZeroBlocks();
    }

    private String reason(Operation operation, long block, long count) {
        if (operation.changes() && !geometry.writeable()) {
            return "the session is read-only; open it writeable";
        }
        if (count < 1) {
            return "the number of blocks must be at least 1";
        }
        if (block < 0 || count > blockCount || block > blockCount - count) {
            return "the range must lie within the session's window of " + blockCount + " blocks";
        }
        long most = most(operation);
        return most == 0 ? "the device cannot do that" : "at most " + most + " blocks at once";
    }

    private InvalidRequestException refusal(Operation operation, long block, long count, String reason) {
        return new InvalidRequestException(device, operation, block, count, reason);
    }
}
