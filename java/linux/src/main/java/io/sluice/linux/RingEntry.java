package io.sluice.linux;

/**
 * A submission queue entry ({@code struct io_uring_sqe}) as eight 64-bit words, sixteen in a ring of large entries: which word holds what.
 * Every word of an entry is to be written each time, since entries are used again.
 */
public final class RingEntry {
    /** Operation, flags and file: see {@link #head}. */
    public static final int HEAD = 0;
    /** Offset in the file, bytes; for a command its number. */
    public static final int OFFSET = 1;
    /** Address of memory; for {@link RingOperation#FALLOCATE} the length. */
    public static final int ADDRESS = 2;
    /** Length in the low half, flags of the operation in the high half. */
    public static final int LENGTH = 3;
    /** Comes back with the completion. */
    public static final int USER_DATA = 4;
    /** Index of the registered buffer, in the low 16 bits. */
    public static final int BUFFER = 5;
    /** A third address; in large entries the command begins here. */
    public static final int COMMAND = 6;

    /** IOSQE_FIXED_FILE. */
    private static final long REGISTERED_FILE = 1 << 8;

    private RingEntry() {}

    /** The first word of an operation on the ring's {@linkplain Ring#registerFile registered file}. */
    public static long head(RingOperation operation) {
        return operation.code() | REGISTERED_FILE;
    }
}
