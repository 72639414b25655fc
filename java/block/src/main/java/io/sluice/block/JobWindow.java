package io.sluice.block;

/** The bytes that jobs of a session may name, and what is said to those who name others. Immutable; nothing here allocates but refusals. */
final class JobWindow {
    private final BlockSession session;
    private final long sizeBytes;
    private final boolean writeable;
    private final int blockShift;

    JobWindow(BlockSession session) {
        Geometry geometry = session.geometry();
        this.session = session;
        this.writeable = geometry.writeable();
        this.blockShift = geometry.blockShift();
        this.sizeBytes = Math.min(geometry.blockCount(), Long.MAX_VALUE >> blockShift) << blockShift;
    }

    long sizeBytes() {
        return sizeBytes;
    }

    /** Checks a transfer but for its memory. */
    void checkTransfer(Operation operation, long position, long length) throws InvalidRequestException {
        if (!operation.transfers()) {
            throw new IllegalArgumentException(operation + " transfers nothing and takes no memory");
        }
        check(operation, position, length);
    }

    /** Checks which bytes an operation names, and whether they may be changed if it changes them. */
    void check(Operation operation, long position, long length) throws InvalidRequestException {
        // Each term is negative when one thing is wrong. Where the first three are not, the last one takes something
        // from zero up away from something from zero up, and does not wrap.
        long left = sizeBytes - length;
        if ((position | (length - 1) | left | (left - position)) < 0 || (operation.changes() && !writeable)) {
            throw refusal(operation, position, length, rangeReason(operation));
        }
    }

    private String rangeReason(Operation operation) {
        return operation.changes() && !writeable
                ? "the session is read-only; open it writeable"
                : "a job has at least one byte, and all of them within the session's window of " + sizeBytes + " bytes";
    }

    /** The bytes do not lie within the memory that was named for them. */
    InvalidRequestException memoryTooSmall(
            Operation operation, long position, long length, long bytes, long offset, long there) {
        return refusal(
                operation,
                position,
                length,
                bytes + " bytes at offset " + offset + " do not lie within the " + there
                        + " bytes of memory that a job may name there");
    }

    /** Refuses a job for a reason. */
    InvalidRequestException refusal(Operation operation, long position, long length, String reason) {
        // Rounded outward where that can be said; the bytes themselves are in the reason.
        long first = position < 0 ? 0 : position >> blockShift;
        long last = length < 1 || position < 0 || length - 1 > Long.MAX_VALUE - position
                ? first
                : (position + length - 1) >> blockShift;
        return new InvalidRequestException(
                session.toString(),
                operation,
                first,
                last - first + 1,
                length + " bytes at byte " + position + ": " + reason);
    }
}
