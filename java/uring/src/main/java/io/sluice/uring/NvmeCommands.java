package io.sluice.uring;

import io.sluice.block.Operation;
import io.sluice.linux.LinuxException;
import io.sluice.linux.Ring;
import io.sluice.linux.RingEntry;
import io.sluice.linux.RingOperation;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.function.Consumer;
import jnr.constants.platform.Errno;

/**
 * Operations on an NVMe character device: commands of the NVM command set (NVMe base specification 1.4, section 6), which the kernel's driver
 * passes through ({@code struct nvme_uring_cmd} of {@code linux/nvme_ioctl.h}).
 */
final class NvmeCommands extends Commands {
    /** Bytes of a Dataset Management range (section 6.7). */
    static final int RANGE_BYTES = 16;

    private static final long FLUSH = 0x00;
    private static final long WRITE = 0x01;
    private static final long READ = 0x02;
    private static final long WRITE_ZEROES = 0x08;
    private static final long DATASET_MANAGEMENT = 0x09;
    private static final long FORCE_UNIT_ACCESS = 1L << 30;
    private static final long DEALLOCATE = 1L << 2;

    /** NVME_URING_CMD_IO and NVME_URING_CMD_IO_VEC, which came with it; the shim checks the numbers. */
    private static final long PASS_THROUGH = 0xc0484e80L;

    private static final long PASS_THROUGH_SEVERAL = 0xc0484e81L;
    /** IORING_URING_CMD_FIXED, beside the length. */
    private static final long REGISTERED = 1L << 32;

    private static final long HEAD = RingEntry.head(RingOperation.URING_CMD);

    private final Ring ring;
    private final LongBuffer entries;
    private final int blockShift;
    private final long namespace;
    private final boolean registered;
    private final ByteBuffer ranges;
    private final long rangesAddress;
    private final Consumer<String> fallback;
    private long transferFlags;

    /**
     * Commands into a ring of large entries.
     *
     * @param namespace identifier
     * @param registered whether the memory of transfers is the ring's registered buffer
     * @param ranges {@link #RANGE_BYTES} for each slot
     * @param rangesAddress of their first byte
     * @param fallback told when something has to be done another way
     */
    NvmeCommands(
            Ring ring,
            int blockShift,
            long namespace,
            boolean registered,
            ByteBuffer ranges,
            long rangesAddress,
            Consumer<String> fallback) {
        this.ring = ring;
        this.entries = ring.entries();
        this.blockShift = blockShift;
        this.namespace = namespace << 32;
        this.registered = registered;
        this.transferFlags = registered ? REGISTERED : 0;
        this.ranges = ranges;
        this.rangesAddress = rangesAddress;
        this.fallback = fallback;
    }

    @Override
    void transfer(int slot, Operation operation, long block, long count, int skip, long address, boolean own) {
        putTransfer(slot, operation, PASS_THROUGH, own ? transferFlags : 0, address, count << blockShift, block, count);
    }

    @Override
    void transferSeveral(int slot, Operation operation, long block, long count, int skip, long vector, int entries) {
        putTransfer(slot, operation, PASS_THROUGH_SEVERAL, 0, vector, entries, block, count);
    }

    private void putTransfer(
            int slot, Operation operation, long how, long flags, long address, long length, long block, long count) {
        long forced = operation == Operation.WRITE_DURABLE ? FORCE_UNIT_ACCESS : 0;
        put(slot, how, operation == Operation.READ ? READ : WRITE, flags, address, length, block, (count - 1) | forced);
    }

    @Override
    void sync(int slot) {
        put(slot, PASS_THROUGH, FLUSH, 0, 0, 0, 0, 0);
    }

    @Override
    void trim(int slot, long block, long count) {
        int at = slot * RANGE_BYTES;
        // Context attributes 0: no hint of how the blocks will be used.
        ranges.putLong(at, count << 32);
        ranges.putLong(at + 8, block);
        put(slot, PASS_THROUGH, DATASET_MANAGEMENT, 0, rangesAddress + at, RANGE_BYTES, DEALLOCATE << 32, 0);
    }

    @Override
    void writeZeroes(int slot, long block, long count) {
        put(slot, PASS_THROUGH, WRITE_ZEROES, 0, 0, 0, block, count - 1);
    }

    /** A command; its length is bytes, or entries of a vector. */
    private void put(
            int slot,
            long how,
            long opcode,
            long flags,
            long address,
            long length,
            long dwords10and11,
            long dwords12and13) {
        LongBuffer entry = entries;
        int at = ring.entry();
        entry.put(at, HEAD);
        entry.put(at + RingEntry.OFFSET, how);
        entry.put(at + RingEntry.ADDRESS, 0);
        entry.put(at + RingEntry.LENGTH, flags);
        entry.put(at + RingEntry.USER_DATA, slot);
        entry.put(at + RingEntry.BUFFER, 0);
        int command = at + RingEntry.COMMAND;
        entry.put(command, opcode | namespace);
        entry.put(command + 1, 0);
        entry.put(command + 2, 0);
        entry.put(command + 3, address);
        entry.put(command + 4, length << 32);
        entry.put(command + 5, dwords10and11);
        entry.put(command + 6, dwords12and13);
        entry.put(command + 7, 0);
        // No timeout of its own: the driver's.
        entry.put(command + 8, 0);
        entry.put(command + 9, 0);
        ring.push();
    }

    @Override
    long moved(int result, long rest) {
        // The drive moves all or fails: 0, or the status field of its completion.
        return result == 0 ? rest : -1;
    }

    @Override
    boolean gone(int result) {
        return result == -Errno.ENODEV.intValue() || result == -Errno.ENXIO.intValue();
    }

    @Override
    boolean hasOtherWay(Operation operation, int result) {
        if (!registered || !operation.transfers() || result != -Errno.EINVAL.intValue()) {
            return false;
        }
        // Older kernels, 6.1 for one, count the pieces of the whole registered buffer against the limit of a command,
        // not those of the transfer.
        transferFlags = 0;
        fallback.accept(
                "this kernel passes no commands on registered memory of such a size: it is pinned for each command instead");
        return true;
    }

    @Override
    String reason(Operation operation, int result) {
        if (result > 0) {
            // Section 4.6.1: Status Code in bits 7:0, Status Code Type in bits 10:8, Do Not Retry in bit 14.
            return String.format(
                    "the drive answered status code %02Xh of type %Xh%s",
                    result & 0xff, result >> 8 & 7, (result & 1 << 14) != 0 ? "; it will do so again" : "");
        }
        String advice = switch (Errno.valueOf(-result)) {
            case ENODEV, ENXIO -> "the drive is gone; close it";
            case EACCES, EPERM ->
                "passing commands through needs CAP_SYS_ADMIN, or a newer kernel; run as root, or use the"
                        + " block device";
            case EINVAL -> "the kernel's driver takes no such transfer; use a smaller one";
            default -> "see the kernel's messages (dmesg)";
        };
        return LinuxException.describe(-result) + "; " + advice;
    }
}
