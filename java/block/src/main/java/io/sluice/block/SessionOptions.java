package io.sluice.block;

import java.time.Duration;
import java.util.Objects;

/**
 * What a session is to be like. Immutable; the methods return changed copies.
 *
 * <p>The defaults: the whole device, read-only, 4 MiB of memory, 128 operations in flight, polled, 30 s for an operation, latencies not recorded, slow
 * from 10 ms on, medium priority.
 *
 * @param firstBlock first block of the window
 * @param blockCount blocks of the window; 0 = up to the end of the device
 * @param writeable whether blocks may be changed
 * @param bufferBytes size of the session's own memory in bytes, 4096 to 2^30
 * @param queueDepth operations in flight, 1 to 65535; the device may give fewer
 * @param interrupts whether {@link BlockSession#await} sleeps on an interrupt
 * @param deadline how long an operation may take before it is reported as failed
 * @param label who the session is for, in messages and tables
 * @param latency whether {@link BlockSession#latency} is recorded: a clock reading for each batch, some nanoseconds for each operation
 * @param slow from what latency on an operation is worth a {@code io.sluice.SlowOperation} event of the Java Flight Recorder, while one records
 * @param priority which sessions of the device come first; a wish, which devices ignore that do not weigh sessions
 */
public record SessionOptions(
        long firstBlock,
        long blockCount,
        boolean writeable,
        int bufferBytes,
        int queueDepth,
        boolean interrupts,
        Duration deadline,
        String label,
        boolean latency,
        Duration slow,
        Priority priority) {
    private static final SessionOptions DEFAULTS = new SessionOptions(
            0,
            0,
            false,
            4 << 20,
            128,
            false,
            Duration.ofSeconds(30),
            "",
            false,
            Duration.ofMillis(10),
            Priority.MEDIUM);

    public SessionOptions {
        Objects.requireNonNull(label, "label");
        Objects.requireNonNull(priority, "priority");
        if (firstBlock < 0 || blockCount < 0) {
            throw new IllegalArgumentException(
                    "window of " + blockCount + " blocks at " + firstBlock + ": neither can be negative");
        }
        if (bufferBytes < 4096 || bufferBytes > 1 << 30) {
            throw new IllegalArgumentException("buffer of " + bufferBytes + " bytes: expected 4096 to 2^30");
        }
        if (queueDepth < 1 || queueDepth > 65535) {
            throw new IllegalArgumentException("queue depth " + queueDepth + ": expected 1 to 65535");
        }
        if (deadline.isNegative() || deadline.isZero() || deadline.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("deadline " + deadline + ": expected more than 0, at most a day");
        }
        if (slow.isNegative() || slow.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("slow from " + slow + " on: expected 0 to a day");
        }
    }

    /** The defaults of the class description. */
    public static SessionOptions defaults() {
        return DEFAULTS;
    }

    /** A window of {@code count} blocks (0 = up to the end) from {@code first}. */
    public SessionOptions window(long first, long count) {
        return new SessionOptions(
                first, count, writeable, bufferBytes, queueDepth, interrupts, deadline, label, latency, slow, priority);
    }

    /** Whether blocks may be changed. */
    public SessionOptions writeable(boolean value) {
        return new SessionOptions(
                firstBlock,
                blockCount,
                value,
                bufferBytes,
                queueDepth,
                interrupts,
                deadline,
                label,
                latency,
                slow,
                priority);
    }

    /** Size of the session's memory, bytes. */
    public SessionOptions bufferBytes(int value) {
        return new SessionOptions(
                firstBlock,
                blockCount,
                writeable,
                value,
                queueDepth,
                interrupts,
                deadline,
                label,
                latency,
                slow,
                priority);
    }

    /** Operations in flight. */
    public SessionOptions queueDepth(int value) {
        return new SessionOptions(
                firstBlock,
                blockCount,
                writeable,
                bufferBytes,
                value,
                interrupts,
                deadline,
                label,
                latency,
                slow,
                priority);
    }

    /** Whether waiting sleeps on an interrupt. */
    public SessionOptions interrupts(boolean value) {
        return new SessionOptions(
                firstBlock,
                blockCount,
                writeable,
                bufferBytes,
                queueDepth,
                value,
                deadline,
                label,
                latency,
                slow,
                priority);
    }

    /** How long an operation may take. */
    public SessionOptions deadline(Duration value) {
        return new SessionOptions(
                firstBlock,
                blockCount,
                writeable,
                bufferBytes,
                queueDepth,
                interrupts,
                value,
                label,
                latency,
                slow,
                priority);
    }

    /** Who the session is for. */
    public SessionOptions label(String value) {
        return new SessionOptions(
                firstBlock,
                blockCount,
                writeable,
                bufferBytes,
                queueDepth,
                interrupts,
                deadline,
                value,
                latency,
                slow,
                priority);
    }

    /** Whether latencies are recorded. */
    public SessionOptions latency(boolean value) {
        return new SessionOptions(
                firstBlock,
                blockCount,
                writeable,
                bufferBytes,
                queueDepth,
                interrupts,
                deadline,
                label,
                value,
                slow,
                priority);
    }

    /** What is slow. */
    public SessionOptions slow(Duration value) {
        return new SessionOptions(
                firstBlock,
                blockCount,
                writeable,
                bufferBytes,
                queueDepth,
                interrupts,
                deadline,
                label,
                latency,
                value,
                priority);
    }

    /** Which sessions come first. */
    public SessionOptions priority(Priority value) {
        return new SessionOptions(
                firstBlock,
                blockCount,
                writeable,
                bufferBytes,
                queueDepth,
                interrupts,
                deadline,
                label,
                latency,
                slow,
                value);
    }
}
