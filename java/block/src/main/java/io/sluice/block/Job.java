package io.sluice.block;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request for any bytes of a session's window, not only whole blocks: what {@link Jobs} and {@link SharedSession} carry out. Immutable, but
 * the memory that it names is the caller's, and is not to be touched until the job is resolved. It may be submitted any number of times.
 *
 * @param operation what to do
 * @param position first byte, counted from the start of the window, from 0; 0 for a sync
 * @param length bytes, at least 1; 0 for a sync
 * @param bytes memory of any kind, which is copied; null when other memory is given or nothing is transferred
 * @param memory memory of the session, which is moved without a copy where the device can reach it as it lies; null when other memory is given or
 *     nothing is transferred
 * @param offset where in {@code bytes} or {@code memory} the data starts, bytes; 0 with {@code segments}
 * @param segments memory of the session in several places, as many bytes as {@code length} says; the job's own, not to be changed; null when other memory is
 *     given or nothing is transferred
 */
public record Job(
        Operation operation,
        long position,
        long length,
        @Nullable ByteBuffer bytes,
        @Nullable IoBuffer memory,
        long offset,
        @Nullable Segments segments) {
    private static final Job SYNC = new Job(Operation.SYNC, 0, 0, null, null, 0);

    public Job {
        Objects.requireNonNull(operation, "operation");
        int memories = (bytes == null ? 0 : 1) + (memory == null ? 0 : 1) + (segments == null ? 0 : 1);
        if (memories != (operation.transfers() ? 1 : 0)) {
            throw new IllegalArgumentException(operation + " with " + memories
                    + " memories: expected one if it transfers data, none if it does not");
        }
        if (segments != null && (segments.bytes() != length || offset != 0)) {
            throw new IllegalArgumentException(
                    segments + " for " + length + " bytes at offset " + offset + ": expected as many, at 0");
        }
    }

    /** A job whose memory, if it has some, lies in one place. */
    public Job(
            Operation operation,
            long position,
            long length,
            @Nullable ByteBuffer bytes,
            @Nullable IoBuffer memory,
            long offset) {
        this(operation, position, length, bytes, memory, offset, null);
    }

    /** Reads into the bytes between position and limit of a buffer, as they are now; its position does not move. */
    public static Job read(long position, ByteBuffer into) {
        return new Job(Operation.READ, position, into.remaining(), into, null, into.position());
    }

    /** Reads into memory of the session. */
    public static Job read(long position, long length, IoBuffer into, long offset) {
        return new Job(Operation.READ, position, length, null, into, offset);
    }

    /** Reads into memory of the session in several places, of which a note is taken now. */
    public static Job read(long position, Segments into) {
        return inSeveralPlaces(Operation.READ, position, into);
    }

    /** Writes the bytes between position and limit of a buffer, as they are now; its position does not move. */
    public static Job write(long position, ByteBuffer from) {
        return new Job(Operation.WRITE, position, from.remaining(), from, null, from.position());
    }

    /** Writes from memory of the session. */
    public static Job write(long position, long length, IoBuffer from, long offset) {
        return new Job(Operation.WRITE, position, length, null, from, offset);
    }

    /** Writes from memory of the session in several places, of which a note is taken now. */
    public static Job write(long position, Segments from) {
        return inSeveralPlaces(Operation.WRITE, position, from);
    }

    private static Job inSeveralPlaces(Operation operation, long position, Segments segments) {
        Segments own = new Segments(Math.max(1, segments.count())).copy(segments);
        return new Job(operation, position, own.bytes(), null, null, 0, own);
    }

    /** A write that completes when its data is durable ({@link Operation#WRITE_DURABLE}). */
    public Job durable() {
        if (operation != Operation.WRITE && operation != Operation.WRITE_DURABLE) {
            throw new IllegalStateException(operation + ": only a write can be durable");
        }
        return new Job(Operation.WRITE_DURABLE, position, length, bytes, memory, offset, segments);
    }

    /** Completes when every write, trim and zero job that was submitted before it is durable. */
    public static Job sync() {
        return SYNC;
    }

    /** Gives up the content of the whole blocks among the bytes; parts of blocks at the edges stay as they are. */
    public static Job trim(long position, long length) {
        return new Job(Operation.TRIM, position, length, null, null, 0);
    }

    /** Makes exactly these bytes read as zero, by the device itself where it can, by writing zeroes where it cannot. */
    public static Job zero(long position, long length) {
        return new Job(Operation.WRITE_ZEROES, position, length, null, null, 0);
    }
}
