package io.sluice.block.driver;

import io.sluice.block.Geometry;
import io.sluice.block.InvalidRequestException;
import io.sluice.block.Operation;
import io.sluice.block.Segments;
import io.sluice.block.SessionOptions;

/**
 * The blocks that a session may name, and what it says to those who name others. Immutable; nothing here allocates but refusals.
 *
 * <p>Every check is made of differences of which none can wrap, ORed together: negative means that something is wrong. One branch for all is half the
 * code of one for each, so that the compiler makes a check a part of the caller's loop.
 */
public final class Window {
    /** In the place of a size: the memory is not the session's. */
    public static final long FOREIGN = -1;

    /** Reasons for refusals that sessions find by themselves. */
    public static final String NOT_ITS_MEMORY = "the memory is not of this session; use its buffer(), or wrap() yours";

    public static final String READ_ONLY_MEMORY = "the memory to read into is a read-only buffer";

    public static final String MEMORY_GONE = "the memory of the transfer cannot be reached any more";

    private final String device;
    private final Geometry geometry;
    private final long firstBlock;
    private final long blockCount;
    private final boolean writeable;
    private final int blockShift;
    private final int alignmentMask;
    /** Most blocks of a transfer, which the window holds too. */
    private final long mostBlocks;

    private Window(String device, Geometry whole, long firstBlock, long blockCount, boolean writeable, long mostBytes) {
        this.device = device;
        this.firstBlock = firstBlock;
        this.blockCount = blockCount;
        this.writeable = writeable;
        this.blockShift = whole.blockShift();
        this.alignmentMask = whole.alignmentBytes() - 1;
        int maxTransfer = (int) Math.min(whole.maxTransferBlocks(), mostBytes >> blockShift);
        this.mostBlocks = Math.min(maxTransfer, blockCount);
        this.geometry = whole.window(firstBlock, blockCount, writeable).maxTransferBlocks(maxTransfer);
    }

    /**
     * The window that options ask for.
     *
     * @param device name in messages
     * @param mostBytes most bytes of a transfer, at least a block, where the session takes fewer than the device
     * @throws InvalidRequestException when it does not lie within the device, or is to be written to and cannot be
     */
    public static Window of(String device, Geometry whole, SessionOptions options, long mostBytes)
            throws InvalidRequestException {
        long there = whole.blockCount();
        long first = options.firstBlock();
        long count = options.blockCount() == 0 ? there - first : options.blockCount();
        if (count <= 0 || count > there || first > there - count) {
            throw new InvalidRequestException(
                    device,
                    Operation.READ,
                    first,
                    options.blockCount(),
                    "the window of a session must lie within the device, which has " + there + " blocks");
        }
        if (options.writeable() && !whole.writeable()) {
            throw new InvalidRequestException(
                    device,
                    Operation.WRITE,
                    first,
                    count,
                    "it is write-protected, or this user may not write to it; open the session read-only");
        }
        return new Window(device, whole, first, count, options.writeable(), mostBytes);
    }

    /** The window as a device. */
    public Geometry geometry() {
        return geometry;
    }

    /** Whether its blocks may be changed. */
    public boolean writeable() {
        return writeable;
    }

    /** The block of the device that a block of the window is. */
    public long onDevice(long block) {
        return firstBlock + block;
    }

    /**
     * Negative when a transfer does not fit into window and memory.
     *
     * <p>Nothing that wraps gets through. Where {@link #misfit(long, long)} allows it, {@code count} is from 1 to {@link #mostBlocks}; its bytes are
     * then less than 2^62, and the next difference starts from zero or more. Where that allows it too, the last one takes something from
     * zero up away from something from zero up. Where one does not, no later one can make the result positive again.
     *
     * @param memoryBytes size of the memory, from 0
     */
    public long misfit(long block, long count, long offset, long memoryBytes) {
        long room = memoryBytes - (count << blockShift);
        return misfit(block, count) | offset | room | (room - offset) | -(offset & alignmentMask);
    }

