package io.sluice.pci.vfiouser;

import java.io.IOException;
import jnr.constants.platform.Errno;

/** The server refused a request, and goes on serving. */
final class ServerRefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Errno errno;

    ServerRefusedException(String server, Command command, int number) {
        super(server + " refuses " + command + ": " + describe(number));
        this.errno = Errno.valueOf(number);
    }

    private static String describe(int number) {
        Errno errno = Errno.valueOf(number);
        return errno == Errno.__UNKNOWN_CONSTANT__
                ? "error " + Integer.toUnsignedString(number)
                : errno.name() + " (" + errno.description() + ")";
    }

    /** The error; {@link Errno#__UNKNOWN_CONSTANT__} where it is none that this machine knows. */
    Errno errno() {
        return errno;
    }
}
