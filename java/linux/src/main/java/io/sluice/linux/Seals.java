package io.sluice.linux;

import java.io.IOException;
import jnr.constants.platform.Errno;

/** Promises about a memfd that nobody can take back ({@code F_GET_SEALS} of {@code fcntl(2)}). */
public final class Seals {
    private static final int GET_SEALS = 1034;
    private static final int SHRINK = 2;

    private Seals() {}

    /** Whether no holder of the file can shrink it, so that a mapping of it never loses its memory. */
    public static boolean preventShrinking(Descriptor file) throws IOException {
        try {
            return (file.call(
                                    "fcntl(F_GET_SEALS)",
                                    fd -> Libc.result(Libc.calls().fcntl(fd, GET_SEALS, 0)))
                            & SHRINK)
                    != 0;
        } catch (LinuxException exception) {
            if (exception.errno() == Errno.EINVAL) {
                return false; // No memfd: such a file has no seals.
            }
            throw exception;
        }
    }
}
