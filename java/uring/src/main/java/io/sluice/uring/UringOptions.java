package io.sluice.uring;

/**
 * How a file or node is to be used. Immutable; the methods return changed copies.
 *
 * <p>The defaults: past the page cache, the session's memory registered, no polling, blocks as the kernel says.
 *
 * @param direct past the page cache ({@code O_DIRECT}); where the file system has no such thing, through it
 * @param registeredMemory the session's memory is pinned and known to the kernel from the start; where the limit of locked memory
 *     is too low, page by page for each operation
 * @param devicePolling completions are looked for at the device ({@code IORING_SETUP_IOPOLL}), which takes a processor while waiting;
 *     where file or device cannot, they are announced
 * @param submissionPolling a thread of the kernel looks for operations ({@code IORING_SETUP_SQPOLL}), so that {@code commit} is no system
 *     call; it takes a processor of its own
 * @param pollingIdleMillis how long that thread looks before it sleeps, milliseconds, at least 1
 * @param blockBytes size of a block of a regular file, a power of two from 512; 0 = 512, or more where direct I/O asks for it
 */
public record UringOptions(
        boolean direct,
        boolean registeredMemory,
        boolean devicePolling,
        boolean submissionPolling,
        int pollingIdleMillis,
        int blockBytes) {
    private static final UringOptions DEFAULTS = new UringOptions(true, true, false, false, 1000, 0);

    public UringOptions {
        if (pollingIdleMillis < 1) {
            throw new IllegalArgumentException("polling idle time of " + pollingIdleMillis + " ms: expected 1 or more");
        }
        if (blockBytes != 0 && (blockBytes < 512 || blockBytes > 1 << 20 || Integer.bitCount(blockBytes) != 1)) {
            throw new IllegalArgumentException(
                    "blocks of " + blockBytes + " bytes: expected a power of two from 512 to 2^20, or 0");
        }
    }

    /** The defaults of the class description. */
    public static UringOptions defaults() {
        return DEFAULTS;
    }

    /** Whether to go past the page cache. */
    public UringOptions direct(boolean value) {
        return new UringOptions(
                value, registeredMemory, devicePolling, submissionPolling, pollingIdleMillis, blockBytes);
    }

    /** Whether the sessions' memory is registered. */
    public UringOptions registeredMemory(boolean value) {
        return new UringOptions(direct, value, devicePolling, submissionPolling, pollingIdleMillis, blockBytes);
    }

    /** Whether completions are looked for at the device. */
    public UringOptions devicePolling(boolean value) {
        return new UringOptions(direct, registeredMemory, value, submissionPolling, pollingIdleMillis, blockBytes);
    }

    /** Whether a thread of the kernel looks for operations. */
    public UringOptions submissionPolling(boolean value) {
        return new UringOptions(direct, registeredMemory, devicePolling, value, pollingIdleMillis, blockBytes);
    }

    /** How long that thread looks before it sleeps, milliseconds. */
    public UringOptions pollingIdleMillis(int value) {
        return new UringOptions(direct, registeredMemory, devicePolling, submissionPolling, value, blockBytes);
    }

    /** Size of a block of a regular file, bytes. */
    public UringOptions blockBytes(int value) {
        return new UringOptions(direct, registeredMemory, devicePolling, submissionPolling, pollingIdleMillis, value);
    }
}
