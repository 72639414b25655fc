package io.sluice.linux;

import java.util.BitSet;

/** Which processors the calling thread may run on ({@code sched_setaffinity(2)}). */
public final class ThreadAffinity {
    /** The kernel's masks are as long as its build asks for; 8192 processors are its largest. */
    private static final int MASK_WORDS = 8192 / Long.SIZE;

    private ThreadAffinity() {}

    /** The processors of the calling thread, by number. */
    public static BitSet current() throws LinuxException {
        long[] mask = new long[MASK_WORDS];
        Libc.check("sched_getaffinity", "this thread", Libc.calls().sched_getaffinity(0, bytes(mask), mask));
        return BitSet.valueOf(mask);
    }

    /**
     * Confines the calling thread.
     *
     * @param processors by number; at least one that is online and that the control group allows
     * @throws LinuxException EINVAL when there is none such
     */
    public static void confine(BitSet processors) throws LinuxException {
        long[] mask = processors.toLongArray();
        Libc.check(
                "sched_setaffinity",
                "this thread to processors " + processors,
                Libc.calls().sched_setaffinity(0, bytes(mask), mask));
    }

    private static long bytes(long[] mask) {
        return (long) mask.length * Long.BYTES;
    }
}
