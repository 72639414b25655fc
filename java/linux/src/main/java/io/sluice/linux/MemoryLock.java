package io.sluice.linux;

/** Keeps the whole process in RAM, so that no poll loop waits for a page from swap ({@code mlockall(2)}). */
public final class MemoryLock {
    private static final int CURRENT = 1;
    private static final int FUTURE = 2;

    private MemoryLock() {}

    /**
     * Locks what the process has mapped, and what it will map.
     *
     * @throws LinuxException ENOMEM or EPERM when RLIMIT_MEMLOCK does not allow it
     */
    public static void lockAll() throws LinuxException {
        Libc.check("mlockall", "this process", Libc.calls().mlockall(CURRENT | FUTURE));
    }

    /** Takes all locks away. */
    public static void unlockAll() throws LinuxException {
        Libc.check("munlockall", "this process", Libc.calls().munlockall());
    }
}
