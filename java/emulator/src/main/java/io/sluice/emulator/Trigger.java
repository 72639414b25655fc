package io.sluice.emulator;

import java.util.Objects;

/**
 * When a {@link Fault} strikes. Commands that do not match are not counted. Faults that strike no command (a doorbell, an interrupt, enabling …) count their own
 * occasions. Immutable; the methods return changed copies.
 *
 * @param queues commands of which queues
 * @param opcode of the command; -1 = any
 * @param block a block that the command names; -1 = any, or none
 * @param after how many occasions pass first
 * @param times how many are struck after that; {@link Long#MAX_VALUE} = all
 * @param percent of those that are struck, by chance
 */
public record Trigger(QueueKind queues, int opcode, long block, long after, long times, int percent) {
    /** Which queues. */
    public enum QueueKind {
        /** The admin submission queue. */
        ADMIN,
        /** I/O submission queues. */
        IO,
        /** All. */
        ANY
    }

    private static final Trigger ALWAYS = new Trigger(QueueKind.IO, -1, -1, 0, Long.MAX_VALUE, 100);

    public Trigger {
        Objects.requireNonNull(queues);
        if (opcode < -1 || opcode > 255) {
            throw new IllegalArgumentException("opcode " + opcode + ": expected 0 to 255");
        }
        if (after < 0 || times < 1) {
            throw new IllegalArgumentException(
                    "after " + after + " occasions, " + times + " times: expected 0 or more, 1 or more");
        }
        if (percent < 1 || percent > 100) {
            throw new IllegalArgumentException("a chance of " + percent + " %: expected 1 to 100");
        }
    }

    /** Every command of every I/O queue, or every occasion of the fault. */
    public static Trigger always() {
        return ALWAYS;
    }

    /** The first occasion alone. */
    public static Trigger once() {
        return ALWAYS.times(1);
    }

    /** Commands of which queues. */
    public Trigger queues(QueueKind value) {
        return new Trigger(value, opcode, block, after, times, percent);
    }

    /** Commands of one opcode. */
    public Trigger opcode(int value) {
        return new Trigger(queues, value, block, after, times, percent);
    }

    /** Commands that name a block. */
    public Trigger block(long value) {
        return new Trigger(queues, opcode, value, after, times, percent);
    }

    /** Not before so many occasions have passed. */
    public Trigger after(long value) {
        return new Trigger(queues, opcode, block, value, times, percent);
    }

    /** So many times, then no more. */
    public Trigger times(long value) {
        return new Trigger(queues, opcode, block, after, value, percent);
    }

    /** By chance. */
    public Trigger percent(int value) {
        return new Trigger(queues, opcode, block, after, times, value);
    }

    boolean matches(int queue, Command command) {
        boolean queueMatches = switch (queues) {
            case ADMIN -> queue == 0;
            case IO -> queue != 0;
            case ANY -> true;
        };
        return queueMatches && (opcode < 0 || opcode == command.opcode()) && (block < 0 || names(queue, command));
    }

    private boolean names(int queue, Command command) {
        if (queue == 0) {
            return false;
        }
        return switch (command.opcode()) {
            case Opcode.READ,
                    Opcode.WRITE,
                    Opcode.COMPARE,
                    Opcode.VERIFY,
                    Opcode.WRITE_ZEROES,
                    Opcode.WRITE_UNCORRECTABLE ->
                // The range may wrap, as the host likes: the difference says whether the block lies in it.
                Long.compareUnsigned(block - command.dwords10And11(), (command.dword12() & 0xffff) + 1L) < 0;
            default -> false;
        };
    }
}
