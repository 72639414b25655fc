package io.sluice.linux;

/** Operations of io_uring ({@code IORING_OP_*} of {@code linux/io_uring.h}) that are used here; the shim checks the numbers. */
public enum RingOperation {
    /** Nothing. */
    NOP(0),
    /** {@code preadv2(2)}. */
    READV(1),
    /** {@code pwritev2(2)}. */
    WRITEV(2),
    /** {@code fsync(2)}. */
    FSYNC(3),
    /** Reads into the registered buffer. */
    READ_FIXED(4),
    /** Writes from the registered buffer. */
    WRITE_FIXED(5),
    /** {@code fallocate(2)}. */
    FALLOCATE(17),
    /** Reads into memory (Linux 5.6). */
    READ(22),
    /** Writes from memory (Linux 5.6). */
    WRITE(23),
    /** A command of the file's own driver: NVMe passthrough (Linux 5.19), block devices (Linux 6.12). */
    URING_CMD(46);

    private final int code;

    RingOperation(int code) {
        this.code = code;
    }

    /** The number. */
    public int code() {
        return code;
    }
}
