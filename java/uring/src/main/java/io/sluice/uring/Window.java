package io.sluice.uring;

import io.sluice.block.BlockIoException;
import io.sluice.block.Geometry;
import io.sluice.block.InvalidRequestException;
import io.sluice.block.Operation;
import io.sluice.block.SessionOptions;

/** The blocks that a session may name, and what it says to those who name others. */
final class Window {
    private final String device;
    private final Geometry geometry;
    private final long firstBlock;
    private final long blockCount;
    private final boolean writeable;
    private final int blockShift;
    private final int alignmentMask;
    private final int bufferBytes;
    /** Most blocks of a transfer, which window and buffer hold. */
    private final long mostBlocks;

    private Window(
            String device, Geometry whole, long firstBlock, long blockCount, boolean writeable, int bufferBytes) {
        this.device = device;
        this.firstBlock = firstBlock;
        this.blockCount = blockCount;
        this.writeable = writeable;
        this.blockShift = whole.blockShift();
        this.alignmentMask = whole.alignmentBytes() - 1;
        this.bufferBytes = bufferBytes;
        int maxTransfer = Math.min(whole.maxTransferBlocks(), bufferBytes >> blockShift);
        this.mostBlocks = Math.min(maxTransfer, blockCount);
        this.geometry = whole.window(firstBlock, blockCount, writeable).maxTransferBlocks(maxTransfer);
    }

    /**
     * The window that options ask for.
     *
     * @param bufferBytes size of the session's memory, at least a block
     */
    static Window of(String device, Geometry whole, SessionOptions options, int bufferBytes) throws BlockIoException {
        long first = options.firstBlock();
        long count = options.blockCount() == 0 ? whole.blockCount() - first : options.blockCount();
        if (count <= 0 || count > whole.blockCount() || first > whole.blockCount() - count) {
            throw new InvalidRequestException(
                    device,
                    Operation.READ,
                    first,
                    options.blockCount(),
                    "the window of a session must lie within the device, which has " + whole.blockCount() + " blocks");
        }
        if (options.writeable() && !whole.writeable()) {
            throw new InvalidRequestException(
                    device,
                    Operation.WRITE,
                    first,
                    count,
                    "it is write-protected, or this user may not write to it; open the session read-only");
        }
        return new Window(device, whole, first, count, options.writeable(), bufferBytes);
    }

    Geometry geometry() {
        return geometry;
    }

    boolean writeable() {
        return writeable;
    }

    /** The block of the device that a block of the window is. */
    long onDevice(long block) {
        return firstBlock + block;
    }

    /**
     * Negative when a transfer does not fit into window and buffer: each term is negative when one thing is wrong.
     *
     * <p>Nothing that wraps gets through. Where the first three terms allow it, {@code count} is from 1 to {@link #mostBlocks}, which
     * neither the window nor the buffer falls short of; so the subtractions below them start from zero or more and take something
     * from zero up away. Where they do not, no later term can make the result positive again.
     */
    long misfit(long block, long count, long offset) {
        return block
                | offset
                | ((count - 1) | (mostBlocks - count))
                | (blockCount - count - block)
                | (bufferBytes - (count << blockShift) - offset)
                | -(offset & alignmentMask);
    }

    /** Whether an operation that changes blocks without a transfer is allowed. */
    boolean allowsChange(long block, long count, long max) {
        return (block | count - 1) >= 0 && count <= max && block <= blockCount - count && writeable;
    }

    /** Says why an operation was refused. */
    BlockIoException refusal(Operation operation, long block, long count, boolean foreignMemory, long offset) {
        return new InvalidRequestException(
                device, operation, block, count, reason(operation, block, count, foreignMemory, offset));
    }

    private String reason(Operation operation, long block, long count, boolean foreignMemory, long offset) {
        if (operation.changes() && !writeable) {
            return "the session is read-only; open it writeable";
        }
        if (count < 1) {
            return "the number of blocks must be at least 1";
        }
        if (block < 0 || block > blockCount - count) {
            return "the range must lie within the session's window of " + blockCount + " blocks";
        }
        long max = operation.transfers()
                ? geometry.maxTransferBlocks()
                : operation == Operation.TRIM ? geometry.maxTrimBlocks() : geometry.maxZeroBlocks();
        if (max == 0) {
            return "the device cannot do that";
        }
        if (count > max) {
            return "at most " + max + " blocks at once";
        }
        if (foreignMemory) {
            return "the memory is not of this session; use its buffer()";
        }
        if (offset < 0 || offset > bufferBytes - (count << blockShift)) {
            return (count << blockShift) + " bytes at offset " + offset + " do not fit into the buffer of "
                    + bufferBytes + " bytes";
        }
        return "offset " + offset + " in the buffer is no multiple of " + (alignmentMask + 1);
    }

    @Override
    public String toString() {
        return blockCount + " blocks at " + firstBlock + " of " + device;
    }
}
