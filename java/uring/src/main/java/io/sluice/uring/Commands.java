package io.sluice.uring;

import io.sluice.block.Operation;

/**
 * Puts a session's operations into the rings, and reads what came of them. Blocks are the device's. The session has taken a slot before
 * each call, and there is room in the rings for every slot.
 */
abstract sealed class Commands permits FileCommands, NvmeCommands {
    /**
     * A transfer, or the rest of one.
     *
     * @param operation a {@link Operation#transfers transferring} one
     * @param skip bytes at its beginning that were moved before
     * @param address of its first byte in memory
     * @param own whether that is the session's own buffer, which may be registered
     */
    abstract void transfer(int slot, Operation operation, long block, long count, int skip, long address, boolean own);

    /** Any operation whose memory, if it has some, lies in the session's own buffer; {@code skip} and {@code address} as in {@link #transfer}. */
    final void send(int slot, Operation operation, long block, long count, int skip, long address) {
        switch (operation) {
            case READ, WRITE, WRITE_DURABLE -> transfer(slot, operation, block, count, skip, address, true);
            case SYNC -> sync(slot);
            case TRIM -> trim(slot, block, count);
            case WRITE_ZEROES -> writeZeroes(slot, block, count);
        }
    }

    /**
     * A transfer whose memory lies in several places, or the rest of one.
     *
     * @param skip bytes at its beginning that were moved before
     * @param vector address of an array of {@code struct iovec} for what is to be moved now
     * @param entries how many it has
     */
    abstract void transferSeveral(
            int slot, Operation operation, long block, long count, int skip, long vector, int entries);

    abstract void sync(int slot);

    abstract void trim(int slot, long block, long count);

    abstract void writeZeroes(int slot, long block, long count);

    /**
     * What a result means.
     *
     * @param rest bytes that were to be moved, 0 for what moves none
     * @return bytes that were moved, from 0 to {@code rest}; negative when it failed: then {@link #reason} says why
     */
    abstract long moved(int result, long rest);

    /** Why an operation failed, and what to do. */
    abstract String reason(Operation operation, int result);

    /** Whether the failure says that nothing stands behind the node any more. */
    abstract boolean gone(int result);

    /**
     * Whether there is another way to do an operation that failed; if so, it is taken from now on, and {@link UringDevice#fallbacks} has a
     * sentence on it. Not to be asked of an operation that went that way.
     */
    abstract boolean hasOtherWay(Operation operation, int result);
}
