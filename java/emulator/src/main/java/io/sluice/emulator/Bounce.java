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
