package io.sluice.emulator;

import io.sluice.block.BlockSession;
import io.sluice.block.Geometry;
import io.sluice.block.Operation;
import java.nio.ByteBuffer;

/**
 * Commands whose data passes through the session's own buffer: memory of the host that is not in whole blocks of the device, and data that the
 * controller itself looks at. One part after the other, each waited for.
 */
final class Bounce {
    private final DataPointer data;
    private final Backing backing;

    Bounce(DataPointer data, Backing backing) {
        this.data = data;
        this.backing = backing;
    }

    /** How many bytes go through half of the buffer at once. */
    private static int partBytes(Namespace namespace) {
        Geometry geometry = namespace.geometry();
        int half = namespace.session().buffer().size() / 2;
        return Math.min(half >> geometry.blockShift(), geometry.maxTransferBlocks()) << geometry.blockShift();
    }

    /** Reads or writes what {@link DataPointer} describes; blocks are those of the device. */
    int transfer(Namespace namespace, Operation operation, long firstBlock, long bytes) {
        BlockSession session = namespace.session();
        ByteBuffer buffer = session.buffer().bytes();
        int shift = namespace.geometry().blockShift();
        for (long done = 0; done < bytes; ) {
            int part = (int) Math.min(bytes - done, partBytes(namespace));
            if (operation.changes()) {
                data.move(done, buffer, 0, part);
            }
            int status = backing.perform(
                    namespace, operation, firstBlock + (done >> shift), part >> shift, session.buffer(), 0);
            if (status != Status.SUCCESS) {
                return status;
            }
            if (!operation.changes()) {
                data.move(done, buffer, 0, part);
            }
            done += part;
        }
        return Status.SUCCESS;
    }

    /** Reads or writes so that something is wrong with the data. */
    int damaged(
            Namespace namespace,
            Operation operation,
            long firstBlock,
            long bytes,
            Fault.DamageData.Damage damage,
            FaultScript faults) {
        BlockSession session = namespace.session();
        ByteBuffer buffer = session.buffer().bytes();
        int shift = namespace.geometry().blockShift();
        long moved = switch (damage) {
            case STALE -> 0;
            case TORN -> bytes / 2;
            case MISDIRECTED, FLIPPED -> bytes;
        };
        long flipped = damage == Fault.DamageData.Damage.FLIPPED ? faults.randomBit(bytes) : -1;
        for (long done = 0; done < moved; ) {
            int part = (int) Math.min(bytes - done, partBytes(namespace));
            int kept = (int) Math.min(part, moved - done);
            long block = firstBlock + (done >> shift);
            // What a write leaves out of its last block is what stands there.
            int status = operation.changes() && kept == part
                    ? Status.SUCCESS
                    : backing.perform(namespace, Operation.READ, block, part >> shift, session.buffer(), 0);
            if (status == Status.SUCCESS && operation.changes()) {
                data.move(done, buffer, 0, kept);
                flip(buffer, flipped - 8 * done, part);
                status = backing.perform(namespace, operation, block, part >> shift, session.buffer(), 0);
            } else if (status == Status.SUCCESS) {
                flip(buffer, flipped - 8 * done, part);
                data.move(done, buffer, 0, kept);
            }
            if (status != Status.SUCCESS) {
                return status;
            }
            done += part;
        }
        return Status.SUCCESS;
    }

    private static void flip(ByteBuffer buffer, long bit, int bytes) {
        if (bit >= 0 && bit < 8L * bytes) {
            int at = (int) (bit >> 3);
            buffer.put(at, (byte) (buffer.get(at) ^ 1 << (bit & 7)));
        }
    }

    /** Compares blocks of the device with what {@link DataPointer} describes. */
    int compare(Namespace namespace, long firstBlock, long bytes) {
        BlockSession session = namespace.session();
        ByteBuffer buffer = session.buffer().bytes();
        int half = buffer.capacity() / 2;
        int shift = namespace.geometry().blockShift();
        for (long done = 0; done < bytes; ) {
            int part = (int) Math.min(bytes - done, partBytes(namespace));
            int status = backing.perform(
                    namespace, Operation.READ, firstBlock + (done >> shift), part >> shift, session.buffer(), 0);
            if (status != Status.SUCCESS) {
                return status;
            }
            data.move(done, buffer, half, part);
            if (buffer.slice(0, part).mismatch(buffer.slice(half, part)) >= 0) {
                return Status.COMPARE_FAILURE;
            }
            done += part;
        }
        return Status.SUCCESS;
    }

    /** Reads blocks of the device and drops them. */
    int verify(Namespace namespace, long firstBlock, long bytes) {
        BlockSession session = namespace.session();
        int shift = namespace.geometry().blockShift();
        for (long done = 0; done < bytes; ) {
            int part = (int) Math.min(bytes - done, partBytes(namespace));
            int status = backing.perform(
                    namespace, Operation.READ, firstBlock + (done >> shift), part >> shift, session.buffer(), 0);
            if (status != Status.SUCCESS) {
                return status;
            }
            done += part;
        }
        return Status.SUCCESS;
    }

    /** Writes zeroes to a device that does not do it by itself. */
    int writeZeroes(Namespace namespace, long firstBlock, long count) {
        BlockSession session = namespace.session();
        ByteBuffer buffer = session.buffer().bytes();
        int shift = namespace.geometry().blockShift();
        int most = partBytes(namespace) >> shift;
        for (int i = 0; i < most << shift; i += Long.BYTES) {
            buffer.putLong(i, 0);
        }
        for (long done = 0; done < count; ) {
            long part = Math.min(count - done, most);
            int status = backing.perform(namespace, Operation.WRITE, firstBlock + done, part, session.buffer(), 0);
            if (status != Status.SUCCESS) {
                return status;
            }
            done += part;
        }
        return Status.SUCCESS;
    }
}