    /**
     * Negative when the blocks of a transfer are not in the window, or too many. Where the first three terms allow it, {@code count} is from 1 to what the
     * window has, so that the subtraction of the last one starts from zero or more, and takes something from zero up away.
     */
    public long misfit(long block, long count) {
        return block | ((count - 1) | (mostBlocks - count)) | (blockCount - count - block);
    }

    /** Whether an operation that changes blocks without a transfer is allowed. */
    public boolean allowsChange(long block, long count, long max) {
        return (block | count - 1) >= 0 && count <= max && block <= blockCount - count && writeable;
    }

    /**
     * Checks everything about a transfer from or into segments but whose their memory is.
     *
     * @throws InvalidRequestException when it can never be done
     */
    public void check(Operation operation, long block, long count, Segments segments) throws InvalidRequestException {
        if (misfit(block, count) < 0 || (operation.changes() && !writeable) || !operation.transfers()) {
            throw refusal(operation, block, count);
        }
        if (segments.bytes() != count << blockShift) {
            throw refusal(
                    operation,
                    block,
                    count,
                    "the " + segments.count() + " segments have " + segments.bytes()
                            + " bytes together, the blocks have " + (count << blockShift));
        }
        int places = 0;
        for (int i = 0; i < segments.count(); i++) {
            places |= segments.offset(i) | segments.length(i);
        }
        if ((places & alignmentMask) != 0) {
            throw refusal(
                    operation,
                    block,
                    count,
                    "offset and length of each segment must be multiples of " + (alignmentMask + 1) + " bytes");
        }
    }

    /** Says why an operation without memory was refused. */
    public InvalidRequestException refusal(Operation operation, long block, long count) {
        return refusal(operation, block, count, Long.MAX_VALUE, 0);
    }

    /**
     * Says why a transfer was refused.
     *
     * @param memoryBytes size of the memory, or {@link #FOREIGN}
     */
    public InvalidRequestException refusal(Operation operation, long block, long count, long memoryBytes, long offset) {
        return refusal(operation, block, count, reason(operation, block, count, memoryBytes, offset));
    }

    /** A refusal for a reason that the window knows nothing of. */
    public InvalidRequestException refusal(Operation operation, long block, long count, String reason) {
        return new InvalidRequestException(device, operation, block, count, reason);
    }

    private String reason(Operation operation, long block, long count, long memoryBytes, long offset) {
        if (operation.changes() && !writeable) {
            return "the session is read-only; open it writeable";
        }
        if (count < 1) {
            return "the number of blocks must be at least 1";
        }
        if (block < 0 || block > blockCount - count) {
            return "the range must lie within the session's window of " + blockCount + " blocks";
        }
        long max = switch (operation) {
            case READ, WRITE, WRITE_DURABLE -> geometry.maxTransferBlocks();
            case TRIM -> geometry.maxTrimBlocks();
            case WRITE_ZEROES -> geometry.maxZeroBlocks();
            case SYNC -> 0;
        };
        if (max == 0) {
            return operation == Operation.SYNC
                    ? "a sync transfers nothing and takes no memory"
                    : "the device cannot do that";
        }
        if (count > max) {
            return "at most " + max + " blocks at once";
        }
        if (!operation.transfers()) {
            return "it transfers nothing and takes no memory";
        }
        if (memoryBytes == FOREIGN) {
            return NOT_ITS_MEMORY;
        }
        if (offset < 0 || offset > memoryBytes - (count << blockShift)) {
            return (count << blockShift) + " bytes at offset " + offset + " do not fit into the buffer of "
                    + memoryBytes + " bytes";
        }
        return "offset " + offset + " in the buffer is no multiple of " + (alignmentMask + 1);
    }

    @Override
    public String toString() {
        return blockCount + " blocks at " + firstBlock + " of " + device;
    }
}
