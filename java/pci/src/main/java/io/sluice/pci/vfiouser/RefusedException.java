package io.sluice.pci.vfiouser;

import jnr.constants.platform.Errno;

/** A request cannot be granted, or a reply cannot be meant: the error number of the reply, and why. The connection goes on. */
final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Errno errno;

    RefusedException(Errno errno, String message) {
        super(message);
        this.errno = errno;
    }

    static RefusedException invalid(String message) {
        return new RefusedException(Errno.EINVAL, message);
    }

    Errno errno() {
        return errno;
    }
}
