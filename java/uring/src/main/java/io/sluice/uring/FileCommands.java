package io.sluice.uring;

import io.sluice.block.Operation;
import io.sluice.linux.LinuxException;
import io.sluice.linux.Ring;
import io.sluice.linux.RingEntry;
import io.sluice.linux.RingOperation;
import java.nio.LongBuffer;
import java.util.function.Consumer;
import jnr.constants.platform.Errno;

/** Operations on regular files and block devices. */
final class FileCommands extends Commands {
    /** What a block device takes as a command: its number in {@code linux/blkdev.h}, Linux 6.12. */
    static final long DISCARD_COMMAND = 0x1200;

    /** What a trim is. */
    enum Trim {
        /** A hole in a file. */
        HOLE,
        /** A discard of a block device. */
        DISCARD,
        /** On a block device what makes a hole in a file, for want of a discard: the kernel has the device zero the blocks. */
        ZERO
    }

    // fallocate(2)
    private static final long KEEP_SIZE = 1;
    private static final long PUNCH_HOLE = 2;
    private static final long ZERO_RANGE = 0x10;
    /** RWF_DSYNC of pwritev2(2), beside the length. */
    private static final long DURABLE = 2L << 32;
    /** IORING_FSYNC_DATASYNC, beside the length: sizes and times do not change here, or do not matter. */
    private static final long DATA_ONLY = 1L << 32;

    private static final long READ = RingEntry.head(RingOperation.READ);
    private static final long WRITE = RingEntry.head(RingOperation.WRITE);
    private static final long READ_VECTOR = RingEntry.head(RingOperation.READV);
    private static final long WRITE_VECTOR = RingEntry.head(RingOperation.WRITEV);
    private static final long SYNC = RingEntry.head(RingOperation.FSYNC);
    private static final long ALLOCATE = RingEntry.head(RingOperation.FALLOCATE);
    private static final long COMMAND = RingEntry.head(RingOperation.URING_CMD);

    private final Ring others;
    private final LongBuffer otherEntries;
    private final int blockShift;
    private final long readOwn;
    private final long writeOwn;
    private final Trim trim;
    private final boolean polled;
    private final Consumer<String> fallback;
    private Ring transfers;
    private LongBuffer transferEntries;
    private long zeroMode = ZERO_RANGE | KEEP_SIZE;

    /**
     * Commands into rings.
     *
     * @param others takes what is no transfer; the same ring where nothing is against it
     * @param registered whether the memory is the rings' registered buffer
     * @param trim what to do for a trim
     * @param fallback told when something has to be done another way, again and again
     */
    FileCommands(
            Ring transfers, Ring others, int blockShift, boolean registered, Trim trim, Consumer<String> fallback) {
        this.transfers = transfers;
        this.others = others;
        this.polled = transfers.devicePolling();
        this.transferEntries = transfers.entries();
        this.otherEntries = others.entries();
        this.blockShift = blockShift;
        this.readOwn = registered ? RingEntry.head(RingOperation.READ_FIXED) : READ;
        this.writeOwn = registered ? RingEntry.head(RingOperation.WRITE_FIXED) : WRITE;
        this.trim = trim;
        this.fallback = fallback;
    }

    @Override
    void transfer(int slot, Operation operation, long block, long count, int skip, long address, boolean own) {
        long head = operation == Operation.READ ? (own ? readOwn : READ) : own ? writeOwn : WRITE;
        putTransfer(slot, operation, head, (block << blockShift) + skip, address + skip, (count << blockShift) - skip);
    }

    @Override
    void transferSeveral(int slot, Operation operation, long block, long count, int skip, long vector, int entries) {
        long head = operation == Operation.READ ? READ_VECTOR : WRITE_VECTOR;
        putTransfer(slot, operation, head, (block << blockShift) + skip, vector, entries);
    }

    private void putTransfer(int slot, Operation operation, long head, long offset, long address, long length) {
        LongBuffer entry = transferEntries;
        int at = transfers.entry();
        entry.put(at, head);
        entry.put(at + RingEntry.OFFSET, offset);
        entry.put(at + RingEntry.ADDRESS, address);
        entry.put(at + RingEntry.LENGTH, operation == Operation.WRITE_DURABLE ? length | DURABLE : length);
        entry.put(at + RingEntry.USER_DATA, slot);
        entry.put(at + RingEntry.BUFFER, 0);
        entry.put(at + RingEntry.COMMAND, 0);
        entry.put(at + RingEntry.COMMAND + 1, 0);
        transfers.push();
    }

