package io.sluice.nvme;

/**
 * Where in a session's queue memory is what, bytes from its start: the submission queue, the completion queue, the PRP lists of
 * the buffer, each from the start of a page, and the ranges of trims.
 *
 * @param completions the completion queue
 * @param lists the PRP lists
 * @param ranges one Dataset Management range for each slot
 * @param bytes all of it
 * @param bufferBytes the session's buffer, in whole pages; it has memory of its own
 */
record QueueMemoryLayout(int completions, int lists, int ranges, long bytes, long bufferBytes) {
    static QueueMemoryLayout of(
            int submissionEntries, int completionEntries, long bufferBytes, int slots, int pageShift) {
        long buffer = pages(bufferBytes, pageShift);
        long completions = pages((long) submissionEntries << QueuePair.SUBMISSION_SHIFT, pageShift);
        long lists = completions + pages((long) completionEntries << QueuePair.COMPLETION_SHIFT, pageShift);
        long ranges = lists + PrpLists.bytes(buffer, pageShift);
        return new QueueMemoryLayout(
                (int) completions, (int) lists, (int) ranges, ranges + (long) slots * TrimRanges.BYTES, buffer);
    }

    /** Bytes rounded up to whole pages. */
    static long pages(long bytes, int pageShift) {
        long page = 1L << pageShift;
        return bytes + page - 1 & -page;
    }
}
