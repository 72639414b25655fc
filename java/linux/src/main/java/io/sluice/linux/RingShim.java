package io.sluice.linux;

/** The functions of {@code sluice.h} on io_uring; results below 0 are {@code -errno}. */
final class RingShim {
    static final long RING_OFFSET = 0;
    static final long ENTRIES_OFFSET = 0x10000000;
    /** Length of {@code struct sluice_ring_info}, words. */
    static final int WORDS = 14;
    /** Room for a bit for each operation that can be numbered, words. */
    static final int PROBE_WORDS = 4;

    private RingShim() {}

    static native int setup(int entries, int flags, int cpu, int idleMillis, long[] words);

    static native int enter(int ring, int submit, int complete, int flags, long timeoutNanos);

    static native int registerBuffer(int ring, long address, long bytes);

    static native int unregisterBuffer(int ring);

    static native int registerFile(int ring, int fd);

    static native int unregisterFile(int ring);

    static native int registerEvent(int ring, int eventfd);

    static native int unregisterEvent(int ring);

    static native int probe(int ring, long[] words);
}