    @Override
    void sync(int slot) {
        put(slot, SYNC, 0, 0, DATA_ONLY, 0);
    }

    @Override
    void trim(int slot, long block, long count) {
        if (trim == Trim.DISCARD) {
            put(slot, COMMAND, DISCARD_COMMAND, block << blockShift, 0, count << blockShift);
        } else {
            if (trim == Trim.ZERO) {
                fallback.accept(
                        "this kernel takes no discard over io_uring (Linux 6.12 does): trim makes blocks read as zeroes"
                                + " instead");
            }
            put(slot, ALLOCATE, block << blockShift, count << blockShift, PUNCH_HOLE | KEEP_SIZE, 0);
        }
    }

    @Override
    void writeZeroes(int slot, long block, long count) {
        put(slot, ALLOCATE, block << blockShift, count << blockShift, zeroMode, 0);
    }

    private void put(int slot, long head, long offset, long address, long length, long third) {
        LongBuffer entry = otherEntries;
        int at = others.entry();
        entry.put(at, head);
        entry.put(at + RingEntry.OFFSET, offset);
        entry.put(at + RingEntry.ADDRESS, address);
        entry.put(at + RingEntry.LENGTH, length);
        entry.put(at + RingEntry.USER_DATA, slot);
        entry.put(at + RingEntry.BUFFER, 0);
        entry.put(at + RingEntry.COMMAND, third);
        entry.put(at + RingEntry.COMMAND + 1, 0);
        others.push();
    }

    @Override
    long moved(int result, long rest) {
        // A kernel that says more than it was asked for is not believed.
        return result > rest ? -Errno.EPROTO.intValue() : result;
    }

    @Override
    boolean gone(int result) {
        return result == -Errno.ENODEV.intValue() || result == -Errno.ENXIO.intValue();
    }

    @Override
    boolean hasOtherWay(Operation operation, int result) {
        if (result != -Errno.EOPNOTSUPP.intValue()) {
            return false;
        }
        if (operation.transfers()) {
            return leavesPolling();
        }
        // A hole reads as zeroes too; it only may have to be filled again when it is written.
        if (operation == Operation.WRITE_ZEROES) {
            zeroMode = PUNCH_HOLE | KEEP_SIZE;
            fallback.accept("the file system zeroes no ranges: write-zeroes makes holes instead");
            return true;
        }
        return false;
    }

    /**
     * Whether a polled device can be polled shows at the first transfer that reaches it, and no earlier: a read of a hole does not. Others may
     * be in flight the same way; they come back here as well.
     */
    private boolean leavesPolling() {
        if (!polled) {
            return false;
        }
        transfers = others;
        transferEntries = otherEntries;
        fallback.accept("file or device cannot be polled: completions are announced instead");
        return true;
    }

    @Override
    String reason(Operation operation, int result) {
        if (result >= 0) {
            return "the kernel answered " + result + ", which makes no sense here";
        }
        String advice = switch (Errno.valueOf(-result)) {
            case EIO -> "the device or its file system failed, see the kernel's messages (dmesg)";
            case ENOSPC, EDQUOT -> "the file system is full; a file without holes cannot run into this";
            // Two names of one number.
            case EOPNOTSUPP, ENOTSUP ->
                operation == Operation.TRIM || operation == Operation.WRITE_ZEROES
                        ? "the file system has no holes; write zeroes by ordinary writes"
                        : "file or device cannot do that";
            case EINVAL ->
                "the file system takes no transfer of this size or alignment; open it without direct I/O, or with"
                        + " larger blocks";
            case EFBIG -> "that is beyond the largest file allowed (ulimit -f)";
            case ENODEV, ENXIO -> "the device is gone; close it";
            case EPERM, EBADF, EROFS -> "the file system allows no change";
            case ENOMEM -> "the kernel has no memory for it; use a smaller queue depth";
            default -> "see the kernel's messages (dmesg)";
        };
        return LinuxException.describe(-result) + "; " + advice;
    }
}
