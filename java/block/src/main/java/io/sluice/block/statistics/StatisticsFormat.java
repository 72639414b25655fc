package io.sluice.block.statistics;

import io.sluice.block.LatencyHistogram;
import io.sluice.block.Operation;
import io.sluice.block.driver.LatencyBuckets;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Statistics of a process as bytes, little-endian, version 1. Anybody may write such a file, so nothing in it is believed.
 *
 * <pre>
 *   0  8  53 4c 55 49 43 45 53 54 ("SLUICEST")
 *   8  4  version, 1
 *  12  4  bytes of all this
 *  16  4  CRC-32C of what follows: a reader that meets a writer finds it wrong, and reads again
 *  20  4  sessions
 *  24  8  process
 *  32  8  start of the process, clock ticks since boot
 *  40  8  inode of its PID namespace
 *  48  8  when it was written, nanoseconds of the monotonic clock
 *  56  8  the same, milliseconds since 1970
 *  64     text: the command
 *         the sessions, one behind the other:
 *      8  number of the session
 *         text: device
 *         text: label
 *      8  first block
 *      8  blocks
 *      4  bytes of a block
 *      4  1 = writeable
 *      4  queue depth
 *      4  operations in flight
 *      8  failures
 *      4  kinds of operations, each:
 *      4    kind: 0 read, 1 write, 2 durable write, 3 sync, 4 trim, 5 write zeroes
 *      8    operations done
 *      8    blocks that they were about
 *      4    buckets of the latency histogram that are not empty, each:
 *      4      number of the bucket: below 128 its nanoseconds; otherwise 64 s + m of those from m 2^s to (m + 1) 2^s, m from 64 to 127
 *      8      operations in it
 * </pre>
 *
 * <p>A text is 4 bytes with its length, and so many bytes of UTF-8.
 */
final class StatisticsFormat {
    /** Larger ones are not read: some thousand sessions. */
    static final int MOST_BYTES = 64 << 20;

    private static final long MAGIC = 0x5453_4543_4955_4c53L;
    private static final int VERSION = 1;
    private static final int LENGTH_AT = 12;
    private static final int CHECKED_AT = 20;
    private static final int HEADER_BYTES = 64;
    private static final int MOST_TEXT = 1024;
    private static final Operation[] KINDS = Operation.values();

