package io.sluice.linux;

/**
 * A limit on this process ({@code getrlimit(2)}).
 *
 * @param soft what holds now, {@link #UNLIMITED} for none
 * @param hard what the process may raise it to, {@link #UNLIMITED} for none
 */
public record ResourceLimit(long soft, long hard) {
    /** No limit ({@code RLIM_INFINITY}). */
    public static final long UNLIMITED = -1;

    /** What is limited; the numbers are Linux's on x86-64 and aarch64. */
    public enum Resource {
        /** Bytes in one file; also of a memfd. */
        FILE_SIZE(1),
        /** Open descriptors. */
        OPEN_FILES(7),
        /** Bytes of memory locked in RAM; what VFIO pins counts. */
        LOCKED_MEMORY(8);

        private final int number;

        Resource(int number) {
            this.number = number;
        }
    }

    /** The limit of this process. */
    public static ResourceLimit of(Resource resource) throws LinuxException {
        long[] limits = new long[2];
        Libc.check("getrlimit", resource.name(), Libc.calls().getrlimit(resource.number, limits));
        return new ResourceLimit(limits[0], limits[1]);
    }

    /**
     * Makes this the limit of this process.
     *
     * @throws LinuxException EPERM when it is above the hard limit and the process lacks CAP_SYS_RESOURCE
     */
    public void apply(Resource resource) throws LinuxException {
        Libc.check("setrlimit", resource.name() + " to " + this, Libc.calls().setrlimit(resource.number, new long[] {
            soft, hard
        }));
    }
}
