package io.sluice.tester;

import io.sluice.block.Operation;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what blktrace writes: records of 48 bytes in the byte order of the traced machine, each followed by as many bytes as it says ({@code struct
 * blk_io_trace} of {@code linux/blktrace_api.h}, version 7).
 */
final class BlktraceFiles {
    private static final int RECORD_BYTES = 48;
    private static final int TIME_AT = 8;
    private static final int SECTOR_AT = 16;
    private static final int BYTES_AT = 24;
    private static final int ACTION_AT = 28;
    private static final int PAYLOAD_BYTES_AT = 46;

    private static final int MAGIC = 0x65617400;
    private static final int VERSION = 7;
    private static final int SECTOR_BYTES = 512;

    private static final int QUEUED = 1;
    private static final int ACTION_MASK = 0xffff;
    private static final int WRITE = 1 << 17;
    private static final int FLUSH = 1 << 18;
    private static final int PASSTHROUGH = 1 << 25;
    private static final int NOTE = 1 << 26;
    private static final int DISCARD = 1 << 29;

    private record Event(long nanos, Operation operation, long position, long length) {}

    private BlktraceFiles() {}

    static boolean isOne(byte[] beginning) {
        return beginning.length >= Integer.BYTES && order(beginning) != null;
    }

    private static @Nullable ByteOrder order(byte[] beginning) {
        int little = ByteBuffer.wrap(beginning).order(ByteOrder.LITTLE_ENDIAN).getInt(0);
        if ((little & ~0xff) == MAGIC) {
            return ByteOrder.LITTLE_ENDIAN;
        }
        return (Integer.reverseBytes(little) & ~0xff) == MAGIC ? ByteOrder.BIG_ENDIAN : null;
    }

    static Trace read(String name, List<Path> files) throws IOException {
        List<Event> events = new ArrayList<>();
        for (Path file : files) {
            readOne(file, events);
        }
        // Stable: what happened at the same time on one processor keeps its order.
        events.sort(Comparator.comparingLong(Event::nanos));
        Trace.Builder trace = new Trace.Builder(name);
        for (Event event : events) {
            trace.add(event.nanos, event.operation, event.position, event.length);
        }
        return trace.build();
    }

    private static void readOne(Path file, List<Event> events) throws IOException {
        byte[] bytes = new byte[RECORD_BYTES];
        long at = 0;
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
            while (true) {
                int got = in.readNBytes(bytes, 0, RECORD_BYTES);
                if (got == 0) {
                    return;
                }
                ByteOrder order = got < RECORD_BYTES ? null : order(bytes);
                if (order == null) {
                    throw new TesterException(file + ": no record of blktrace at byte " + at);
                }
                ByteBuffer record = ByteBuffer.wrap(bytes).order(order);
                if ((record.getInt(0) & 0xff) != VERSION) {
                    throw new TesterException(file + ": records of version " + (record.getInt(0) & 0xff) + " at byte "
                            + at + "; version " + VERSION + " is known");
                }
                add(file, at, record, events);
                int payload = Short.toUnsignedInt(record.getShort(PAYLOAD_BYTES_AT));
                in.skipNBytes(payload);
                at += RECORD_BYTES + payload;
            }
        } catch (EOFException e) {
            throw new TesterException(file + " ends within the record at byte " + at);
        }
    }

    private static void add(Path file, long at, ByteBuffer record, List<Event> events) throws TesterException {
        int action = record.getInt(ACTION_AT);
        if ((action & ACTION_MASK) != QUEUED || (action & (PASSTHROUGH | NOTE)) != 0) {
            return;
        }
        long length = Integer.toUnsignedLong(record.getInt(BYTES_AT));
        long sector = record.getLong(SECTOR_AT);
        long nanos = record.getLong(TIME_AT);
        if (length == 0) {
            if ((action & FLUSH) != 0) {
                events.add(new Event(nanos, Operation.SYNC, 0, 0));
            }
            return;
        }
        if (sector < 0 || sector > (Long.MAX_VALUE - length) / SECTOR_BYTES || length > Sizes.LARGEST) {
            throw new TesterException(
                    file + ": the record at byte " + at + " has " + length + " bytes at sector " + sector);
        }
        Operation operation =
                (action & DISCARD) != 0 ? Operation.TRIM : (action & WRITE) != 0 ? Operation.WRITE : Operation.READ;
        events.add(new Event(nanos, operation, sector * SECTOR_BYTES, length));
    }
}