    private ByteBuffer out = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);

    private StatisticsFormat() {}

    static ByteBuffer encode(ProcessStatistics statistics) {
        return new StatisticsFormat().write(statistics);
    }

    private ByteBuffer write(ProcessStatistics statistics) {
        putLong(MAGIC);
        putInt(VERSION);
        // Length and checksum come last.
        putLong(0);
        putInt(statistics.sessions().size());
        putLong(statistics.process().pid());
        putLong(statistics.process().startTicks());
        putLong(statistics.process().namespace());
        putLong(statistics.takenNanos());
        putLong(statistics.takenMillis());
        putText(statistics.command());
        statistics.sessions().forEach(this::putSession);
        int length = out.position();
        out.putInt(LENGTH_AT, length);
        out.putInt(LENGTH_AT + 4, checksum(out, length));
        return out.flip();
    }

    private void putSession(SessionReading session) {
        putLong(session.number());
        putText(session.device());
        putText(session.label());
        putLong(session.firstBlock());
        putLong(session.blockCount());
        putInt(session.blockBytes());
        putInt(session.writeable() ? 1 : 0);
        putInt(session.queueDepth());
        putInt(session.inFlight());
        putLong(session.failures());
        putInt(session.operations().size());
        session.operations().forEach(this::putOperation);
    }

    private void putOperation(Operation operation, OperationReading reading) {
        LatencyHistogram latency = reading.latency();
        putInt(operation.ordinal());
        putLong(reading.done());
        putLong(reading.blocks());
        int buckets = 0;
        for (int bucket = 0; bucket < latency.buckets(); bucket++) {
            buckets += latency.countIn(bucket) > 0 ? 1 : 0;
        }
        putInt(buckets);
        for (int bucket = 0; bucket < latency.buckets(); bucket++) {
            if (latency.countIn(bucket) > 0) {
                putInt(bucket);
                putLong(latency.countIn(bucket));
            }
        }
    }

    private void putInt(int value) {
        room(4).putInt(value);
    }

    private void putLong(long value) {
        room(8).putLong(value);
    }

    private void putText(String text) {
        byte[] bytes = text.substring(0, Math.min(text.length(), MOST_TEXT)).getBytes(StandardCharsets.UTF_8);
        putInt(bytes.length);
        room(bytes.length).put(bytes);
    }

    private ByteBuffer room(int bytes) {
        if (out.remaining() < bytes) {
            ByteBuffer larger = ByteBuffer.wrap(
                            Arrays.copyOf(out.array(), Math.max(2 * out.capacity(), out.capacity() + bytes)))
                    .order(ByteOrder.LITTLE_ENDIAN);
            out = larger.position(out.position());
        }
        return out;
    }

    private static int checksum(ByteBuffer bytes, int end) {
        CRC32C sum = new CRC32C();
        sum.update(bytes.duplicate().limit(end).position(CHECKED_AT));
        return (int) sum.getValue();
    }

    /**
     * Reads what {@link #encode} made.
     *
     * @param bytes from 0 to the limit
     * @throws StatisticsFormatException when it is not that
     */
    static ProcessStatistics decode(ByteBuffer bytes) throws StatisticsFormatException {
        ByteBuffer in = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).position(0);
        if (in.limit() < HEADER_BYTES || in.getLong() != MAGIC) {
            throw new StatisticsFormatException("they do not begin as statistics do");
        }
        int version = in.getInt();
        if (version != VERSION) {
            throw new StatisticsFormatException(
                    "they are of version " + version + ", this sluice reads version " + VERSION);
        }
        int length = in.getInt();
        if (length < HEADER_BYTES || length > in.limit()) {
            throw new StatisticsFormatException("of " + length + " bytes " + in.limit() + " are there");
        }
        if (in.getInt() != checksum(in, length)) {
            throw new StatisticsFormatException("their checksum is wrong");
        }
        try {
            return read(in.limit(length));
        } catch (BufferUnderflowException | IllegalArgumentException wrong) {
            throw new StatisticsFormatException("they cannot be: " + wrong);
        }
    }

    private static ProcessStatistics read(ByteBuffer in) {
        int count = in.getInt();
        ProcessIdentity process = new ProcessIdentity(in.getLong(), in.getLong(), in.getLong());
        long nanos = in.getLong();
        long millis = in.getLong();
        String command = text(in);
        List<SessionReading> sessions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sessions.add(session(in));
        }
        return new ProcessStatistics(process, command, nanos, millis, sessions);
    }

    private static SessionReading session(ByteBuffer in) {
        return new SessionReading(
                in.getLong(),
                text(in),
                text(in),
                amount(in.getLong()),
                amount(in.getLong()),
                (int) amount(in.getInt()),
                in.getInt() != 0,
                (int) amount(in.getInt()),
                (int) amount(in.getInt()),
                amount(in.getLong()),
                operations(in));
    }

    private static Map<Operation, OperationReading> operations(ByteBuffer in) {
        Map<Operation, OperationReading> operations = new EnumMap<>(Operation.class);
        int kinds = in.getInt();
        for (int i = 0; i < kinds; i++) {
            int kind = in.getInt();
            if (kind < 0 || kind >= KINDS.length) {
                throw new IllegalArgumentException("operation of kind " + kind);
            }
            operations.put(KINDS[kind], new OperationReading(amount(in.getLong()), amount(in.getLong()), latency(in)));
        }
        return operations;
    }

    private static LatencyHistogram latency(ByteBuffer in) {
        long[] counts = new long[LatencyBuckets.COUNT];
        int buckets = in.getInt();
        for (int i = 0; i < buckets; i++) {
            int bucket = in.getInt();
            if (bucket < 0 || bucket >= counts.length) {
                throw new IllegalArgumentException("latencies in bucket " + bucket);
            }
            counts[bucket] = in.getLong();
        }
        return LatencyHistogram.of(counts);
    }

    private static long amount(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("an amount of " + value);
        }
        return value;
    }

    /** A text; what would steer a terminal is replaced. */
    private static String text(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("a text of " + length + " bytes");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8).replaceAll("\\p{C}", "?");
    }
}
