package io.sluice.linux;

import java.io.IOException;
import jnr.constants.platform.Errno;
import org.jspecify.annotations.Nullable;

/** A call of the kernel failed: which call, on what, with which error number. */
public final class LinuxException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String call;
    private final int number;

    /**
     * A failed call.
     *
     * @param call the call as its manual or header names it: {@code VFIO_SET_IOMMU}
     * @param subject what it was called on: a path, a PCI address
     * @param number the error number, positive
     * @param advice what to do about it, null where that is not known
     */
    public LinuxException(String call, String subject, int number, @Nullable String advice) {
        super(call + " of " + subject + ": " + describe(number) + (advice == null ? "" : "; " + advice));
        this.call = call;
        this.number = number;
    }

    LinuxException(String call, String subject, int number) {
        this(call, subject, number, null);
    }

    /** The call that failed. */
    public String call() {
        return call;
    }

    /** The error by name; {@link Errno#__UNKNOWN_CONSTANT__} where jnr-constants knows none. */
    public Errno errno() {
        return Errno.valueOf(number);
    }

    /** The error number, positive. */
    public int number() {
        return number;
    }

    /** The name and the text of an error number: {@code EBUSY (Device or resource busy)}. */
    public static String describe(int number) {
        Errno errno = Errno.valueOf(number);
        return errno == Errno.__UNKNOWN_CONSTANT__
                ? "error " + number
                : errno.name() + " (" + errno.description() + ")";
    }

    /** Makes the exception of a result of the shim, {@code -errno}; hands through what is no error. */
    static long check(String call, String subject, long result) throws LinuxException {
        if (result < 0) {
            throw new LinuxException(call, subject, (int) -result);
        }
        return result;
    }
}
