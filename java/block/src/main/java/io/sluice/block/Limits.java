package io.sluice.block;

import java.util.Objects;

/**
 * How fast a session may be, reads and writes apart. Immutable; the methods return changed copies. Trims and write-zeroes count as writes without
 * bytes; syncs do not count.
 *
 * @param readOperations reads a second
 * @param readBytes bytes read a second
 * @param writeOperations operations a second that change blocks
 * @param writeBytes bytes written a second
 */
public record Limits(Rate readOperations, Rate readBytes, Rate writeOperations, Rate writeBytes) {
    private static final Limits NONE =
            new Limits(Rate.unlimited(), Rate.unlimited(), Rate.unlimited(), Rate.unlimited());

    public Limits {
        Objects.requireNonNull(readOperations, "readOperations");
        Objects.requireNonNull(readBytes, "readBytes");
        Objects.requireNonNull(writeOperations, "writeOperations");
        Objects.requireNonNull(writeBytes, "writeBytes");
    }

    /** No limits. */
    public static Limits none() {
        return NONE;
    }

    /** Reads a second. */
    public Limits readOperations(Rate value) {
        return new Limits(value, readBytes, writeOperations, writeBytes);
    }

    /** Bytes read a second. */
    public Limits readBytes(Rate value) {
        return new Limits(readOperations, value, writeOperations, writeBytes);
    }

    /** Operations a second that change blocks. */
    public Limits writeOperations(Rate value) {
        return new Limits(readOperations, readBytes, value, writeBytes);
    }

    /** Bytes written a second. */
    public Limits writeBytes(Rate value) {
        return new Limits(readOperations, readBytes, writeOperations, value);
    }

    /** Whether there is any. */
    public boolean isLimited() {
        return readOperations.isLimited()
                || readBytes.isLimited()
                || writeOperations.isLimited()
                || writeBytes.isLimited();
    }
}
