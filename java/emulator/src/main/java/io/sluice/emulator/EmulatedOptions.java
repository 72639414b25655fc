package io.sluice.emulator;

/**
 * How a controller is built; see {@link EmulatedController.Builder}, which checks it.
 *
 * @param maxTransferShift MDTS
 * @param doorbellStrideShift CAP.DSTRD
 * @param readyTimeoutMillis what CAP.TO says, milliseconds
 */
record EmulatedOptions(
        ControllerIdentity identity,
        int maxTransferShift,
        int maxQueueEntries,
        int ioQueuePairs,
        int doorbellStrideShift,
        int readyTimeoutMillis,
        int interruptVectors,
        int memoryBufferBytes,
        boolean scatterGatherLists,
        boolean volatileWriteCache,
        boolean doorbellBuffers,
        HostMemoryWish hostMemory) {
    /**
     * What memory of the host the controller would like to have.
     *
     * @param preferredBytes HMPRE; 0 = none
     * @param leastBytes HMMIN
     * @param leastChunkBytes HMMINDS
     * @param mostChunks HMMAXD; 0 = no limit
     */
    record HostMemoryWish(long preferredBytes, long leastBytes, int leastChunkBytes, int mostChunks) {
        /** Unit of the sizes. */
        static final int UNIT = 4096;

        static final HostMemoryWish NONE = new HostMemoryWish(0, 0, 0, 0);
    }

    /** NVMe 1.4. */
    static final int VERSION = 0x0001_0400;

    static final int MIN_PAGE_SHIFT = 12;
    /** 64 KiB. */
    static final int MAX_PAGE_SHIFT = 16;

    /** The unit of CAP.TO. */
    static final int READY_TIMEOUT_UNIT_MILLIS = 500;

    /** Largest transfer of a command in bytes. */
    long maxTransferBytes() {
        return maxTransferShift == 0 ? Long.MAX_VALUE : 1L << (maxTransferShift + MIN_PAGE_SHIFT);
    }

    int doorbellStrideBytes() {
        return 4 << doorbellStrideShift;
    }

    /** Whole pages that hold a pair of doorbells for each queue pair, that of the admin queues included. */
    int doorbellBytes() {
        int used = 2 * (ioQueuePairs + 1) * doorbellStrideBytes();
        return (used + 4095) & -4096;
    }

    /** Size of BAR 0, a power of two. */
    int registerBytes() {
        return Math.max(1 << 14, Integer.highestOneBit(ControllerRegisters.DOORBELLS + doorbellBytes() - 1) << 1);
    }

    /** CAP (section 3.1.1). */
    long capabilities() {
        return (maxQueueEntries - 1L)
                | 1L << 16 // queues must be contiguous
                | 1L << 17 // weighted round robin with urgent priority class
                | (long) (readyTimeoutMillis / READY_TIMEOUT_UNIT_MILLIS) << 24
                | (long) doorbellStrideShift << 32
                | 1L << 36 // subsystem reset
                | 1L << 37 // NVM command set
                | (long) (MAX_PAGE_SHIFT - 12) << 52
                | (memoryBufferBytes > 0 ? 1L << 57 : 0);
    }

    /** CMBLOC (section 3.1.11): BAR 2, from its start; queues and data may lie in it, in any mixture. */
    int memoryBufferLocation() {
        return memoryBufferBytes == 0 ? 0 : 2 | 1 << 3 | 1 << 4 | 1 << 5 | 1 << 6 | 1 << 7 | 1 << 8;
    }

    /** CMBSZ (section 3.1.12): in units of 4 KiB; submission and completion queues, lists, reads and writes. */
    int memoryBufferSize() {
        return memoryBufferBytes == 0 ? 0 : memoryBufferBytes >> 12 << 12 | 0x1f;
    }
}
