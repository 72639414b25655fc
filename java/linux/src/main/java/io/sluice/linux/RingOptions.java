package io.sluice.linux;

/**
 * What a ring is to be like. Immutable; the methods return changed copies.
 *
 * @param entries of the submission queue, 1 to 32768, rounded up to a power of two; the completion queue has twice as many
 * @param devicePolling completions are looked for at the device instead of being announced by it ({@code IORING_SETUP_IOPOLL})
 * @param submissionPolling a thread of the kernel looks for entries, so that submitting is no system call ({@code
 *     IORING_SETUP_SQPOLL})
 * @param idleMillis how long that thread looks before it sleeps, at least 1
 * @param largeEntries entries of 128 bytes and completions of 32 ({@code IORING_SETUP_SQE128}, {@code IORING_SETUP_CQE32}; Linux
 *     5.19)
 */
public record RingOptions(
        int entries, boolean devicePolling, boolean submissionPolling, int idleMillis, boolean largeEntries) {
    /** The most entries that the kernel takes. */
    public static final int MOST_ENTRIES = 32768;

    public RingOptions {
        if (entries < 1 || entries > MOST_ENTRIES) {
            throw new IllegalArgumentException("entries: " + entries + " (expected: 1 to " + MOST_ENTRIES + ")");
        }
        if (idleMillis < 1) {
            throw new IllegalArgumentException("idle time in milliseconds: " + idleMillis + " (expected: 1 or more)");
        }
    }

    /** A plain ring. */
    public static RingOptions ofEntries(int entries) {
        return new RingOptions(entries, false, false, 1000, false);
    }

    /** Whether completions are looked for at the device. */
    public RingOptions devicePolling(boolean value) {
        return new RingOptions(entries, value, submissionPolling, idleMillis, largeEntries);
    }

    /** Whether a thread of the kernel looks for entries. */
    public RingOptions submissionPolling(boolean value) {
        return new RingOptions(entries, devicePolling, value, idleMillis, largeEntries);
    }

    /** How long that thread looks before it sleeps, milliseconds. */
    public RingOptions idleMillis(int value) {
        return new RingOptions(entries, devicePolling, submissionPolling, value, largeEntries);
    }

    /** Whether entries and completions have twice the size. */
    public RingOptions largeEntries(boolean value) {
        return new RingOptions(entries, devicePolling, submissionPolling, idleMillis, value);
    }
}
